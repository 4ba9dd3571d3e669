"""How far a generation is, what it waits for, and roughly how long it still takes.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from shared.choices.words import Continuity
from shared.errors import VeoThrottled
from shared.video.public_record import ProcessingStep
from shared.video.record import GenerationData, VertexAiTask
from shared.video.timestamps import moment

# What each step weighs in the progress shown, in percent; the clips take nearly all of the time.
STEP_WEIGHTS = {"transcription": 15, "scene_planning": 10, "video_generation": 65, "finalization": 10}
SCENE_PROGRESS = {"submitting": 0.1, "generating": 0.3, "clip_ready": 0.7, "completed": 1.0}
# Seconds that a step usually takes in the cloud; a transcription takes a tenth of the recording on top.
CLIP_STEP = "video_generation"
JOIN_STEP = "finalization"
USUAL_SECONDS = {"transcription": 25, "scene_planning": 15, CLIP_STEP: 100, JOIN_STEP: 20}
# What the clips' step takes where none is bought: the scenes are drawn, or rendered.
DRAWING_SECONDS = 10
TRANSCRIPTION_SHARE = 0.1
# Shown while a step takes longer than usual: nobody knows, but it is not over.
AT_LEAST = 5


def percent(data: GenerationData) -> int:
    """Return how far a generation is, in percent."""
    scenes = [SCENE_PROGRESS.get(task.state, 0.0) for task in data.vertex_ai_tasks]
    within = {"video_generation": sum(scenes) / len(scenes) if scenes else 0.0}
    shares = (STEP_WEIGHTS.get(step.step, 0) * _share(step, within) for step in data.processing_steps)
    return round(sum(shares))


def waiting_for(data: GenerationData) -> Literal["quota"] | None:
    """Return "quota" while the video model's quota holds a scene back."""
    return "quota" if _put_off(data) else None


def seconds_left(data: GenerationData, recording_seconds: float, now: datetime) -> int:
    """Return roughly how many seconds a running generation still takes, from what each step usually takes."""
    usual = usual_seconds(recording_seconds)
    waiting = {step.step: max(usual.get(step.step, 0) - _seconds_passed(step, now), 0) for step in _open(data)}
    turns = _clips_of_chain(data)
    if turns and CLIP_STEP in waiting:
        waiting[CLIP_STEP] = len(turns) * USUAL_SECONDS[CLIP_STEP] - _seconds_under_way(turns, now)
    # Those that wait for their turns take as long as any after it.
    last_turn = max((task.deadline for task in _put_off(data)), default=0)
    if last_turn > now.timestamp():
        waiting[CLIP_STEP] = last_turn - now.timestamp() + USUAL_SECONDS[CLIP_STEP]
    return max(round(sum(waiting.values())), AT_LEAST)


def usual_seconds(recording_seconds: float, turns: int = 1) -> dict[str, float]:
    """Return how many seconds each step usually takes for a recording of this length.

    Clips are made at once, or in `turns` one after another.
    """
    further_clips = max(turns - 1, 0) * USUAL_SECONDS[CLIP_STEP]
    extra = {"transcription": TRANSCRIPTION_SHARE * recording_seconds, CLIP_STEP: further_clips}
    return {step: seconds + extra.get(step, 0) for step, seconds in USUAL_SECONDS.items()}


def seconds_after_plan(turns: int) -> float:
    """Return how many seconds a run from a plan usually takes whose clips are made in `turns`, 0 for no clip."""
    usual = usual_seconds(0, turns)
    return (usual[CLIP_STEP] if turns else DRAWING_SECONDS) + usual[JOIN_STEP]


def turns_of(clips: int, continuity: Continuity) -> int:
    """Return how often one clip is waited for after another: a chain's are made so, any others at once."""
    return clips if continuity == "chain" else min(clips, 1)


def _put_off(data: GenerationData) -> list[VertexAiTask]:
    """Return the clips that wait for their turn, or were refused because the quota was used up."""
    tasks = (task for task in data.vertex_ai_tasks if task.state == "pending")
    return [task for task in tasks if task.reason.code == VeoThrottled.__name__]


def _clips_of_chain(data: GenerationData) -> list[VertexAiTask]:
    """Return the clips of a chain that are still to be made, one after another; none when it is no chain."""
    is_chain = data.options.get("continuity") == "chain" and data.goal == "video"
    missing = [task for task in data.vertex_ai_tasks if task.state not in ("clip_ready", "completed")]
    return missing if is_chain else []


def _seconds_under_way(tasks: Sequence[VertexAiTask], now: datetime) -> float:
    """Return for how many seconds the clip that is being made has been; no longer than one usually takes."""
    orders = [moment(task.created_at) for task in tasks if task.state in ("submitting", "generating")]
    seconds = [(now - order).total_seconds() for order in orders if order]
    return min(max(seconds, default=0), USUAL_SECONDS[CLIP_STEP])


def _share(step: ProcessingStep, within: Mapping[str, float]) -> float:
    if step.status == "processing":
        return within.get(step.step, 0.0)
    return 1.0 if step.status == "completed" else 0.0


def _open(data: GenerationData) -> list[ProcessingStep]:
    return [step for step in data.processing_steps if step.status in ("pending", "processing")]


def _seconds_passed(step: ProcessingStep, now: datetime) -> float:
    since = moment(step.started_at) if step.status == "processing" else None
    return (now - since).total_seconds() if since else 0.0
