"""Decode a recording with ffmpeg into a recogniser's standard input, and refuse what Amazon Transcribe does not take.

Touches a temporary file, ffmpeg and the process of the recogniser.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe  # pyright: ignore[reportMissingTypeStubs] - it ships none

from local.speech.recognition import SAMPLE_RATE
from shared.film.ffmpeg import ENVIRONMENT

_SOUND = re.compile(rb"Audio: (\w+).*?(\d+) Hz")
_FORMAT = re.compile(rb"Input #0, ([^ ]+), from")
_RATES = range(8000, 48001)
# Containers in which Transcribe takes this codec alone.
_ONLY = {"ogg": b"opus", "webm": b"opus"}
# What ffmpeg calls the containers of each MediaFormat.
_DEMUXERS = {
    "mp3": "mp3",
    "mp4": "mp4",
    "m4a": "m4a",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "amr": "amr",
    "webm": "webm",
}


class MediaError(Exception):
    """The recording cannot be transcribed; the text is the job's FailureReason."""


def decode(source: Path, media_format: str | None, child: subprocess.Popen[bytes]) -> None:
    """Pour the samples of a recording into `child`; raise MediaError as `Recogniser.transcribe` does."""
    # Through a pipe, so an hour of samples (115 MB) is held by the child alone. Times count from the first sample.
    command = [get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", str(source), "-vn"]
    command += ["-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE), "-"]
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=ENVIRONMENT
        ) as ffmpeg:
            _pour(ffmpeg, child)
        log.seek(0)
        report = log.read()
    _check(report, media_format, ffmpeg.returncode)


def _pour(ffmpeg: subprocess.Popen[bytes], child: subprocess.Popen[bytes]) -> None:
    # Both were asked for as pipes.
    assert ffmpeg.stdout
    assert child.stdin
    try:
        shutil.copyfileobj(ffmpeg.stdout, child.stdin, 1 << 20)
    except BrokenPipeError:
        # The child's own error tells more; it is read when its answer is.
        ffmpeg.kill()


def _check(report: bytes, media_format: str | None, status: int) -> None:
    format_match = _FORMAT.search(report)
    sound = _SOUND.search(report)
    if format_match is None or sound is None or status != 0:
        raise MediaError("The media format that you specified isn't supported, or the media file is damaged.")
    names = format_match.group(1).decode().split(",")
    if media_format and _DEMUXERS.get(media_format) not in names:
        raise MediaError("The media format provided does not match the detected media format.")
    codec = sound.group(1)
    rate = int(sound.group(2))
    if any(name in _ONLY and codec != _ONLY[name] for name in names):
        raise MediaError("The media format that you specified isn't supported: in Ogg and WebM it must be Opus.")
    if rate not in _RATES:
        raise MediaError(f"Unsupported audio sample rate {rate} Hz: it must be between 8,000 and 48,000 Hz.")
