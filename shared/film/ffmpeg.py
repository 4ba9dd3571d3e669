"""ffmpeg as the stages use it: graphs, runs with a time limit, and what a file holds.

Starts the ffmpeg binary of the `imageio-ffmpeg` package in a folder it is given; touches nothing else.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ffmpeg as _untyped  # pyright: ignore[reportMissingTypeStubs]
import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from shared.errors import FfmpegCrashed, RenderFailed, UnsupportedMedia
from shared.film import ffmpeg_failures, media_headers
from shared.film.media_headers import MediaInfo

# Playlists and concat scripts are formats too, and can name files of this machine: uploads may be media only.
CLIP_FORMATS = "mov,matroska"
MEDIA_FORMATS = "aac,aiff,amr,amrnb,amrwb,asf,avi,caf,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,wav,w64"
PROBE_TIMEOUT = 30.0
# The largest piece of memory that a file may make ffmpeg ask for, in bytes; a picture of 8K takes 50 MB.
MOST_AT_ONCE = 256 << 20
SAMPLE_RATE = 48_000
Stream = Any
Filter = tuple[str, Mapping[str, str | int | float]]
# What makes a frame of ours the picture of a PNG file, in the very colours.
PNG: tuple[Filter, ...] = (
    ("scale", {"in_color_matrix": "bt709", "in_range": "tv", "flags": "lanczos+accurate_rnd+full_chroma_int"}),
    ("format", {"pix_fmts": "rgb24"}),
)
# What makes a frame of ours the picture of a JPEG file, whose readers take its colours for those of BT.601.
JPEG: tuple[Filter, ...] = (
    ("scale", {"in_color_matrix": "bt709", "in_range": "tv", "out_color_matrix": "bt601", "out_range": "full"}),
    ("format", {"pix_fmts": "yuvj420p"}),
)
JPEG_FILE: dict[str, str | int] = {"q:v": 3, "update": 1}

_library: Any = _untyped
# A child that reads hostile files gets none of our variables; without font settings every machine draws alike. The
# static build must find no character sets of the machine: it would load iconv's modules, which fit another C library,
# and die of the names in an MPEG transport stream.
ENVIRONMENT = {"FONTCONFIG_FILE": os.devnull, "AV_LOG_FORCE_NOCOLOR": "1", "GCONV_PATH": os.devnull}
# Windows ends a process that breaks its rules with a status from here on; elsewhere a signal is a negative status.
_BROKEN_ON_WINDOWS = 0xC0000000
# The signal by which a system that has no memory left ends a process; Windows has no name for it.
_KILLED = 9


@dataclass(frozen=True)
class Output:
    """What a run of ffmpeg wrote: `out` is standard output, `log` is standard error."""

    out: str
    log: str


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


@contextmanager
def at_hand(file: Path) -> Generator[Path]:
    """Yield `file` under a plain name in a folder of its own: some names mean more than a file to ffmpeg."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "recording")
        try:
            plain.symlink_to(file.resolve())
        except OSError:  # Windows lets few users make links.
            shutil.copyfile(file, plain)
        yield plain


def chain(stream: Stream, filters: Sequence[Filter]) -> Stream:
    """Return `stream` led through `filters`, pairs of a filter's name and its options."""
    for name, options in filters:
        stream = stream.filter(name, **options)
    return stream


def twice(stream: Stream) -> tuple[Stream, Stream]:
    """Return two streams of the same sound: a graph reads each of its streams once."""
    copies = stream.filter_multi_output("asplit", 2)
    return copies[0], copies[1]


def join(streams: Sequence[Stream], name: str, **options: str | int | float) -> Stream:
    """Return several streams led through one filter, by its name, as one."""
    return _library.filter(streams, name, **options)


def arguments(streams: Sequence[Stream], target: str, **options: str | int | float | None) -> list[str]:
    """Return the argument list that writes `streams` to `target`; options are ffmpeg's own, without the dash."""
    return _library.output(*streams, target, **options).overwrite_output().get_args()


def output(stream: Stream, target: str, **options: str | int | float) -> Stream:
    """Return `stream` as it is written to `target`, for `both`."""
    return _library.output(stream, target, **options)


