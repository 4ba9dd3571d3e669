"""What a record gets whose execution ended without a word."""

from __future__ import annotations

import pytest

from shared.contracts import Options
from shared.video.ending import Ended, ending, repair
from shared.video.public_record import STEPS, ProcessingStep
from shared.video.record import GenerationData, new_generation


def running(*statuses: str) -> GenerationData:
    steps = [
        ProcessingStep.model_validate({"step": step, "status": how}) for step, how in zip(STEPS, statuses, strict=True)
    ]
    data = new_generation("g", "m", Options(), "2026-01-01T00:00:00Z")
    return data.model_copy(update={"processing_steps": steps, "execution_arn": "arn:1"})


HALF = running("completed", "completed", "processing", "pending")


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_an_execution_that_goes_on_needs_no_repair(status: str) -> None:
    assert repair(HALF, Ended(status)) is None


@pytest.mark.parametrize(
    ("end", "error", "message"),
    [
        (Ended("ABORTED"), "ExecutionEnded", "The execution was stopped from outside."),
        (
            Ended("ABORTED", "x", "Wrong video."),
            "ExecutionEnded",
            "The execution was stopped from outside. Wrong video.",
        ),
        (Ended("TIMED_OUT"), "ExecutionEnded", "The execution ran into its time limit."),
        (Ended("NOT_FOUND"), "ExecutionEnded", "The execution does not exist any more, or never did."),
        (Ended("FAILED", "States.Runtime", "Bad path."), "States.Runtime", "Bad path."),
        (Ended("FAILED", "States.DataLimitExceeded"), "States.DataLimitExceeded", "Step Functions gave no reason."),
        (Ended("FAILED"), "ExecutionEnded", "The execution ended as FAILED and did not say why."),
    ],
)
def test_every_other_end_is_named(end: Ended, error: str, message: str) -> None:
    failure = repair(HALF, end)
    assert failure
    assert (failure.step, failure.error, failure.message) == ("video_generation", error, message)


def test_between_two_steps_the_next_one_failed() -> None:
    failure = repair(running("completed", "pending", "pending", "pending"), Ended("ABORTED"))
    assert failure
    assert failure.step == "scene_planning"


def test_an_ending_marks_the_step_under_way_and_only_if_the_record_is_as_it_was_seen() -> None:
    why = repair(HALF, Ended("TIMED_OUT"))
    assert why
    change = ending(HALF, "failed", why, "now")
    assert change.sets["ai_generation_data.processing_steps[2].status"] == "failed"
    assert change.sets["ai_generation_data.failure"]["error"] == "ExecutionEnded"
    assert "processing_steps[2].status IN (:processing, :as_earlier)" in change.where.text
    assert (change.where.values["generation"], change.where.values["arn"]) == ("g", "arn:1")


def test_a_cancelled_generation_keeps_no_failure() -> None:
    why = repair(HALF, Ended("ABORTED"))
    assert why
    assert "ai_generation_data.failure" not in ending(HALF, "cancelled", why, "now").sets
