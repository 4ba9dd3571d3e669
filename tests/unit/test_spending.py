"""Money is set aside before it is spent: once for each purpose, and never over a limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws import clients
from shared.budget.accounts import Limits, Spending
from shared.errors import BudgetExceeded, PermissionMissing, Superseded, TableUnavailable
from tests.unit.cloud_fixtures import empty_cloud

TABLE = "keys"
NOON = 1_800_000_000.0
DAY = 86_400


@pytest.fixture(autouse=True)
def accounts() -> Iterator[None]:
    with empty_cloud():
        clients.dynamodb().create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield


def spending(video: float = 50, user: float = 5, deployment: float = 8, now: float = NOON) -> Spending:
    return Spending(TABLE, Limits(video, user, deployment), lambda: now)


def usd_spent(account: str) -> float:
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"id": {"S": account}}).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


def test_a_day_of_a_user_is_not_exceeded() -> None:
    spending().set_aside("u", "g1", None, "plan", 3)
    with pytest.raises(BudgetExceeded, match=r"costs 2\.1000 USD and this user's limit is 5 USD a day"):
        spending().set_aside("u", "g2", None, "plan", 2.1)
    spending().set_aside("u", "g3", None, "plan", 2)
    spending().set_aside("u", "g4", None, "plan", 0)


def test_a_day_of_the_deployment_is_not_exceeded_and_a_refusal_changes_no_account() -> None:
    spending().set_aside("u", "g1", None, "plan", 5)
    with pytest.raises(BudgetExceeded, match="this deployment's limit is 8 USD a day"):
        spending().set_aside("v", "g2", None, "plan", 4)
    assert usd_spent("spent#user#v#2027-01-15") == 0
    spending().set_aside("v", "g2", None, "plan", 3)


def test_the_next_day_begins_anew() -> None:
    spending().set_aside("u", "g1", None, "plan", 5)
    spending(now=NOON + DAY).set_aside("u", "g2", None, "plan", 5)


def test_a_run_that_broke_off_in_between_is_finished_by_the_next() -> None:
    whole = spending()
    whole._take(whole.limits.accounts("u", "g1", None, "2027-01-15")[0], "g1 plan", 3)  # pyright: ignore[reportPrivateUsage]
    whole.set_aside("u", "g1", None, "plan", 3)
    assert (
        usd_spent("spent#generation#g1") == usd_spent("spent#user#u#2027-01-15") == usd_spent("spent#2027-01-15") == 3
    )


def test_the_same_purpose_is_paid_for_once() -> None:
    for _ in range(3):
        spending().set_aside("u", "g1", None, "plan", 3)
    assert usd_spent("spent#user#u#2027-01-15") == 3


@pytest.mark.parametrize(("budget", "limit"), [(1.0, "1"), (None, "2"), (9.0, "2")])
def test_a_video_stays_within_its_budget_and_the_deployments(budget: float | None, limit: str) -> None:
    with pytest.raises(BudgetExceeded, match=rf"costs 2\.5000 USD and the budget is {limit} USD"):
        spending(video=2).set_aside("u", "g1", budget, "plan", 2.5)


def test_what_was_not_bought_is_given_back_once_and_can_be_set_aside_anew() -> None:
    spending().set_aside("u", "g1", None, "transcription", 1)
    spending().set_aside("u", "g1", None, "plan", 3)
    for _ in range(2):
        spending().give_back("u", "g1", "transcription", 1)
    assert (
        usd_spent("spent#generation#g1") == usd_spent("spent#user#u#2027-01-15") == usd_spent("spent#2027-01-15") == 3
    )
    spending().set_aside("u", "g1", None, "transcription", 1)
    assert usd_spent("spent#2027-01-15") == 4


def test_a_generation_that_ended_meanwhile_holds_nothing() -> None:
    def over() -> None:
        assert usd_spent("spent#user#u#2027-01-15") == 3
        raise Superseded

    with pytest.raises(Superseded):
        spending().hold(("u", "g1"), None, "plan", 3, over)
    assert (
        usd_spent("spent#generation#g1") == usd_spent("spent#user#u#2027-01-15") == usd_spent("spent#2027-01-15") == 0
    )
    spending().hold(("u", "g1"), None, "plan", 3, lambda: None)
    assert usd_spent("spent#2027-01-15") == 3


def test_what_an_earlier_try_has_set_aside_stays_when_the_generation_ends_meanwhile() -> None:
    def over() -> None:
        raise Superseded

    spending().hold(("u", "g1"), None, "transcription", 1, lambda: None)
    with pytest.raises(Superseded):
        spending().hold(("u", "g1"), None, "transcription", 1, over)
    assert usd_spent("spent#generation#g1") == usd_spent("spent#2027-01-15") == 1


PURPOSES = ["transcription", "planning", "plan", "scene 1, try 3", "scene s1, order 2", "still of scene s1, 0a1b"]


@pytest.mark.parametrize("what", PURPOSES)
def test_a_try_after_midnight_finishes_what_was_set_aside_before_it(what: str) -> None:
    tomorrow = spending(now=NOON + DAY)
    spending().set_aside("u", "g1", None, what, 1)
    tomorrow.set_aside("u", "g1", None, what, 1)
    assert (usd_spent("spent#2027-01-15"), usd_spent("spent#2027-01-16")) == (1, 0)
    tomorrow.give_back("u", "g1", what, 1)
    assert (usd_spent("spent#generation#g1"), usd_spent("spent#user#u#2027-01-15"), usd_spent("spent#2027-01-15")) == (
        0,
        0,
        0,
    )
    tomorrow.set_aside("u", "g1", None, what, 1)
    assert (usd_spent("spent#generation#g1"), usd_spent("spent#2027-01-16")) == (1, 1)


@pytest.mark.parametrize("what", PURPOSES)
def test_what_was_asked_before_midnight_is_settled_after_it(what: str) -> None:
    spending().set_aside("u", "g1", None, what, 1)
    spending(now=NOON + DAY).settle(("u", "g1"), what, 1, 0.25)
    assert (usd_spent("spent#generation#g1"), usd_spent("spent#user#u#2027-01-15"), usd_spent("spent#2027-01-15")) == (
        0.25,
        0.25,
        0.25,
    )


def test_a_try_that_broke_off_in_between_has_set_nothing_aside_yet() -> None:
    whole = spending()
    accounts = whole.limits.accounts("u", "g1", None, "2027-01-15")
    for account in accounts:
        assert not whole.has_set_aside("g1", "plan")
        whole._take(account, "g1 plan", 3)  # pyright: ignore[reportPrivateUsage]
    assert whole.has_set_aside("g1", "plan")


def test_what_comes_later_counts_into_the_budget() -> None:
    spending().set_aside("u", "g1", 1.0, "plan", 0.9995)
    with pytest.raises(BudgetExceeded, match="the budget is 1 USD"):
        spending().set_aside("u", "g1", 1.0, "scene 1, try 3", 0.001)


def test_exactly_the_limit_is_enough() -> None:
    for part in range(10):
        spending(user=0.3).set_aside("u", f"g{part}", None, "plan", 0.03)
    assert usd_spent("spent#user#u#2027-01-15") == pytest.approx(0.3)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from("uvw"), st.floats(0, 6)), max_size=8), st.uuids())
def test_no_order_of_requests_passes_a_limit(requests: list[tuple[str, float]], run: object) -> None:
    for number, (user, usd) in enumerate(requests):
        try:
            spending(deployment=20).set_aside(f"{user}{run}", f"{run}{number}", None, "plan", usd)
        except BudgetExceeded:
            continue
    assert all(usd_spent(f"spent#user#{user}{run}#2027-01-15") <= 5 + 1e-9 for user in "uvw")
    assert usd_spent("spent#2027-01-15") <= 20 + 1e-9


def test_a_missing_table_is_named_and_a_dead_one_is_a_matter_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermissionMissing):
        Spending("elsewhere", Limits(1, 1, 1)).set_aside("u", "g", None, "plan", 0.1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    clients.dynamodb.cache_clear()
    with pytest.raises(TableUnavailable):
        spending().set_aside("u", "g", None, "plan", 0.1)


def test_what_was_held_and_not_spent_is_given_back_and_asked_for_anew_is_set_aside_anew() -> None:
    who = ("u", "g1")
    for usd in (0.001, 0.002):
        spending().set_aside(*who, None, "scene 1, try 3", 0.01)
        for _ in range(2):
            spending().settle(who, "scene 1, try 3", 0.01, 0.001)
        assert (
            usd_spent("spent#generation#g1")
            == usd_spent("spent#user#u#2027-01-15")
            == usd_spent("spent#2027-01-15")
            == usd
        )
