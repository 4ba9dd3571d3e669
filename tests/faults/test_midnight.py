"""A function that dies before midnight, at any step, and its next try after it: no money is drawn from both days."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from functions.draw_scene.image_model import image_model
from functions.draw_scene.purchase import StillPurchase
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.accounts import Limits, Spending
from shared.errors import SubmitOutcomeUnknown
from shared.video.free_ends import UNCHANGED_ATTEMPTS
from shared.video.public_record import Reason
from shared.video.scene_ledger import SceneLedger
from tests.faults.conftest import SECRET, Wire
from tests.faults.director import BreakOffError, Killer
from tests.unit.cloud_fixtures import BUCKET, GENERATION, TABLE, VIDEO, create_keys_table, plan, record, store

NOON = 1_800_000_000.0
DAY = 86_400
DAYS = ("2027-01-15", "2027-01-16")
WITHHELD: dict[str, Any] = {
    "state": "filtered",
    "attempt": UNCHANGED_ATTEMPTS,
    "withheld": UNCHANGED_ATTEMPTS,
    "reason": Reason(code="SceneFiltered", message="A weapon."),
}


def buy_a_still(_wire: Wire, spending: Spending) -> None:
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    model = image_model(stored_in(SECRET))
    StillPurchase(plan(), ledger.read(1), "u", None, ledger, Bucket(BUCKET), model, spending).still()


def order_a_clip(wire: Wire, spending: Spending) -> None:
    replace(wire, spending=spending).generate(UNCHANGED_ATTEMPTS + 1)


# What a scene buys, and how its task stands before that.
PURCHASES: dict[str, tuple[Callable[[Wire, Spending], None], dict[str, Any]]] = {
    "a still": (buy_a_still, {}),
    "another prompt": (order_a_clip, WITHHELD),
    "a clip ordered anew": (order_a_clip, {"reorder_count": 1}),
}


@pytest.mark.parametrize("name", PURCHASES)
def test_whoever_goes_on_after_midnight_draws_on_the_day_before(wire: Wire, name: str) -> None:
    buy, task = PURCHASES[name]
    ends = set[float]()
    for nth in count(1):
        killer = Killer(nth)
        table = f"accounts{nth}"
        create_keys_table(table)
        store(record(**task))
        with suppress(BreakOffError):
            killer.watch(partial(buy, wire, accounts(table, NOON)))
        before, _ = by_day(table)
        with suppress(SubmitOutcomeUnknown):
            buy(wire, accounts(table, NOON + DAY))
        assert_drawn_once(table)
        ends.add(before)
        if not killer.has_struck:
            break
    # It died before it set anything aside, and afterwards.
    assert min(ends) == 0 < max(ends)


def accounts(table: str, now: float) -> Spending:
    return Spending(table, Limits(50, 50, 50), lambda: now)


def by_day(table: str) -> list[float]:
    """Return what the user's accounts of both days hold, in USD."""
    return [usd(table, f"spent#user#u#{day}") for day in DAYS]


def assert_drawn_once(table: str) -> None:
    held_usd = usd(table, f"spent#generation#{GENERATION}")
    deployment = sum(usd(table, f"spent#{day}") for day in DAYS)
    assert (sum(by_day(table)), deployment) == (pytest.approx(held_usd), pytest.approx(held_usd))


def usd(table: str, account: str) -> float:
    item = clients.dynamodb().get_item(TableName=table, Key={"id": {"S": account}}).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))
