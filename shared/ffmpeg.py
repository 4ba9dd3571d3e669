"""ffmpeg as the stages use it: graphs, runs with a time limit, and what a file holds.

Starts the ffmpeg binary of the `imageio-ffmpeg` package in a folder it is given; touches nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ffmpeg as _untyped  # pyright: ignore[reportMissingTypeStubs]
import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from shared.errors import RenderFailed, UnsupportedMedia

# Playlists and concat scripts are formats too, and can name files of this machine: uploads may be media only.
MEDIA_FORMATS = "aac,aiff,amr,amrnb,amrwb,asf,avi,caf,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,wav,w64"
PROBE_TIMEOUT = 30.0
# The largest piece of memory that a file may make ffmpeg ask for, in bytes; a picture of 8K takes 50 MB.
MOST_AT_ONCE = 256 << 20
SAMPLE_RATE = 48_000
Stream = Any
Filter = tuple[str, Mapping[str, str | int | float]]

_library: Any = _untyped
# A child that reads hostile files gets none of our variables; without font settings every machine draws alike.
_CHILD_ENVIRONMENT = {"FONTCONFIG_FILE": os.devnull, "AV_LOG_FORCE_NOCOLOR": "1"}
_ADDRESS = re.compile(r"\S*[/\\]\S*")
_INPUT = re.compile(r"^Input #0, (?P<formats>\S+), from ", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_START = re.compile(r"^  Duration: .*?, start: (-?\d+\.\d+)", re.MULTILINE)
_AUDIO = re.compile(r"^  Stream #0:\d+.*?: Audio: (\w+).*?, (\d+) Hz, ([^,\n]+)", re.MULTILINE)
_VIDEO = re.compile(
    r"^  Stream #0:\d+.*?: Video: (?P<codec>\w+)(?!.*attached pic).*?, (?P<width>\d+)x(?P<height>\d+)\b"
    r"(?:.*?, (?P<fps>[\d.]+)(?P<kilo>k?) fps)?",
    re.MULTILINE,
)
_LAYOUTS = {"mono": 1, "stereo": 2, "downmix": 2, "quad": 4}
_VOLUME = re.compile(r"(n_samples|max_volume): (-?[\d.]+)")


@dataclass(frozen=True)
class Output:
    """What a run of ffmpeg wrote: `out` is standard output, `log` is standard error."""

    out: str
    log: str


@dataclass(frozen=True)
class MediaInfo:
    """What a file's headers say; `seconds` and `start` as stated there (0 when unknown), `rate` in Hz."""

    container: str
    seconds: float
    start: float
    audio_codec: str
    sample_rate: int
    channels: int
    video_codec: str
    width: int
    height: int
    fps: float

    @property
    def has_audio(self) -> bool:
        """Whether there is a sound stream."""
        return bool(self.audio_codec)

    @property
    def has_video(self) -> bool:
        """Whether there is a moving picture; a cover picture is none."""
        return bool(self.video_codec)


@dataclass(frozen=True)
class Sound:
    """A sound stream as decoded: its length in seconds and its highest sample in dB of full scale."""

    seconds: float
    peak_db: float


@dataclass(frozen=True)
class Packets:
    """A video stream as stored: how many frames, and the header that two streams must share to be joined."""

    frames: int
    header: str


@cache
def binary() -> str:
    """Return the path of the ffmpeg binary."""
    return imageio_ffmpeg.get_ffmpeg_exe()


def source(name: str, *, formats: str = MEDIA_FORMATS, **options: str | int | float | None) -> Stream:
    """Return the file `name` as a graph input that can reach nothing but local media files of these `formats`."""
    return _library.input(name, protocol_whitelist="file", format_whitelist=formats, **options)


def chain(stream: Stream, filters: Sequence[Filter]) -> Stream:
    """Return `stream` led through `filters`, pairs of a filter's name and its options."""
    for name, options in filters:
        stream = stream.filter(name, **options)
    return stream


def arguments(streams: Sequence[Stream], target: str, **options: str | int | float | None) -> list[str]:
    """Return the argument list that writes `streams` to `target`; options are ffmpeg's own, without the dash."""
    return _library.output(*streams, target, **options).overwrite_output().get_args()


def run(args: Sequence[str], *, cwd: Path, timeout: float) -> Output:
    """Run ffmpeg in `cwd` for at most `timeout` seconds; raise RenderFailed when it fails or does not end."""
    code, output = _execute(args, cwd, timeout)
    if code:
        raise RenderFailed(f"ffmpeg failed: {_tail(output.log)}")
    return output


