"""How far a generation is and what it has cost so far, from its record alone."""

from __future__ import annotations

import pytest

from functions.api import progress
from shared.record import STEPS, CostBreakdown, GenerationData, ProcessingStep, VertexAiTask
from tests.unit.cloud_fixtures import record


def test_progress_counts_steps_and_scenes() -> None:
    kept = record()
    assert kept.ai_generation_data
    states = ("completed", "completed", "in_progress", "pending")
    steps = [ProcessingStep.model_validate({"step": s, "status": t}) for s, t in zip(STEPS, states, strict=True)]
    tasks = [VertexAiTask(status="completed"), VertexAiTask(status="pending")]
    data = kept.ai_generation_data.model_copy(update={"processing_steps": steps, "vertex_ai_tasks": tasks})
    assert progress.percent(data) == round(15 + 10 + 65 / 2)


def test_rephrasing_counts_from_when_it_was_paid_for_and_once() -> None:
    tasks = [VertexAiTask(rephrasing_usd=0.0002), VertexAiTask(rephrasing_usd=0.0001, cost_usd=0.4)]
    for state, scene_generation in (("in_progress", 0.0013), ("completed", 0.001)):
        steps = [ProcessingStep.model_validate({"step": "video_generation", "status": state})]
        kept = CostBreakdown(transcription=0.002, scene_generation=0.001)
        shown = progress.costs(GenerationData(processing_steps=steps, vertex_ai_tasks=tasks, cost_breakdown=kept))
        assert shown.scene_generation == pytest.approx(scene_generation)
        assert shown.total == pytest.approx(0.402 + scene_generation)
