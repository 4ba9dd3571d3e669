"""A long recording that is heard in a moment: the bundled one, again and again, of which one is really heard.

Touches ffmpeg and a folder.
"""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from local.speech.recogniser import ENGLISH_WISH, Speech
from local.speech.recognition import Wish
from tests.chaos.run import Remembering
from tests.local import film
from tests.local.words import VOICE

ONCE_SECONDS = 24.7


class Repeating(Remembering):
    """Hears each recording once, and one that repeats the bundled one as that, as often as it does."""

    def transcribe(self, media: bytes, media_format: str | None, wish: Wish = ENGLISH_WISH) -> Speech:
        """What is heard; a recording that was heard before costs nothing."""
        seconds = _seconds_of(media)
        times = round(seconds / ONCE_SECONDS)
        if times <= 1:
            return super().transcribe(media, media_format, wish)
        once = super().transcribe(VOICE.read_bytes(), "flac", wish)
        offsets = [number * seconds / times for number in range(times)]
        return replace(once, segments=[_later(segment, offset) for offset in offsets for segment in once.segments])


def talk_of(folder: Path, times: int) -> Path:
    """Return the bundled recording, so many times over, as a file in `folder`."""
    once = film.make_sound(VOICE, folder / "once.mp3", "-b:a", "32k")
    target = folder / "talk.mp3"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-stream_loop", str(times - 1), "-i", str(once)]
    subprocess.run([*command, "-c", "copy", str(target)], check=True, stdin=subprocess.DEVNULL)
    return target


def _seconds_of(media: bytes) -> float:
    with av.open(io.BytesIO(media), "r") as file:
        return (file.duration or 0) / av.time_base


def _later(segment: dict[str, Any], offset: float) -> dict[str, Any]:
    words = [{**word, "start": word["start"] + offset, "end": word["end"] + offset} for word in segment["words"]]
    return {**segment, "words": words}
