"""What a generation has spent, and whether anything was bought, is told from its clips."""

from __future__ import annotations

from typing import Any

import pytest

from functions.settle.core import correction
from shared.video.costs import costs, is_charged, outlay, unordered_cost
from shared.video.public_record import CostBreakdown, Failure, Reason
from shared.video.record import GenerationData, VideoRecord
from tests.unit.cloud_fixtures import plan, record

CLIP: dict[str, Any] = {"state": "completed", "video_url": "s3://b/k", "cost_usd": 0.8}


def failed_record(breakdown: CostBreakdown | None = None, claims_charge: bool = False, **task: Any) -> VideoRecord:
    base = record(**task)
    assert base.ai_generation_data
    failure = Failure(step="video_generation", error="x", message="y", charged=claims_charge)
    data = base.ai_generation_data.model_copy(
        update={"cost_breakdown": breakdown or CostBreakdown(), "failure": failure}
    )
    return base.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data})


def data_of(video: VideoRecord) -> GenerationData:
    assert video.ai_generation_data
    return video.ai_generation_data


def test_the_clips_that_are_there_count_although_the_machine_did_not_see_them() -> None:
    data = data_of(failed_record(CostBreakdown(transcription=0.01, total=0.01), **CLIP))
    assert (costs(data).video_generation, costs(data).total) == (0.8, 0.81)


def test_rephrasing_counts_from_when_it_was_paid_for_and_once() -> None:
    for rephrasing_usd in (0, 0.0003):
        breakdown = CostBreakdown(transcription=0.002, scene_generation=0.001, rephrasing=rephrasing_usd)
        data = data_of(failed_record(breakdown, cost_usd=0.4, rephrasing_usd=0.0003))
        assert (costs(data).rephrasing, costs(data).total) == (0.0003, 0.4033)


@pytest.mark.parametrize(
    ("task", "most"),
    [
        ({}, 0),
        ({"state": "submitting", "attempt": 1}, 0.8),
        ({"state": "generating", "attempt": 1, "task_id": "op"}, 0.8),
        ({"state": "failed", "attempt": 1, "reason": Reason(code="SubmitOutcomeUnknown", message="hang-up")}, 0.8),
        (
            {"state": "failed", "attempt": 1, "task_id": "op", "reason": Reason(code="SceneTimedOut", message="late")},
            0.8,
        ),
        ({"state": "failed", "attempt": 1, "task_id": "op", "reason": Reason(code="VeoFailed", message="no")}, 0),
        (
            {"state": "failed", "attempt": 1, "task_id": "op", "reason": Reason(code="OperationLost", message="404")},
            0.8,
        ),
        ({"state": "pending", "doubtful_usd": 0.8}, 0.8),
        ({"state": "failed", "attempt": 4, "task_id": "op", "reason": Reason(code="SceneFiltered", message="no")}, 0),
        ({"state": "failed", "attempt": 0, "reason": Reason(code="VeoRefused", message="no")}, 0),
        (CLIP | {"state": "failed", "reason": Reason(code="ClipUnusable", message="no")}, 0.8),
    ],
)
def test_clips_of_an_unknown_fate_count_as_bought(task: dict[str, Any], most: float) -> None:
    data = data_of(failed_record(**task))
    assert outlay(data) == pytest.approx(most)
    assert costs(data).undecided == pytest.approx(most - costs(data).total)
    assert is_charged(data) == (most > 0)


@pytest.mark.parametrize(
    ("task", "usd"),
    [
        ({}, 0.8),
        ({"state": "failed", "attempt": 1, "task_id": "op", "reason": Reason(code="VeoFailed", message="no")}, 0.8),
        # It counts as spent, or is paid for by itself.
        ({"state": "generating", "attempt": 1, "task_id": "op"}, 0.4),
        ({"state": "failed", "attempt": 1, "reason": Reason(code="SubmitOutcomeUnknown", message="hang-up")}, 0.4),
        (CLIP, 0.4),
        ({"state": "pending", "reorder_count": 1}, 0.4),
    ],
)
def test_a_run_sets_aside_what_was_never_ordered(task: dict[str, Any], usd: float) -> None:
    assert unordered_cost(plan(), data_of(record(**task))) == pytest.approx(usd)


def test_a_scene_that_has_no_task_yet_was_never_ordered() -> None:
    """Neither before the first run, nor where a scene was cut off another that is paid for."""
    data = data_of(record(**CLIP))
    assert unordered_cost(plan(), GenerationData()) == pytest.approx(0.8)
    assert unordered_cost(
        plan(), data.model_copy(update={"vertex_ai_tasks": data.vertex_ai_tasks[:1]})
    ) == pytest.approx(0.4)


def test_a_record_that_tells_too_little_is_corrected() -> None:
    change = correction(failed_record(**CLIP))
    assert change
    assert change.sets["ai_generation_data.cost_breakdown"]["total"] == 0.8
    assert change.sets["ai_generation_data.failure.charged"] is True


def test_a_record_that_tells_what_was_spent_stays() -> None:
    assert correction(failed_record(CostBreakdown(video_generation=0.8, total=0.8), claims_charge=True, **CLIP)) is None


def test_a_failure_that_claims_a_charge_is_corrected() -> None:
    change = correction(failed_record(claims_charge=True))
    assert change
    assert change.sets["ai_generation_data.failure.charged"] is False


def test_a_running_record_is_not_corrected() -> None:
    assert correction(record(**CLIP)) is None