def probe(file: Path, timeout: float = PROBE_TIMEOUT) -> MediaInfo:
    """Return what the headers of `file` say; raise UnsupportedMedia when it is no media file, or cut off."""
    args = ["-protocol_whitelist", "file", "-format_whitelist", MEDIA_FORMATS, "-i", file.name]
    log = _unless_stuck(args, file.parent, timeout).log
    found = _INPUT.search(log)
    if not found:
        raise UnsupportedMedia("The file is not a readable recording, or its end is missing.")
    return _described(found["formats"], log)


def sound(file: Path, *, at_most: float, timeout: float) -> Sound:
    """Decode the first sound stream of `file`, at most `at_most` seconds of it, and return what is there.

    Raises UnsupportedMedia when there is no sound that decodes, or when decoding takes over `timeout` seconds.
    """
    # Two channels at one rate make the count a duration, and keep a stereo pair of opposite signs audible.
    plain: Filter = ("aformat", {"sample_fmts": "s16", "sample_rates": 16_000, "channel_layouts": "stereo"})
    heard = chain(source(file.name, vn=None)["a:0"], [plain, ("volumedetect", {})])
    log = _unless_stuck(arguments([heard], "-", f="null", t=at_most), file.parent, timeout).log
    found = dict(_VOLUME.findall(log))
    if float(found.get("n_samples", 0)) == 0:
        raise UnsupportedMedia("The file has no audio that can be decoded.")
    return Sound(float(found["n_samples"]) / 2 / 16_000, float(found["max_volume"]))


def packets(names: Sequence[str], *, cwd: Path, timeout: float = PROBE_TIMEOUT) -> list[Packets]:
    """Return the stored video frames of each file; raise RenderFailed when one has no video stream."""
    streams = [source(name, formats="mov")["v:0"] for name in names]
    listing = run(arguments(streams, "-", f="framemd5", c="copy"), cwd=cwd, timeout=timeout).out.splitlines()
    return [_packets(listing, index) for index in range(len(names))]


def _packets(listing: list[str], index: int) -> Packets:
    mine = re.compile(rf"#(\w+) {index}[:,]\s*(.*)")
    header = sorted(" ".join(found.groups()) for line in listing if (found := mine.match(line)))
    return Packets(sum(line.startswith(f"{index},") for line in listing), "\n".join(header))


def _unless_stuck(args: Sequence[str], cwd: Path, timeout: float) -> Output:
    try:
        return _execute(args, cwd, timeout)[1]
    except RenderFailed as error:
        raise UnsupportedMedia(f"The file could not be read within {timeout:.0f} s.") from error


def _execute(args: Sequence[str], cwd: Path, timeout: float) -> tuple[int, Output]:
    command = [binary(), "-nostdin", "-hide_banner", "-max_alloc", str(MOST_AT_ONCE), *args]
    try:
        done = subprocess.run(
            command, cwd=cwd, timeout=timeout, capture_output=True, check=False, env=_CHILD_ENVIRONMENT
        )
    except subprocess.TimeoutExpired as error:
        raise RenderFailed(f"ffmpeg did not end within {timeout:.0f} s.") from error
    return done.returncode, Output(done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def _tail(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return _ADDRESS.sub("…", " | ".join(lines[-3:]))[-300:] or "it said nothing."


def _described(container: str, log: str) -> MediaInfo:
    audio, video, start = _AUDIO.search(log), _VIDEO.search(log), _START.search(log)
    return MediaInfo(
        container=container,
        seconds=_seconds(log),
        start=float(start[1]) if start else 0.0,
        audio_codec=audio[1] if audio else "",
        sample_rate=int(audio[2]) if audio else 0,
        channels=_channels(audio[3].strip()) if audio else 0,
        video_codec=video["codec"] if video else "",
        width=int(video["width"]) if video else 0,
        height=int(video["height"]) if video else 0,
        fps=float(video["fps"]) * (1000 if video["kilo"] else 1) if video and video["fps"] else 0.0,
    )


def _seconds(log: str) -> float:
    found = _DURATION.search(log)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0


def _channels(layout: str) -> int:
    """Return how many channels a layout such as "mono", "5.1(side)" or "6 channels" has."""
    if layout in _LAYOUTS:
        return _LAYOUTS[layout]
    return sum(int(digits) for digits in re.findall(r"\d+", layout.split("(", maxsplit=1)[0])) or 1
