"""Clips that are ordered as the pipeline orders them, waited for, and looked at.

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
from shared.errors import (
    OperationLost,
    ReelwrightError,
    SceneFiltered,
    TransientError,
    UnsupportedMedia,
    VeoFailed,
    VeoRefused,
)
from shared.film import ffmpeg
from shared.film.plan import frame_size
from shared.models import video_models
from shared.models.adapters import Find
from shared.models.clip_request import ClipRequest
from shared.models.port import Done, Failed, Filtered, Handle, Lost, Reading, Running, VideoModel
from shared.models.video_models import FRAME_RATE

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

    models: Find
    waiting: Waiting

    def order(self, request: ClipRequest) -> Answer:
        """Return what came of the order; a clip that is not done in time is left, and its operation named."""
        model = self.models(request.model)
        try:
            handle = model.submit(request)
            self.waiting.tell(f"ordered as {handle.name}")
            return self._wait(model, handle, request)
        except SceneFiltered as error:
            return Answer(BLOCKED, f"the order was refused ({_code(error)}) and is not charged: {error}")
        except VeoRefused as error:
            return Answer(WITHOUT_NEGATIVE, str(error)) if _is_about_negative_prompt(error) else failure_answer(error)
        except ReelwrightError as error:
            return failure_answer(error)

    def _wait(self, model: VideoModel, handle: Handle, request: ClipRequest) -> Answer:
        end = time.monotonic() + self.waiting.patience
        reading = handle.ending or self._look(model, handle.name)
        while isinstance(reading, Running):
            if time.monotonic() > end:
                words = f"not done after {self.waiting.patience:g} s, left, perhaps charged: {handle.name}"
                return Answer("running", words)
            time.sleep(self.waiting.pace)
            reading = self._look(model, handle.name)
        if isinstance(reading, Done):
            return _looks(model.fetch(reading), request)
        return _meaning(reading)

    def _look(self, model: VideoModel, name: str) -> Reading:
        try:
            return model.read(name)
        except TransientError as error:
            # The clip is paid for and goes on being made.
            self.waiting.tell(f"could not look: {error}")
            return Running()


def _meaning(reading: Filtered | Failed | Lost) -> Answer:
    if isinstance(reading, Filtered) and reading.is_prompt_blocked:
        return Answer(BLOCKED, f"the operation ended with code 3 and is not charged: {reading.reason}")
    if isinstance(reading, Lost):
        return failure_answer(OperationLost(reading.reason))
    if isinstance(reading, Failed) and not reading.is_retriable:
        return failure_answer(VeoFailed(reading.reason))
    kind = type(reading).__name__.lower()
    return Answer(kind, f"{kind}, and not charged: {reading.reason}")


def _looks(clip: bytes, request: ClipRequest) -> Answer:
    """Return whether the clip has the size, rate and length that the pipeline cuts films from."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clip.mp4")
        file.write_bytes(clip)
        try:
            info = ffmpeg.probe(file)
        except UnsupportedMedia as error:
            return failure_answer(error)
    width, height = frame_size(request.brief.aspect_ratio, request.brief.resolution)
    is_right = (info.width, info.height, info.fps) == (width, height, FRAME_RATE)
    is_right = is_right and abs(info.seconds - request.seconds) < _PRECISION
    spec = video_models.model(request.model)
    is_right = is_right and not (info.has_audio and spec.has_silence)
    sound = "with sound" if info.has_audio else "no sound"
    words = f"{info.seconds:g} s, {info.width}x{info.height}, {info.fps:g} frames a second, {sound}"
    return Answer(CLIP if is_right else "another clip", words)


def _is_about_negative_prompt(error: VeoRefused) -> bool:
    plain = "".join(filter(str.isalpha, str(error))).lower()
    return _code(error) == HTTPStatus.BAD_REQUEST and "negativeprompt" in plain


def _code(error: ReelwrightError) -> int:
    """Return the HTTP status of Vertex AI's reply that `error` was made from; 0 when there was none."""
    return int(getattr(error.__cause__, "code", 0))
