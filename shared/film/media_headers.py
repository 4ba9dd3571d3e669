"""What ffmpeg says of a file's headers, and which sound track is meant: from its log, for there is no ffprobe.

Pure functions, touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_INPUT = re.compile(r"^Input #0, (?P<formats>\S+), from ", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_AUDIO = re.compile(
    r"^  Stream #0:(?P<index>\d+).*?: Audio: (?P<codec>\w+).*?, (?P<rate>\d+) Hz, (?P<layout>[^,\n]+)(?P<rest>.*)$",
    re.MULTILINE,
)
_VIDEO = re.compile(
    r"^  Stream #0:\d+.*?: Video: (?P<codec>\w+)(?!.*attached pic).*?, (?P<width>\d+)x(?P<height>\d+)\b"
    r"(?:.*?, (?P<fps>[\d.]+)(?P<kilo>k?) fps)?",
    re.MULTILINE,
)
# In brackets after the format of the pixels: the range, the colours as matrix/primaries/transfer or by one name for all
# three, the order of fields.
_PIXELS = re.compile(r", \w+\((?P<tags>[^)]*)\), \d+x\d+")
_ONE_NAME = ("bt709", "bt470bg", "smpte170m", "smpte240m")
_UNKNOWN = "unknown"
# The channels of the layouts whose names do not count them; the others are like "5.1(side)" or "6 channels".
_LAYOUTS = {
    "mono": 1,
    "stereo": 2,
    "downmix": 2,
    "binaural": 2,
    "quad": 4,
    "hexagonal": 6,
    "octagonal": 8,
    "cube": 8,
} | {"hexadecagonal": 16}


@dataclass(frozen=True)
class MediaInfo:
    """What a file's headers say; `seconds` as stated there (0 when unknown), `sample_rate` in Hz.

    `audio_index` is the number, among all streams of the file, of the sound stream that players choose; `layout` is
    ffmpeg's name of its channels. `matrix` and `transfer` are its names of the picture's colours, empty where unsaid.
    """

    container: str
    seconds: float
    audio_index: int
    audio_tracks: int
    audio_codec: str
    sample_rate: int
    layout: str
    channels: int
    video_codec: str
    width: int
    height: int
    fps: float
    matrix: str
    transfer: str

    @property
    def has_audio(self) -> bool:
        """Whether there is a sound stream."""
        return bool(self.audio_codec)

    @property
    def has_video(self) -> bool:
        """Whether there is a moving picture; a cover picture is none."""
        return bool(self.video_codec)


def read(log: str) -> MediaInfo | None:
    """Return what `log`, which ffmpeg wrote when it opened a file, says of it; None when it could not open it."""
    match = _INPUT.search(log)
    return _describe(match["formats"], log) if match else None


def _describe(container: str, log: str) -> MediaInfo:
    tracks = list(_AUDIO.finditer(log))
    video = _VIDEO.search(log)
    audio = _default_track(tracks)
    matrix, transfer = _colours(video[0]) if video else ("", "")
    return MediaInfo(
        container=container,
        seconds=_seconds(log),
        audio_index=int(audio["index"]) if audio else -1,
        audio_tracks=len(tracks),
        audio_codec=audio["codec"] if audio else "",
        sample_rate=int(audio["rate"]) if audio else 0,
        layout=audio["layout"].strip() if audio else "",
        channels=_channels(audio["layout"].strip()) if audio else 0,
        video_codec=video["codec"] if video else "",
        width=int(video["width"]) if video else 0,
        height=int(video["height"]) if video else 0,
        fps=float(video["fps"]) * (1000 if video["kilo"] else 1) if video and video["fps"] else 0.0,
        matrix=matrix,
        transfer=transfer,
    )


def _default_track(tracks: Sequence[re.Match[str]]) -> re.Match[str] | None:
    """Return the sound track that players choose: the default one, else the first."""
    return next((track for track in tracks if "(default)" in track["rest"]), tracks[0] if tracks else None)


def _colours(line: str) -> tuple[str, str]:
    """Return the names of the matrix and the transfer of a video's colours, empty where its line does not say."""
    match = _PIXELS.search(line)
    tags = match["tags"].split(", ") if match else []
    names = next((tag.split("/") for tag in tags if "/" in tag or tag in _ONE_NAME), [""])
    return names[0].replace(_UNKNOWN, ""), names[-1].replace(_UNKNOWN, "")


def _seconds(log: str) -> float:
    match = _DURATION.search(log)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def _channels(layout: str) -> int:
    """Return how many channels a layout such as "mono", "5.1(side)", "6 channels" or "ambisonic 1" has."""
    plain = layout.split("(", maxsplit=1)[0].strip()
    if plain in _LAYOUTS:
        return _LAYOUTS[plain]
    digits = [int(number) for number in re.findall(r"\d+", plain)]
    return (digits[0] + 1) ** 2 if plain.startswith("ambisonic") and digits else sum(digits) or 1
