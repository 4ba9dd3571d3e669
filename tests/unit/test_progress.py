"""How far a generation is, from its record alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.api import progress
from shared.video.free_ends import WAITS_FOR_TURN
from shared.video.public_record import STEPS, ProcessingStep, Reason, TaskState
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


@pytest.mark.parametrize(("turn", "left"), [(240, 360), (-30, 115)])
def test_a_clip_that_waits_for_its_turn_takes_as_long_as_any_after_it(turn: int, left: int) -> None:
    now = datetime(2027, 1, 15, tzinfo=UTC)
    began = (now - timedelta(seconds=5)).isoformat()
    of_steps = ("completed", "completed", "processing", "pending")
    steps = [
        ProcessingStep.model_validate({"step": step, "status": status, "started_at": began})
        for step, status in zip(STEPS, of_steps, strict=True)
    ]
    reason = Reason(code="VeoThrottled", message=WAITS_FOR_TURN)
    tasks = [VertexAiTask(state="generating"), VertexAiTask(reason=reason, deadline=now.timestamp() + turn)]
    data = record().ai_generation_data
    assert data
    data = data.model_copy(update={"processing_steps": steps, "vertex_ai_tasks": tasks})
    assert (progress.waiting_for(data), progress.seconds_left(data, 60, now)) == ("quota", left)


@pytest.mark.parametrize(
    ("states", "seconds_in_step", "seconds_under_way", "seconds_left"),
    [
        # Three clips of 100 s, then 20 s of joining them.
        (("pending", "pending", "pending"), 0, 0, 320),
        (("generating", "pending", "pending"), 40, 40, 280),
        (("clip_ready", "generating", "pending"), 150, 50, 170),
        (("completed", "completed", "submitting"), 230, 10, 110),
        # Longer than usual: nobody knows, but those after it are still to come.
        (("generating", "pending", "pending"), 400, 400, 220),
        # All are there and rendered.
        (("completed", "completed", "completed"), 330, 0, 20),
    ],
)
def test_a_chain_counts_the_clip_under_way_and_those_after_it(
    states: tuple[TaskState, ...], seconds_in_step: int, seconds_under_way: int, seconds_left: int
) -> None:
    now = datetime(2027, 1, 15, tzinfo=UTC)
    began = (now - timedelta(seconds=seconds_in_step)).isoformat()
    order_time = (now - timedelta(seconds=seconds_under_way)).isoformat()
    of_steps = ("completed", "completed", "processing", "pending")
    steps = [
        ProcessingStep.model_validate({"step": step, "status": status, "started_at": began})
        for step, status in zip(STEPS, of_steps, strict=True)
    ]
    tasks = [VertexAiTask(state=state, created_at=order_time) for state in states]
    data = record().ai_generation_data
    assert data
    changes = {"processing_steps": steps, "vertex_ai_tasks": tasks, "options": {"continuity": "chain"}}
    assert progress.seconds_left(data.model_copy(update=changes), 60, now) == seconds_left
