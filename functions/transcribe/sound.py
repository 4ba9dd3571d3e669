"""A recording's sound: examined on this machine, then stored once in the one form that every later stage reads.

Runs ffmpeg on a file that may be damaged or hostile, and writes beside it.
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path

from functions.transcribe import core, mixing
from functions.transcribe.core import Sound
from shared import media_keys
from shared.errors import RenderFailed, UnsupportedMedia
from shared.film import ffmpeg
from shared.film.media_headers import MediaInfo

# For each of the two times that a recording is decoded; four hours take one.
DECODE_TIMEOUT = 360.0
# What is looked at to see what the channels have in common, and its rate in Hz.
_LOOKED_AT = "channels.s16"
_LOOK_RATE = 8_000
_SAMPLE_BYTES = 2
# A look at many channels is made of pieces this long, in samples at _LOOK_RATE: 8 ms, a period or two of a voice.
_PIECE = 64
_BLOCK_FRAMES = 1 << 16
_MEASURE: ffmpeg.Filter = (
    "astats",
    {"measure_perchannel": "none", "measure_overall": "Peak_level+Number_of_samples"},
)
_PEAK = re.compile(r"Peak level dB: (-?[\d.]+|-inf)")
_SAMPLES = re.compile(r"Number of samples: (\d+)")


@dataclass(frozen=True)
class Bounds:
    """How much of a recording is decoded, in seconds, and how much of its channels is kept on the disk, in bytes."""

    seconds: float = core.LONGEST + 60
    size: int = 1 << 29


BOUNDS = Bounds()


@dataclass(frozen=True)
class Examined:
    """What the headers say of a recording, what decoding it gave, and how its channels are mixed."""

    info: MediaInfo
    sound: Sound
    weights: tuple[float, ...]


def examine_sound(recording: Path, bounds: Bounds = BOUNDS) -> Examined:
    """Return what `recording` holds, whatever its name.

    Raises UnsupportedMedia when it is empty, no media, or holds no sound that decodes, and FfmpegCrashed.
    """
    info = ffmpeg.probe(recording)
    core.require_sound(info)
    core.require_mixable(info)
    with ffmpeg.at_hand(recording) as file:
        sound = _measure(file, info, bounds)
        return Examined(info, sound, mixing.weights(_powers(file.parent / _LOOKED_AT, mixing.channels_of(info))))


def plain(recording: Path, examination: Examined) -> Path:
    """Return the sound of `recording` as one channel of FLAC at 48 kHz, beside it; its name must be one of ours.

    Raises UnsupportedMedia when the sound cannot be decoded, and FfmpegCrashed.
    """
    filters = [*mixing.plain(examination.info), *mixing.mix_filters(examination.weights, examination.sound.peak_db)]
    options: dict[str, str | int | float] = {"map_metadata": -1, "fflags": "+bitexact", "t": core.LONGEST}
    arguments = ffmpeg.arguments([_track(recording, examination.info, filters)], media_keys.SOUND, **options)
    try:
        ffmpeg.run(arguments, cwd=recording.parent, timeout=DECODE_TIMEOUT)
    except RenderFailed as error:
        raise UnsupportedMedia("The recording's audio could not be decoded.") from error
    return recording.parent / media_keys.SOUND


def _measure(file: Path, info: MediaInfo, bounds: Bounds) -> Sound:
    """Decode the whole track once, and leave a smaller copy of its channels beside the file.

    What is measured goes nowhere, so that no limit of size ends it; the copy keeps to its own.
    """
    whole = _track(file, info, [*mixing.plain(info), _MEASURE]).filter_multi_output("asplit", 2)
    copy = ffmpeg.chain(
        whole[1], [("aresample", {"osr": _LOOK_RATE}), *_thinning_filters(mixing.channels_of(info), bounds)]
    )
    measurement = ffmpeg.output(whole[0], "-", f="null", t=bounds.seconds)
    small_copy = ffmpeg.output(copy, _LOOKED_AT, f="s16le", t=bounds.seconds, fs=bounds.size)
    log = ffmpeg.unless_stuck(ffmpeg.both(measurement, small_copy), file.parent, DECODE_TIMEOUT).log
    # One number of each for every part of the recording.
    samples = sum(int(number) for number in _SAMPLES.findall(log))
    if not samples:
        raise UnsupportedMedia("The file has no audio that can be decoded.")
    return Sound(samples / ffmpeg.SAMPLE_RATE, max(float(level) for level in _PEAK.findall(log)))


def thinning(channels: int, bounds: Bounds) -> int:
    """Return of how many pieces one is kept, so that a copy of the longest recording keeps to its size."""
    return math.ceil(bounds.seconds * _LOOK_RATE * _SAMPLE_BYTES * channels / bounds.size)


def _thinning_filters(channels: int, bounds: Bounds) -> list[ffmpeg.Filter]:
    pieces = thinning(channels, bounds)
    if pieces == 1:
        return []
    return [("asetnsamples", {"n": _PIECE, "p": 0}), ("aselect", {"expr": f"not(mod(n,{pieces}))"})]


def _track(recording: Path, info: MediaInfo, filters: list[ffmpeg.Filter]) -> ffmpeg.Stream:
    track = ffmpeg.source(recording.name, vn=None, guess_layout_max=2)[str(info.audio_index)]
    return ffmpeg.chain(track, filters)


def _powers(file: Path, channels: int) -> mixing.Powers:
    """Return what the channels have in common, by samples spread evenly over the whole recording."""
    frame = _SAMPLE_BYTES * channels
    step = mixing.step(file.stat().st_size // frame, channels)
    samples = array("h")
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_FRAMES // step * step * frame or step * frame):
            samples += _every(step, block[: len(block) // frame * frame], channels)
    return mixing.powers(samples, channels)


def _every(step: int, block: bytes, channels: int) -> array[int]:
    """Return each `step`-th frame of interleaved samples."""
    samples = array("h", block)
    sparse = array("h", bytes(_SAMPLE_BYTES * channels * len(samples[:: step * channels])))
    for channel in range(channels):
        sparse[channel::channels] = samples[channel :: step * channels]
    return sparse
