"""What is left to do of a generation that failed or was cancelled, so that nothing paid for is paid again.

Values only; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared import media_keys
from shared.errors import ClipUnusable, SceneFiltered, SubmitOutcomeUnknown, VeoFailed
from shared.record import STEPS, GenerationData, ProcessingStep, VertexAiTask, VideoRecord
from shared.refusals import AlreadyProcessing, NotResumable, SceneMayBeBought

Attributes = dict[str, Any]
# The clip is ordered (again), waited for, or cut (again); an attempt of 0 lets the first order be attempt 1.
WAIT: Attributes = {"status": "generating", "error": "", "deadline": 0}
ORDER: Attributes = {**WAIT, "status": "pending", "attempt": 0, "rephrased": 0, "task_id": "", "video_url": ""}
CUT: Attributes = {"status": "clip_ready", "error": ""}
# Failures after which Veo's operation is of no more use, and nothing was charged for it.
_LOST = (VeoFailed.__name__, SceneFiltered.__name__)


@dataclass(frozen=True)
class Continuation:
    """The next execution of a generation: its number, ARN and steps, and the tasks' changes by index (from 0)."""

    run: int
    execution_arn: str
    steps: list[ProcessingStep]
    tasks: dict[int, Attributes]


def resumable(record: VideoRecord, now: datetime) -> GenerationData:
    """Return the generation that can be continued; raise AlreadyProcessing or NotResumable when there is none."""
    data = record.ai_generation_data
    if record.ai_generation_status == "processing":
        raise AlreadyProcessing("A generation of this video is running.")
    if data is None or record.ai_generation_status not in ("failed", "cancelled"):
        raise NotResumable("This video has no failed or cancelled generation.")
    if _age(data, now) > timedelta(days=media_keys.TEMPORARY_DAYS):
        raise NotResumable(f"Intermediate files are kept for {media_keys.TEMPORARY_DAYS} days; these are gone.")
    return data


def continuation(data: GenerationData, execution_arn: str, *, order_again: bool) -> Continuation:
    """Return the next run of a generation.

    Raises SceneMayBeBought when a clip's order has an unknown outcome, or its clip is unusable, unless `order_again`.
    """
    changes = {index: _change(task, order_again=order_again) for index, task in enumerate(data.vertex_ai_tasks)}
    steps = [ProcessingStep(step=step) for step in STEPS]
    return Continuation(data.run + 1, execution_arn, steps, {index: made for index, made in changes.items() if made})


def _change(task: VertexAiTask, *, order_again: bool) -> Attributes:
    """Return what must change in a task; what was bought stays as it is."""
    why = doubt(task)
    if why and not order_again:
        raise SceneMayBeBought(f"Scene {task.sequence}: {why}")
    if why:
        return ORDER
    if task.status == "generating":
        return {"deadline": 0}
    return _after_failure(task) if task.status == "failed" else {}


def _after_failure(task: VertexAiTask) -> Attributes:
    if task.video_url:
        return CUT
    return WAIT if task.task_id and _cause(task) not in _LOST else ORDER


def doubt(task: VertexAiTask) -> str:
    """Return why ordering the clip again might pay twice; nothing when it would not."""
    if task.status == "submitting":
        return "its clip was being ordered when the generation ended; it may have been bought."
    if task.status != "failed":
        return ""
    if _cause(task) == ClipUnusable.__name__:
        return "its clip was paid for and cannot be used."
    # A claim that was given back has its attempt back too.
    if _cause(task) == SubmitOutcomeUnknown.__name__ or (task.attempt and not task.task_id):
        return "its clip may have been bought."
    return ""


def _cause(task: VertexAiTask) -> str:
    return task.error.partition(":")[0]


def _age(data: GenerationData, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(data.started_at) if data.started_at else timedelta(0)
