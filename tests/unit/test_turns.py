"""Turns: a provider's quota is never passed, little of it is wasted, and users wait for each other alike."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scale.queueing import Ideal, Limiter, Quota, run, share_of, unfairness
from functions.generate_scene.handler import Deps
from functions.generate_scene.handler import run as generate
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import GenerateSceneIn, GenerateSceneOut
from shared.errors import Superseded, VeoThrottled
from shared.quota.turn_table import OF_MODEL, TurnTable
from shared.quota.turns import FIRM, GRACE, MOST_WAITING, Turn, Turns, pause
from shared.video.public_record import Reason
from shared.video.scene_ledger import SceneLedger
from tests.fakes import NoLimits
from tests.unit.cloud_fixtures import (
    BUCKET,
    GENERATION,
    MODEL,
    PLAN_KEY,
    TABLE,
    VIDEO,
    create_keys_table,
    record,
    store,
)
from tests.unit.model_fakes import FakeModel
from tests.unit.test_generate_scene import FakePlanner

QUEUE = "turns"
NOON = 1_800_000_000.0


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


# What comes to the turns: how long after the one before, whose, and which of the user's orders, new or again.
ASKS = st.tuples(st.floats(0, 40), st.sampled_from("abcd"), st.integers(0, 9))


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5), st.lists(st.tuples(ASKS, st.booleans()), max_size=60))
def test_no_minute_has_more_orders_than_the_quota_whoever_asks_when(
    quota: int, asks: list[tuple[tuple[float, str, int], bool]]
) -> None:
    turns = Turns(quota)
    now = NOON
    orders: list[float] = []
    counts = Counter[str]()
    for (later, user, number), is_placed in asks:
        now += later
        # One that was placed does not ask again; one that was refused, or whose function was killed, does.
        name = f"{user}{number}"
        turns, moment = turns.ask(now, user, f"{name}-{counts[name]}")
        if moment <= now and is_placed:
            orders.append(now)
            counts[name] += 1
        moments = [row.moment for row in turns.rows]
        assert moments == sorted(moments)
        assert all(each - before >= turns.window for before, each in zip(moments, moments[quota:], strict=False))
        names = [row.order for row in turns.rows]
        assert len(names) == len(set(names))
    assert all(each - before >= 60 - GRACE for before, each in zip(orders, orders[quota:], strict=False))


def test_an_order_that_asks_again_keeps_its_one_turn() -> None:
    turns = Turns(1)
    turns, first = turns.ask(NOON, "ann", "a")
    again, same = turns.ask(NOON, "ann", "a")
    assert (first, same, again) == (NOON, NOON, turns)
    turns, second = turns.ask(NOON, "ann", "b")
    assert turns.ask(NOON + 20, "ann", "b") == (turns, second)
    assert second == NOON + turns.window


def test_a_turn_that_is_not_used_costs_one_place_and_whoever_is_late_goes_at_once() -> None:
    turns = Turns(2)
    for order in "abcd":
        turns, _ = turns.ask(NOON, "ann", order)
    # The function of c died; it comes back 20 s after its turn.
    late = NOON + turns.window + 20
    turns, moment = turns.ask(late, "ann", "c")
    assert moment == late
    # d was in time, and whoever comes next is after both.
    assert [row.moment for row in turns.rows][-2:] == [NOON + turns.window, late]
    assert turns.ask(late, "bob", "e")[1] == NOON + 2 * turns.window


def test_a_user_with_one_order_does_not_wait_for_all_of_another() -> None:
    turns = Turns(5)
    for number in range(50):
        turns, _ = turns.ask(NOON, "ann", f"a{number}")
    last = turns.rows[-1].moment
    turns, moment = turns.ask(NOON, "bob", "b0")
    assert moment == NOON + turns.window
    # The one that gave way is told so when it comes.
    moments = [turns.ask(NOON + 1, "ann", f"a{number}")[1] for number in range(50)]
    assert max(moments) == last + turns.window
    assert len(turns.rows) == 51
    # What comes within seconds is on its way already.
    soon = NOON + turns.window - FIRM + 1
    assert turns.ask(soon, "cid", "c0")[1] == NOON + 2 * turns.window


def test_the_queue_stays_small_and_whoever_finds_it_full_asks_again() -> None:
    rows = [Turn(NOON + 60.5 * number, "ann", f"a{number}") for number in range(MOST_WAITING + 2)]
    turns = Turns(1, tuple(rows))
    after, moment = turns.ask(NOON + 1, "ann", "one more")
    assert (len(after.rows), moment) == (MOST_WAITING + 2, rows[-1].moment + turns.window)
    after, moment = turns.ask(NOON + 1, "bob", "his first")
    assert len(after.rows) == MOST_WAITING + 2
    assert moment < rows[3].moment


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(2, 12), st.integers(2, 6), st.sampled_from([0, 5, 60]), st.integers(0, 999))
def test_in_the_model_the_quota_is_used_and_no_user_waits_twice_the_mean(
    most: int, users: int, jobs: int, within: float, seed: int
) -> None:
    quota = Quota(most)
    random = Random(seed)
    together = {user: random.uniform(0, within) for user in range(users)}
    arrivals = [(f"u{user}", together[user]) for user in range(users) for _ in range(jobs)]
    orders = run(Limiter(quota, 0.5), sorted(arrivals, key=lambda arrival: arrival[1]))
    assert len(orders) == users * jobs
    # Where few minutes are waited for, the seconds of a try count for much, and whole minutes for all.
    if users * jobs > 4 * most + most * within / 60:
        assert share_of(orders, quota) >= 0.97
        assert unfairness(orders) <= 2


def test_the_ideal_is_the_providers_own_rule() -> None:
    orders = run(Ideal(Quota(2)), [("ann", 0.0), ("ann", 1.0), ("bob", 2.0)])
    assert [order.moment for order in orders] == [0, 1, 60]


@pytest.mark.parametrize(("seconds", "whole"), [(-3, 0), (0, 0), (1.9, 0), (2, 1), (61.2, 60)])
def test_the_last_seconds_are_waited_for_in_place(seconds: float, whole: int) -> None:
    assert pause(seconds) == whole


@pytest.fixture(name="clock")
def queue(cloud: None) -> Clock:
    create_keys_table(QUEUE)
    store(record())
    return Clock()


def order(veo: FakeModel, clock: Clock, attempt: int = 1, quota: int = 1) -> GenerateSceneOut:
    turns = TurnTable(QUEUE, {MODEL: quota}, clock, clock.sleep)
    deps = Deps(Bucket(BUCKET), TABLE, lambda _name: veo, FakePlanner(), 900, NoLimits(), turns)
    request = GenerateSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", plan_key=PLAN_KEY, sequence=1, attempt=attempt
    )
    return generate(request, deps)


def take_all_turns(clock: Clock, user: str = "someone else") -> None:
    assert TurnTable(QUEUE, {MODEL: 1}, clock, clock.sleep).wait(MODEL, user, "another order") == 0


def test_an_order_whose_turn_is_now_costs_a_look_and_a_write(clock: Clock) -> None:
    assert order(FakeModel(["operations/1"]), clock).status == "ordered"
    item = clients.dynamodb().get_item(TableName=QUEUE, Key={"id": {"S": OF_MODEL + MODEL}}).get("Item", {})
    assert item.get("version") == {"N": "1"}
    assert clock.now == NOON


def test_an_order_that_waits_is_not_claimed_and_is_told_how_long(clock: Clock) -> None:
    take_all_turns(clock)
    veo = FakeModel(["operations/1"])
    answer = order(veo, clock)
    assert (answer.status, answer.wait_seconds, answer.operation_name) == ("waiting", 59, "")
    task = SceneLedger(TABLE, VIDEO, GENERATION).read(1)
    assert (task.state, task.claim, task.reason.code) == ("pending", "", "VeoThrottled")
    assert veo.orders == []
    clock.sleep(answer.wait_seconds)
    assert order(veo, clock).operation_name == "operations/1"
    assert clock.now == pytest.approx(NOON + 60.5)
    task = SceneLedger(TABLE, VIDEO, GENERATION).read(1)
    assert (task.state, task.reason.code, len(veo.orders)) == ("generating", "", 1)


def test_a_function_that_was_killed_with_its_turn_uses_it_at_its_next_try(clock: Clock) -> None:
    turns = TurnTable(QUEUE, {MODEL: 1}, clock, clock.sleep)
    assert turns.wait(MODEL, "u", f"{GENERATION} 1 1 1") == 0
    # Killed here: no claim, no order. The next try has the same turn, and another order the next one.
    clock.sleep(3)
    assert order(FakeModel(["operations/1"]), clock).status == "ordered"
    assert turns.wait(MODEL, "u", "next") == 59


def test_a_refused_order_keeps_its_place_and_those_after_it_give_way(clock: Clock) -> None:
    with pytest.raises(VeoThrottled):
        order(FakeModel([VeoThrottled("busy")]), clock)
    assert SceneLedger(TABLE, VIDEO, GENERATION).read(1).state == "pending"
    turns = TurnTable(QUEUE, {MODEL: 1}, clock, clock.sleep)
    assert turns.wait(MODEL, "u", "next") == 59
    clock.sleep(4)
    assert order(FakeModel(["operations/1"]), clock).status == "ordered"
    # Four seconds less have passed, and it is put off by as many.
    assert turns.wait(MODEL, "u", "next") == 59


def test_what_the_filter_said_is_not_written_over(clock: Clock) -> None:
    take_all_turns(clock)
    store(record(state="filtered", withheld=1, reason=Reason(code="SceneFiltered", message="violence")))
    assert order(FakeModel([]), clock, attempt=2).status == "waiting"
    assert SceneLedger(TABLE, VIDEO, GENERATION).read(1).reason.message == "violence"


def test_a_generation_that_was_cancelled_while_it_waited_orders_nothing(clock: Clock) -> None:
    take_all_turns(clock)
    assert order(FakeModel([]), clock).status == "waiting"
    store(record().model_copy(update={"ai_generation_status": "cancelled"}))
    clock.sleep(70)
    with pytest.raises(Superseded):
        order(FakeModel([]), clock)


def test_a_model_without_a_quota_asks_nobody() -> None:
    assert TurnTable("no such table", {MODEL: 0}).wait(MODEL, "u", "o") == 0
    assert TurnTable("no such table", {"": 0}).wait(MODEL, "u", "o") == 0
