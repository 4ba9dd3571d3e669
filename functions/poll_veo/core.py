"""When waiting for a clip ends or has ended, and what the film will show otherwise than planned once it is there.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

from shared import media_keys
from shared.build.continuity import seam_notes
from shared.contracts import PollVeoOut
from shared.errors import SceneTimedOut
from shared.film.plan import Plan
from shared.video.record import GenerationData, VertexAiTask

# Ends without a clip that an earlier run of the stage, or the order itself, has noted.
_FREE_ENDS: dict[str, Literal["filtered", "failed"]] = {"filtered": "filtered", "pending": "failed"}


def noted_end(task: VertexAiTask, degraded: tuple[str, ...]) -> PollVeoOut | None:
    """Return how the scene of `task` has ended, or None while it has not; `degraded` is what is said of its clip."""
    if task.state in ("clip_ready", "completed"):
        clip_key = media_keys.key_of(task.video_url)
        return PollVeoOut(status="done", clip_key=clip_key, cost_usd=task.cost_usd, degraded=degraded)
    if task.state in _FREE_ENDS:
        return PollVeoOut(status=_FREE_ENDS[task.state], cost_usd=task.cost_usd, reason=task.reason.message)
    return None


def check_deadline(now: float, deadline: float, sequence: int) -> None:
    """Raise SceneTimedOut when a clip still runs after its deadline (Unix seconds)."""
    if now > deadline:
        raise SceneTimedOut(
            f"The video model did not finish the clip of scene {sequence} in time; it may still be charged."
        )


def notes(plan: Plan, task: VertexAiTask, data: GenerationData) -> tuple[str, ...]:
    """Return what the film will show otherwise than planned in the scene of `task`, whose clip is there."""
    seam = seam_notes(plan, plan.scene(task.sequence), data, task.first_frame)
    if not task.rephrased_for:
        return seam
    return (
        f"Scene {task.sequence} shows a rephrased description: the safety filter withheld the planned one.",
        *seam,
    )