def both(*outputs: Stream) -> list[str]:
    """Return the argument list that decodes once and writes several outputs."""
    return _library.merge_outputs(*outputs).overwrite_output().get_args()


def run(
    args: Sequence[str], *, cwd: Path, timeout: float, variables: Mapping[str, str] = MappingProxyType({})
) -> Output:
    """Run ffmpeg in `cwd` for at most `timeout` seconds, with `variables` besides ours.

    Raises RenderFailed when it fails or does not end, FfmpegCrashed when it dies.
    """
    code, output = _execute(args, cwd, timeout, variables)
    if code:
        error = RenderFailed(f"ffmpeg could not make its file. {ffmpeg_failures.sentence(output.log)}")
        # For the log; whoever made the video is told the sentence alone.
        error.add_note(f"ffmpeg: {ffmpeg_failures.last_words(output.log)}")
        raise error
    return output


def probe(file: Path, timeout: float = PROBE_TIMEOUT, formats: str = MEDIA_FORMATS) -> MediaInfo:
    """Return what the headers of `file` say, which is of one of the `formats`.

    Raises UnsupportedMedia when it is no media file, or cut off, and FfmpegCrashed.
    """
    with at_hand(file) as plain:
        # Three channels without a layout are three microphones, and not stereo with an effects channel.
        reach = ["-protocol_whitelist", "file", "-format_whitelist", formats, "-guess_layout_max", "2"]
        log = unless_stuck([*reach, "-i", plain.name], plain.parent, timeout).log
    if (info := media_headers.read(log)) is None:
        raise UnsupportedMedia("The file is not a readable recording, or its end is missing.")
    return info


def packets(names: Sequence[str], *, cwd: Path, timeout: float = PROBE_TIMEOUT) -> list[Packets]:
    """Return the stored video frames of each file; raise RenderFailed when one has no video stream."""
    streams = [source(name, formats="mov")["v:0"] for name in names]
    listing = run(arguments(streams, "-", f="framemd5", c="copy"), cwd=cwd, timeout=timeout).out.splitlines()
    return [_packets(listing, index) for index in range(len(names))]


def _packets(listing: list[str], index: int) -> Packets:
    mine = re.compile(rf"#(\w+) {index}[:,]\s*(.*)")
    header = sorted(" ".join(match.groups()) for line in listing if (match := mine.match(line)))
    return Packets(sum(line.startswith(f"{index},") for line in listing), "\n".join(header))


def unless_stuck(args: Sequence[str], cwd: Path, timeout: float) -> Output:
    """Run ffmpeg on a recording that may be damaged, and return what it wrote however it ended.

    Raises UnsupportedMedia when that takes over `timeout` seconds, FfmpegCrashed when ffmpeg dies.
    """
    try:
        return _execute(args, cwd, timeout, {})[1]
    except RenderFailed as error:
        raise UnsupportedMedia(f"The file could not be read within {timeout:.0f} s.") from error


def _execute(args: Sequence[str], cwd: Path, timeout: float, variables: Mapping[str, str]) -> tuple[int, Output]:
    command = [binary(), "-nostdin", "-hide_banner", "-max_alloc", str(MOST_AT_ONCE), *args]
    try:
        environment = {**ENVIRONMENT, **variables}
        process = subprocess.run(command, cwd=cwd, timeout=timeout, capture_output=True, check=False, env=environment)
    except subprocess.TimeoutExpired as error:
        raise RenderFailed(f"ffmpeg did not end within {timeout:.0f} s.") from error
    if process.returncode < 0 or process.returncode >= _BROKEN_ON_WINDOWS:
        raise FfmpegCrashed(f"ffmpeg died ({_cause(process.returncode)}); that says nothing about the recording.")
    output = Output(process.stdout.decode(errors="replace"), process.stderr.decode(errors="replace"))
    if process.returncode and os.strerror(errno.ENOSPC) in output.log:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(cwd))
    return process.returncode, output


def _cause(status: int) -> str:
    if status == -_KILLED:
        return f"signal {_KILLED}, most likely for want of memory"
    return f"signal {-status}" if status < 0 else f"status {status:#x}"
