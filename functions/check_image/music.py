"""A user's music, decoded within bounds and stored anew: its first minute and a half, in stereo, without anything else.

Runs ffmpeg in a folder that it is given, on a file that may be hostile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shared.brand import own_keys
from shared.errors import RenderFailed, UnsupportedMedia
from shared.film import ffmpeg
from shared.film.ffmpeg import SAMPLE_RATE, Filter

# Seconds: more than the longest video is, so that no more of it is ever heard.
STORED_SECONDS = 90
LONGEST_MUSIC = 1800
SHORTEST_MUSIC = 2.0
TIMEOUT = 120.0
# Of a whole file, in dB: a recorder that was left on is louder.
_SILENCE_DB = -70.0
_LOUDEST = re.compile(r"max_volume: (-?[\d.]+|-inf) dB")
_FILTERS: tuple[Filter, ...] = (
    ("aformat", {"sample_fmts": "s16", "sample_rates": SAMPLE_RATE, "channel_layouts": "stereo"}),
    ("volumedetect", {}),
)
_PLAIN: dict[str, str | int | float] = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}


@dataclass(frozen=True)
class OwnMusic:
    """Music as it is stored: the file, and how many seconds of it there are."""

    file: Path
    seconds: float


def plain_music(upload: Path, folder: Path) -> OwnMusic:
    """Return the music in `upload` as it is stored, in `folder`.

    Raises UnsupportedMedia when it is none, damaged, silent, too short or too long, and FfmpegCrashed.
    """
    stated_seconds = _require_music(upload)
    file = folder / own_keys.MUSIC_FILE
    try:
        with ffmpeg.at_hand(upload) as plain:
            sound = ffmpeg.chain(ffmpeg.source(str(plain))["a:0"], _FILTERS)
            arguments = ffmpeg.arguments([sound], str(file.resolve()), t=STORED_SECONDS, **_PLAIN)
            log = ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT).log
        seconds = ffmpeg.probe(file).seconds
    except RenderFailed as error:
        raise UnsupportedMedia("The music could not be decoded.") from error
    _require_heard(log, seconds, min(stated_seconds, STORED_SECONDS))
    return OwnMusic(file, seconds)


def _require_music(upload: Path) -> float:
    """Return how long the music is by its header, in seconds; raise UnsupportedMedia when it is none."""
    if not upload.stat().st_size:
        raise UnsupportedMedia("The file is empty.")
    info = ffmpeg.probe(upload)
    if not info.has_audio:
        raise UnsupportedMedia("The file has no sound.")
    if info.seconds > LONGEST_MUSIC:
        raise UnsupportedMedia(f"The music lasts {info.seconds / 60:.0f} min; {LONGEST_MUSIC // 60} are the most.")
    return info.seconds


def _require_heard(log: str, seconds: float, wanted_seconds: float) -> None:
    if seconds < wanted_seconds * 0.9 - 1:
        raise UnsupportedMedia(f"The music breaks off after {seconds:.1f} of {wanted_seconds:.1f} s: upload it anew.")
    if seconds < SHORTEST_MUSIC:
        raise UnsupportedMedia(f"The music lasts {seconds:.1f} s; {SHORTEST_MUSIC:.0f} are the least.")
    match = _LOUDEST.search(log)
    if match is None or float(match[1]) < _SILENCE_DB:
        raise UnsupportedMedia("The music is silent.")
