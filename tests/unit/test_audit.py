"""The audit of a chaos run sees an account that passed its limit, and one that holds less than was sold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from local.emulators.ledger import Entry
from shared.budget.account_names import account_ids
from shared.budget.accounts import Limits
from shared.choices.words import Goal
from shared.models.picture_request import FLASH_IMAGE
from shared.video.public_record import CostBreakdown, Reason
from shared.video.record import Preview, VideoRecord
from shared.video.take import Take, TakeKind
from tests.chaos import audit, purchases
from tests.unit.cloud_fixtures import MODEL, STILL_USD, record

LIMITS = Limits(video=5, user_day=10, deployment_day=15)
GENERATION, USER, DEPLOYMENT = account_ids("ann", "generation1", "2026-11-23")


def test_accounts_within_their_limits_that_hold_what_was_sold_are_as_promised() -> None:
    accounts = {GENERATION: 4.0, USER: 10.0, account_ids("bob", "", "2026-11-23")[1]: 4.0, DEPLOYMENT: 15.0}
    assert audit.overdrawn(accounts, {"ann": 10.0, "bob": 4.0}, LIMITS) == []


@pytest.mark.parametrize(
    ("accounts", "sales", "sentences"),
    [
        ({USER: 10.5, DEPLOYMENT: 10.5}, 10.5, [f"{USER} has 10.5, its limit is 10"]),
        ({USER: 8, DEPLOYMENT: 15.5}, 8.0, [f"{DEPLOYMENT} has 15.5, its limit is 15"]),
        ({USER: 5, DEPLOYMENT: 6}, 6.0, ["6.0 was sold and 5 set aside for a day"]),
        ({USER: 6, DEPLOYMENT: 5}, 6.0, ["6.0 was sold and 5 set aside for a day"]),
    ],
)
def test_what_is_not_as_promised_is_told(accounts: dict[str, float], sales: float, sentences: list[str]) -> None:
    assert audit.overdrawn(accounts, {"ann": sales}, LIMITS) == sentences


@pytest.mark.parametrize(
    ("usd", "sentences"),
    [
        ({"g": 0.8, "user": 0.8, "day": 0.8}, 0),
        ({"g": 0.81, "user": 0.81, "day": 0.81}, 1),
        ({"g": 0.8, "user": 0.79, "day": 0.8}, 1),
        ({"g": 0.0, "user": 0.8, "day": 0.8}, 2),
    ],
)
def test_money_that_is_held_for_nothing_is_told(usd: dict[str, float], sentences: int) -> None:
    running = record(state="generating", attempt=1, task_id="op")
    generation, user, deployment = account_ids("user1", "gen1", "2026-11-23")
    accounts = {generation: usd["g"], user: usd["user"], deployment: usd["day"]}
    assert len(audit.held_for_nothing([running], accounts)) == sentences


@pytest.mark.parametrize(
    ("status", "task", "is_late"),
    [
        ("cancelled", {"state": "clip_ready", "video_url": "s3://b/k", "cost_usd": 0.8, "attempt": 1}, True),
        ("failed", {"state": "failed", "reason": Reason(code="VeoFailed", message="13"), "attempt": 1}, True),
        ("completed", {"state": "failed", "reason": Reason(code="VeoFailed", message="13"), "attempt": 1}, False),
        ("cancelled", {"state": "submitting", "attempt": 1}, False),
        # More than was undecided, or besides it.
        ("cancelled", {"state": "clip_ready", "video_url": "s3://b/k", "cost_usd": 0.9, "attempt": 1}, False),
        ("cancelled", {"state": "submitting", "attempt": 1, "rephrasing_usd": 0.0001}, False),
    ],
)
def test_what_is_decided_after_the_end_was_a_part_of_what_was_undecided(
    status: str, task: dict[str, Any], is_late: bool
) -> None:
    def over(**attributes: Any) -> VideoRecord:
        base = record(**attributes)
        data = base.ai_generation_data
        assert data
        steps = [step.model_copy(update={"status": "failed"}) for step in data.processing_steps]
        more = {"processing_steps": steps, "cost_breakdown": CostBreakdown(undecided=0.8)}
        return base.model_copy(
            update={"ai_generation_status": status, "ai_generation_data": data.model_copy(update=more)}
        )

    late = over(**task)
    assert audit.is_decided_late(late) == is_late
    is_as_told = task == {"state": "submitting", "attempt": 1}
    assert audit.told_otherwise(late) == [] if is_as_told else len(audit.told_otherwise(late)) == 1


CLIP_SALE = Entry("clip", MODEL, "", True, "op", 4.0, video="video1", scene=1, resolution="720p")
PICTURE_SALE = Entry("picture", FLASH_IMAGE, "", True, "", video="video1", scene=1)
GOALS: list[tuple[list[Goal], list[Entry], int]] = [
    (["plan"], [], 0),
    (["plan", "draft"], [PICTURE_SALE], 1),
    (["draft"], [replace(CLIP_SALE, charged=False)], 1),
    (["stills"], [PICTURE_SALE], 0),
    (["stills"], [PICTURE_SALE, CLIP_SALE], 1),
    (["stills", "video"], [PICTURE_SALE, CLIP_SALE], 0),
    (["video"], [PICTURE_SALE, CLIP_SALE], 1),
    (["plan"], [replace(CLIP_SALE, video="other"), Entry("text", "luna", "", True, "", video="video1")], 0),
]


@pytest.mark.parametrize(("goals", "sales", "sentences"), GOALS)
def test_what_no_goal_asks_for_is_told(goals: list[Goal], sales: list[Entry], sentences: int) -> None:
    assert len(purchases.besides("Video1", goals, sales)) == sentences


@pytest.mark.parametrize(
    ("status", "announced_usd", "sold_usd", "sentences"),
    [
        ("completed", 0.4, 0.4, 0),
        ("completed", 0.4, 0.0, 1),
        ("awaiting_review", STILL_USD, 2 * STILL_USD, 1),
        ("awaiting_review", 0.0, 0.0, 0),
        ("failed", 0.8, 0.4, 0),
        ("failed", 0.8, 1.2, 1),
        ("completed", None, 0.4, 0),
    ],
)
def test_what_was_bought_otherwise_than_announced_is_told(
    status: str, announced_usd: float | None, sold_usd: float, sentences: int
) -> None:
    video = record().model_copy(update={"ai_generation_status": status})
    assert len(purchases.against_announcement(video, announced_usd, sold_usd)) == sentences


@pytest.mark.parametrize(
    ("task", "takes", "sales", "sentences"),
    [
        ({}, [], [CLIP_SALE], 0),
        ({}, [], [CLIP_SALE] * 2, 1),
        ({"reorder_count": 1}, [], [CLIP_SALE] * 2, 0),
        ({"kind": "still"}, ["still", "clip"], [CLIP_SALE, PICTURE_SALE], 0),
        ({"kind": "still"}, ["still", "clip"], [CLIP_SALE, CLIP_SALE, PICTURE_SALE], 1),
        ({"kind": "still", "doubtful_usd": 0.4}, ["still", "clip"], [CLIP_SALE, CLIP_SALE, PICTURE_SALE], 0),
        ({"kind": "still"}, ["still"], [PICTURE_SALE] * 2, 1),
    ],
)
def test_what_was_charged_twice_is_told(
    task: dict[str, Any], takes: list[TakeKind], sales: list[Entry], sentences: int
) -> None:
    data = record(**task).ai_generation_data
    assert data
    by_id = {f"take{number}": Take(scene="s1", kind=kind) for number, kind in enumerate(takes)}
    assert len(purchases.charged_twice(data.model_copy(update={"takes": by_id}), sales)) == sentences


@pytest.mark.parametrize(
    ("changes", "steps", "is_honest"),
    [
        ({"goal": "plan"}, 2, True),
        ({"goal": "plan"}, 1, False),
        ({"goal": "plan", "vertex_ai_tasks": []}, 2, False),
        ({"goal": "draft", "preview": Preview(goal="draft")}, 4, True),
        ({"goal": "draft", "preview": Preview(goal="draft")}, 3, False),
        ({"goal": "draft"}, 4, False),
        ({"goal": "stills", "preview": Preview(goal="draft")}, 4, False),
        ({"goal": "stills", "preview": Preview(goal="stills"), "revision": 2}, 4, False),
        ({"goal": "video", "preview": Preview(goal="draft")}, 4, False),
    ],
)
def test_what_waits_for_a_review_must_be_there(changes: dict[str, Any], steps: int, is_honest: bool) -> None:
    base = record()
    data = base.ai_generation_data
    assert data
    marked_steps = [
        step.model_copy(update={"status": "completed" if number < steps else "pending"})
        for number, step in enumerate(data.processing_steps)
    ]
    more = {"processing_steps": marked_steps, **changes}
    waiting = base.model_copy(
        update={"ai_generation_status": "awaiting_review", "ai_generation_data": data.model_copy(update=more)}
    )
    assert (audit.faults(waiting, []) == []) == is_honest
