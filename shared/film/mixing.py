"""One rule for what is heard of a recording's channels: all of them, in one channel in which none cancels another.

Pure functions, touches nothing; a power is the mean square of a channel's samples, levels are dB of full scale.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from operator import mul

from shared.film.ffmpeg import SAMPLE_RATE, Filter
from shared.film.media_headers import MediaInfo

# What ffmpeg's filter can mix.
MOST_CHANNELS = 64
# Samples times channels squared that are looked at: a second of work at most.
_MOST_PRODUCTS = 4_000_000
# A channel this far below the loudest holds its own noise only.
_UNHEARD_DB = -50.0
_WANTED_PEAK_DB = -1.0
_MOST_GAIN_DB = 40.0
_STANDARD = re.compile(r"[a-z0-9.]+(\([a-z-]+\))?")
Powers = Sequence[Sequence[float]]


def plain(info: MediaInfo) -> list[Filter]:
    """Return the filters that give every part of the track that was chosen one rate and one layout.

    A part of another rate or layout makes ffmpeg begin all filters anew, so that none here may keep time or count.
    """
    layout = {"channel_layouts": layout_of(info)} if layout_of(info) else {}
    return [("aformat", {"sample_fmts": "fltp", "sample_rates": SAMPLE_RATE, **layout})]


def channels_of(info: MediaInfo) -> int:
    """Return how many channels `plain` makes."""
    return 2 if layout_of(info) == "stereo" else info.channels


def layout_of(info: MediaInfo) -> str:
    """Return the layout that `plain` gives to all parts, or nothing when the channels have no places to sort them by.

    A recording that begins in mono may go on in stereo.
    """
    if info.layout in ("mono", "stereo"):
        return "stereo"
    return info.layout if _STANDARD.fullmatch(info.layout) else ""


def step(frames: int, channels: int) -> int:
    """Return the step by which samples are looked at, of a sound of `frames` samples in each of its channels."""
    return max(1, frames * channels * channels // _MOST_PRODUCTS)


def every(step: int, block: bytes, channels: int) -> array[int]:
    """Return each `step`-th frame of interleaved samples."""
    samples = array("h", block)
    sparse = array("h", bytes(samples.itemsize * channels * len(samples[:: step * channels])))
    for channel in range(channels):
        sparse[channel::channels] = samples[channel :: step * channels]
    return sparse


def powers(samples: array[int], channels: int) -> Powers:
    """Return each channel's power, and what each pair has in common: the covariances of interleaved samples."""
    columns = [samples[number::channels] for number in range(channels)]
    count = max(1, len(columns[0]))
    means = [sum(column) / count for column in columns]
    return [
        [sum(map(mul, row_samples, other)) / count - means[row] * means[at] for at, other in enumerate(columns)]
        for row, row_samples in enumerate(columns)
    ]


def weights(together: Powers) -> tuple[float, ...]:
    """Return by how much each channel counts in the mix; the sizes sum up to 1, so that no mix clips.

    From the loudest channel down, each is added with the sign that takes nothing from those before it: what is in one
    channel stays, and what two channels hold with opposite signs does not cancel.
    """
    levels = [row[at] for at, row in enumerate(together)]
    audible = [at for at, level in enumerate(levels) if level > max(levels) * 10 ** (_UNHEARD_DB / 10)] or [0]
    signs = [0.0] * len(levels)
    for at in sorted(audible, key=lambda each: -levels[each]):
        correlation = sum(sign * together[at][other] for other, sign in enumerate(signs))
        signs[at] = -1.0 if correlation < 0 else 1.0
    return tuple(sign / len(audible) for sign in signs)


def mix_filters(share: Sequence[float], peak_db: float) -> list[Filter]:
    """Return the filters that mix the channels into one, as 16-bit samples at a level that uses their range."""
    gain = 10 ** (min(_MOST_GAIN_DB, _WANTED_PEAK_DB - peak_db) / 20)
    terms = [f"{weight * gain:+.6f}*c{number}" for number, weight in enumerate(share) if weight]
    return [("pan", {"args": f"mono|c0={''.join(terms).removeprefix('+')}"}), ("aformat", {"sample_fmts": "s16"})]
