"""Clips that are ordered from Veo as the pipeline orders them, waited for, and looked at.

Touches Vertex AI by the functions' own code, and ffmpeg in a temporary folder.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from cdk.verify.answers import Answer, failure_answer
from shared.errors import ReelwrightError, SceneFiltered, TransientError, UnsupportedMedia, VeoRefused
from shared.film import ffmpeg
from shared.film.plan import FRAME_SIZE
from shared.models.veo import Read, Submit
from shared.models.veo_answers import Reading
from shared.models.video_models import FRAME_RATE
from shared.models.veo_request import ClipOrder

CLIP = "clip"
BLOCKED = "blocked"
WITHOUT_NEGATIVE = "negativePrompt refused"
# Seconds by which a clip's header may miss its length: less than a frame.
_PRECISION = 0.04


@dataclass(frozen=True)
class Waiting:
    """Seconds between two looks, seconds until a clip is left, and who is told what was ordered."""

    pace: float
    patience: float
    tell: Callable[[str], None]


@dataclass(frozen=True)
class Clips:
    """How clips are ordered, and waited for."""

    submit: Submit
    read: Read
    waiting: Waiting

    def order(self, order: ClipOrder) -> Answer:
        """Return what came of the order; a clip that is not done in time is left, and its operation named."""
        try:
            name = self.submit(order)
            self.waiting.tell(f"ordered as {name}")
            return self._wait(name, order)
        except SceneFiltered as error:
            return Answer(BLOCKED, f"the order was refused ({_code(error)}) and is not charged: {error}")
        except VeoRefused as error:
            return Answer(WITHOUT_NEGATIVE, str(error)) if _is_about_negative_prompt(error) else failure_answer(error)
        except ReelwrightError as error:
            return failure_answer(error)

    def _wait(self, name: str, order: ClipOrder) -> Answer:
        end = time.monotonic() + self.waiting.patience
        while (reading := self._look(name)).status == "running":
            if time.monotonic() > end:
                return Answer("running", f"not done after {self.waiting.patience:g} s, left, perhaps charged: {name}")
            time.sleep(self.waiting.pace)
        return _meaning(reading, order)

    def _look(self, name: str) -> Reading:
        try:
            return self.read(name)
        except TransientError as error:
            # The clip is paid for and goes on being made.
            self.waiting.tell(f"could not look: {error}")
            return Reading("running")


def _meaning(reading: Reading, order: ClipOrder) -> Answer:
    if reading.status == "done":
        return _looks(reading.clip, order)
    if reading.is_prompt_blocked:
        return Answer(BLOCKED, f"the operation ended with code 3 and is not charged: {reading.reason}")
    return Answer(reading.status, f"{reading.status}, and not charged: {reading.reason}")


def _looks(clip: bytes, order: ClipOrder) -> Answer:
    """Return whether the clip has the size, rate and length that the pipeline cuts films from."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clip.mp4")
        file.write_bytes(clip)
        try:
            info = ffmpeg.probe(file)
        except UnsupportedMedia as error:
            return failure_answer(error)
    width, height = FRAME_SIZE[order.aspect_ratio]
    is_right = (info.width, info.height, info.fps) == (width, height, FRAME_RATE)
    is_right = is_right and abs(info.seconds - order.seconds) < _PRECISION and not info.has_audio
    sound = "with sound" if info.has_audio else "no sound"
    words = f"{info.seconds:g} s, {info.width}x{info.height}, {info.fps:g} frames a second, {sound}"
    return Answer(CLIP if is_right else "another clip", words)


def _is_about_negative_prompt(error: VeoRefused) -> bool:
    plain = "".join(filter(str.isalpha, str(error))).lower()
    return _code(error) == HTTPStatus.BAD_REQUEST and "negativeprompt" in plain


def _code(error: ReelwrightError) -> int:
    """Return the HTTP status of Vertex AI's reply that `error` was made from; 0 when there was none."""
    return int(getattr(error.__cause__, "code", 0))
