"""How far a generation is, from its record alone."""

from __future__ import annotations

from functions.api import progress
from shared.video.public_record import STEPS, ProcessingStep
from shared.video.record import VertexAiTask
from tests.unit.cloud_fixtures import record


def test_progress_counts_steps_and_scenes() -> None:
    video = record()
    assert video.ai_generation_data
    states = ("completed", "completed", "processing", "pending")
    steps = [ProcessingStep.model_validate({"step": s, "status": t}) for s, t in zip(STEPS, states, strict=True)]
    tasks = [VertexAiTask(state="completed"), VertexAiTask(state="pending")]
    data = video.ai_generation_data.model_copy(update={"processing_steps": steps, "vertex_ai_tasks": tasks})
    assert progress.percent(data) == round(15 + 10 + 65 / 2)
