"""What steps and scenes are called on the terminal, and where each of a job's stands.

Values only; touches nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from shared.errors import VeoThrottled
from shared.http.views import GenerationView, TaskView, VideoView

STEP_NAMES = {
    "transcription": "Transcribe",
    "scene_planning": "Plan scenes",
    "video_generation": "Generate clips",
    "finalization": "Join and mix",
}
STEP_WORDS = {"processing": "in progress"}
SCENE_WORDS = {
    "pending": "waiting",
    "submitting": "ordering",
    "generating": "generating",
    "clip_ready": "rendering",
    "completed": "rendered",
    "filtered": "filtered, trying again",
    "failed": "failed",
}


WAITS_FOR_TURN = "waits for its turn"


def states(record: VideoView, now: float) -> Iterator[tuple[str, str]]:
    """Yield each step and scene of a record with its state at `now`, in Unix seconds, in the order of what happened."""
    data = record.ai_generation_data or GenerationView()
    for step in data.processing_steps:
        state = STEP_NAMES.get(step.step, step.step), STEP_WORDS.get(step.status, step.status)
        scenes = _scene_states(data, now) if step.step == "video_generation" else []
        # In the order of what happened: the step begins before its scenes and ends after them.
        yield from [state, *scenes] if step.status == "processing" else [*scenes, state]


def scene_words(task: TaskView, now: float) -> str:
    """Return how far a scene is, and at `now`, in Unix seconds, how long it still waits to be ordered."""
    seconds = task.deadline - now
    if task.state != "pending" or task.reason.code != VeoThrottled.__name__ or seconds <= 0:
        return SCENE_WORDS.get(task.state, task.state)
    minutes = math.ceil(seconds / 60)
    return f"{WAITS_FOR_TURN}, about {minutes} minute{'s' * (minutes > 1)}"


def tasks_to_show(data: GenerationView) -> list[TaskView]:
    """Return the tasks of the scenes whose clips, or stills, the run orders; a draft orders none."""
    return [] if data.goal == "draft" else data.vertex_ai_tasks


def _scene_states(data: GenerationView, now: float) -> list[tuple[str, str]]:
    return [(f"scene {task.sequence}", scene_words(task, now)) for task in tasks_to_show(data)]
