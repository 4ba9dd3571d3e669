"""What functions note after the end of their generation, or left when they died, is settled when none can run."""

from __future__ import annotations

from typing import Any

import pytest

from functions.settle.adapters import EndingTable
from functions.settle.closer import LONGEST_CALL, MADE_UP, Closer
from functions.settle.core import correction
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget.account_names import PLAN, PLANNING, TRANSCRIPTION
from shared.budget.accounts import Limits, Spending
from shared.budget.refunds import Refunds
from shared.errors import TableUnavailable
from shared.video.costs import costs, outlay
from shared.video.public_record import CostBreakdown, Reason
from shared.video.record import EndNotice, GenerationData, VideoRecord
from shared.video.tombstones import CLOSED_AFTER, OF_ENDS, PERIOD, VideoLists
from tests.unit.api_calls import KEYS
from tests.unit.cloud_fixtures import (
    BUCKET,
    EXECUTION,
    GENERATION,
    STILL_USD,
    TABLE,
    VIDEO,
    create_keys_table,
    record,
    store,
)

NOON = 1_800_000_000.0
DAY = "2027-01-15"
LATER = NOON + CLOSED_AFTER * PERIOD
REFUNDS = Refunds(KEYS, TABLE)
ENDS = VideoLists(KEYS, OF_ENDS)
SPENDING = Spending(KEYS, Limits(50, 50, 80), lambda: NOON)
READY: dict[str, Any] = {"state": "clip_ready", "video_url": "s3://b/k", "cost_usd": 0.8, "attempt": 1}
FREE: dict[str, Any] = {"state": "failed", "reason": Reason(code="VeoFailed", message="13"), "attempt": 1}
ORDERED: dict[str, Any] = {"state": "submitting", "attempt": 1, "claim": "one"}
CEILING = 0.008397
PRICE = 0.008278


@pytest.fixture(autouse=True)
def accounts(cloud: None) -> None:
    create_keys_table(KEYS)


def ended_record(end: str = "cancelled", data: dict[str, Any] | None = None, **task: Any) -> VideoRecord:
    """Return the record of a generation that is over, and was told to be at noon."""
    base = record(**task)
    assert base.ai_generation_data
    notice = EndNotice(execution_arn=EXECUTION, by="rule", since=NOON, is_sent=True)
    steps = [step.model_copy(update={"status": "failed"}) for step in base.ai_generation_data.processing_steps]
    more = {"notice": notice, "processing_steps": steps, **(data or {})}
    return base.model_copy(
        update={
            "ai_generation_status": end,
            "ai_generation_data": base.ai_generation_data.model_copy(update=more),
        }
    )


def data_of(video: VideoRecord) -> GenerationData:
    assert video.ai_generation_data
    return video.ai_generation_data


def settle_at_the_end(video: VideoRecord) -> VideoRecord:
    """Store the record as the end finds it, with its costs; give back what is not spent, and list it."""
    data = data_of(video)
    settled_video = video.model_copy(
        update={"ai_generation_data": data.model_copy(update={"cost_breakdown": costs(data)})}
    )
    store(settled_video)
    REFUNDS.give_back(settled_video, outlay(data))
    ENDS.add(VIDEO, NOON)
    return settled_video


def note(before: VideoRecord, change: VideoRecord) -> None:
    """Store what a function has noted since: everything but the costs that were written at the end."""
    breakdown = data_of(before).cost_breakdown
    store(
        change.model_copy(
            update={"ai_generation_data": data_of(change).model_copy(update={"cost_breakdown": breakdown})}
        )
    )


def close(now: float = LATER, table: EndingTable | None = None) -> list[str]:
    return Closer(ENDS, table or EndingTable(TABLE), REFUNDS, Bucket(BUCKET), lambda: now).close()


def current_record() -> VideoRecord:
    video = EndingTable(TABLE).get(VIDEO)
    assert video
    return video


def account_totals() -> list[float]:
    """Return what the accounts of the generation, the user and the deployment hold."""
    return [usd_of(each) for each in (f"spent#generation#{GENERATION}", f"spent#user#user1#{DAY}", f"spent#{DAY}")]


def usd_of(account: str) -> float:
    item = clients.dynamodb().get_item(TableName=KEYS, Key={"id": {"S": account}}).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


