"""What steps and scenes are called on the terminal, and where each of a job's stands.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.http.views import GenerationView, VideoView

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


def states(record: VideoView) -> Iterator[tuple[str, str]]:
    """Yield each step and scene of a record with its state, in the order of what happened."""
    data = record.ai_generation_data or GenerationView()
    for step in data.processing_steps:
        state = STEP_NAMES.get(step.step, step.step), STEP_WORDS.get(step.status, step.status)
        scenes = _scene_states(data) if step.step == "video_generation" else []
        # In the order of what happened: the step begins before its scenes and ends after them.
        yield from [state, *scenes] if step.status == "processing" else [*scenes, state]


def _scene_states(data: GenerationView) -> list[tuple[str, str]]:
    return [(f"scene {task.sequence}", SCENE_WORDS.get(task.state, task.state)) for task in data.vertex_ai_tasks]