@pytest.mark.parametrize("status", ["cancelled", "failed"])
@pytest.mark.parametrize(
    ("reservations", "before", "after", "cost"),
    [
        ([(PLAN, 1.6)], ended_record(**ORDERED), ended_record(**READY), (0.8, 0.0)),
        ([(PLAN, 1.6)], ended_record(**ORDERED), ended_record(**FREE), (0.0, 0.0)),
        ([(PLAN, 1.6)], ended_record(**ORDERED), ended_record(**ORDERED), (0.0, 0.8)),
        # A second answer is not asked for: the generation is over.
        (
            [(PLANNING, 2 * CEILING)],
            ended_record(data={"planning_doubtful": {"request": CEILING}}),
            ended_record(data={"planning_answers": {"answer": PRICE}}),
            (PRICE, 0.0),
        ),
        (
            [(PLANNING, 2 * CEILING)],
            ended_record(data={"planning_doubtful": {"request": CEILING}}),
            ended_record(),
            (0.0, 0.0),
        ),
        # One that dies while it asks for another prompt leaves twice what one answer can cost.
        (
            [(PLAN, 1.6), ("scene 1, try 3", 0.00275)],
            ended_record(doubtful_usd=0.001375),
            ended_record(rephrasing_usd=0.0001),
            (0.0001, 0.0),
        ),
        # One that dies before it orders a transcription has noted nothing.
        ([(TRANSCRIPTION, 1.44)], ended_record(), ended_record(), (0.0, 0.0)),
        ([(TRANSCRIPTION, 1.44)], ended_record(), ended_record(data={"transcription_usd": 1.44}), (1.44, 0.0)),
    ],
    ids=["bought", "free", "unknown for good", "answered", "refused", "rephrased", "not heard", "heard"],
)
def test_what_is_noted_after_the_end_counts_in_costs_and_accounts(
    status: str,
    reservations: list[tuple[str, float]],
    before: VideoRecord,
    after: VideoRecord,
    cost: tuple[float, float],
) -> None:
    for what, usd in reservations:
        SPENDING.set_aside("user1", GENERATION, None, what, usd)
    before, after = (each.model_copy(update={"ai_generation_status": status}) for each in (before, after))
    settled_video = settle_at_the_end(before)
    note(settled_video, after)
    assert close(LATER - 1) == []
    for videos in ([VIDEO], []):
        assert close() == videos
        total = data_of(current_record()).cost_breakdown
        assert (total.total, total.undecided) == pytest.approx(cost)
        assert account_totals() == pytest.approx([sum(cost)] * 3)


def test_what_was_given_back_too_early_is_held_again() -> None:
    SPENDING.set_aside("user1", GENERATION, None, PLAN, 1.6)
    SPENDING.set_aside("user1", GENERATION, None, "scene 2, try 3", 0.00275)
    settled_video = settle_at_the_end(ended_record(**READY))
    # The function that asked gives its own back as well.
    SPENDING.settle(("user1", GENERATION), "scene 2, try 3", 0.00275, 0.0001)
    note(settled_video, ended_record(**READY, rephrasing_usd=0.0001))
    assert account_totals()[0] < 0.8
    close()
    assert account_totals() == pytest.approx([0.8001] * 3)


def test_what_was_left_after_midnight_is_given_back_where_it_stands() -> None:
    tomorrow = Spending(KEYS, SPENDING.limits, lambda: NOON + 86_400)
    SPENDING.set_aside("user1", GENERATION, None, PLANNING, 2 * CEILING)
    tomorrow.set_aside("user1", GENERATION, None, "still of scene s1, 0a1b", STILL_USD)
    tomorrow.settle_planning("user1", GENERATION, PRICE)
    settle_at_the_end(ended_record(data={"planning_answers": {"answer": PRICE}}))
    close()
    assert account_totals() == pytest.approx([PRICE] * 3)
    assert usd_of("spent#2027-01-16") == 0


@pytest.mark.parametrize(
    ("after", "rest"), [(ended_record(**FREE), 1.6), (ended_record(**READY), 0.8)], ids=["free", "bought"]
)
def test_a_resumed_run_sets_aside_what_its_plan_still_needs(after: VideoRecord, rest: float) -> None:
    SPENDING.set_aside("user1", GENERATION, None, PLAN, 1.6)
    note(settle_at_the_end(ended_record(**ORDERED)), after)
    close()
    SPENDING.set_aside("user1", GENERATION, None, PLAN, rest)
    assert account_totals() == pytest.approx([1.6] * 3)


@pytest.mark.parametrize(
    "successor",
    [
        ended_record("processing", **FREE),
        ended_record(
            data={
                "notice": EndNotice(execution_arn=EXECUTION, by="rule", since=LATER - LONGEST_CALL + 1, is_sent=True)
            },
            **FREE,
        ),
    ],
    ids=["goes on", "ended again just now"],
)
def test_a_generation_that_was_resumed_is_left_to_its_own_end(successor: VideoRecord) -> None:
    SPENDING.set_aside("user1", GENERATION, None, PLAN, 1.6)
    note(settle_at_the_end(ended_record(**ORDERED)), successor)
    close()
    assert account_totals() == pytest.approx([0.8] * 3)
    assert ENDS.read(int(NOON) // PERIOD) == []


@pytest.mark.parametrize(("late", "videos"), [(MADE_UP, [VIDEO]), (MADE_UP + 1, [])])
def test_a_table_that_is_away_is_made_up_for(late: int, videos: list[str]) -> None:
    class Away(EndingTable):
        def get(self, video_id: str) -> VideoRecord | None:
            raise TableUnavailable("The table is busy.")

    settle_at_the_end(ended_record())
    with pytest.raises(TableUnavailable):
        close(table=Away(TABLE))
    assert close(LATER + late * PERIOD) == videos


def test_a_video_that_is_gone_is_looked_for_once() -> None:
    ENDS.add(VIDEO, NOON)
    assert (close(), close()) == ([VIDEO], [])


def test_costs_that_are_as_they_were_told_are_not_written_again() -> None:
    assert correction(settle_at_the_end(ended_record(**READY))) is None
    assert data_of(ended_record()).cost_breakdown == CostBreakdown()


@pytest.mark.parametrize("is_deleted", [True, False])
def test_what_is_written_late_for_a_video_that_was_deleted_alone_goes_too(is_deleted: bool) -> None:
    settle_at_the_end(ended_record("completed", {"is_deleted": is_deleted}, **READY))
    key = media_keys.result(VIDEO, GENERATION, "video", 1, "final_video.mp4")
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"late")
    assert close(LATER) == [VIDEO]
    assert Bucket(BUCKET).holds(key) is not is_deleted
