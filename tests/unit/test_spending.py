"""Money is set aside before it is spent: once for each purpose, and never over a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws import clients
from shared.aws.attribute_values import attribute_value
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


OF_ALL = ("spent#generation#g1", "spent#user#u#2027-01-15", "spent#2027-01-15")


def put_as_an_earlier_version_did(table: str, accounts: Sequence[str], purpose: str, usd: float) -> None:
    """Write accounts each of which names the purpose; the generation's knows the amount and the day."""
    what = purpose.partition(" ")[2]
    for account in accounts:
        item = {"id": account, "spent": usd, "purposes": {purpose}, "expiration": int(NOON) + DAY}
        if "#generation#" in account:
            item |= {f"{what}_on": "2027-01-15", "planned_on": "2027-01-15", "planned": usd, what: usd}
        attributes = {name: attribute_value(value) for name, value in item.items()}
        clients.dynamodb().put_item(TableName=table, Item=attributes)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_an_earlier_version_has_set_aside_in_some_accounts_is_finished(count: int) -> None:
    put_as_an_earlier_version_did(TABLE, OF_ALL[:count], "g1 plan", 3)
    assert spending().has_set_aside("g1", "plan") == (count == 3)
    for _ in range(2):
        spending().set_aside("u", "g1", None, "plan", 3)
        assert [usd_spent(account) for account in OF_ALL] == [3, 3, 3]
    assert spending().has_set_aside("g1", "plan")
    for _ in range(2):
        spending().settle(("u", "g1"), "plan", 3, 1)
        assert [usd_spent(account) for account in OF_ALL] == [1, 1, 1]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_an_earlier_version_has_set_aside_in_some_accounts_is_given_back_where_it_is(count: int) -> None:
    spending().set_aside("u", "g2", None, "plan", 1)
    put_as_an_earlier_version_did(TABLE, OF_ALL[:count], "g1 plan", 3)
    totals = [0 if number < count else usd_spent(account) for number, account in enumerate(OF_ALL)]
    for _ in range(2):
        spending().give_back("u", "g1", "plan", 3)
        assert [usd_spent(account) for account in OF_ALL] == totals


@pytest.mark.parametrize("lacking", [OF_ALL[1:2], OF_ALL[2:], OF_ALL[1:]], ids=["user's", "deployment's", "both"])
def test_a_correction_makes_no_account_of_a_day_that_has_expired(lacking: Sequence[str]) -> None:
    spending().set_aside("u", "g1", None, "plan", 3)
    for account in lacking:
        clients.dynamodb().delete_item(TableName=TABLE, Key={"id": {"S": account}})
    for _ in range(2):
        spending(now=NOON + 400 * DAY).settle(("u", "g1"), "plan", 3, 1)
        assert [usd_spent(account) for account in OF_ALL] == [0 if account in lacking else 1 for account in OF_ALL]
    items = clients.dynamodb().scan(TableName=TABLE)["Items"]
    assert {item["id"].get("S") for item in items} == set(OF_ALL) - set(lacking)


def test_the_accounts_of_a_day_do_not_grow_with_what_is_bought() -> None:
    sizes = list[int]()
    for number in range(3):
        spending(user=99, deployment=99).set_aside("u", f"g{number}", None, "transcription", 1)
        items = [clients.dynamodb().get_item(TableName=TABLE, Key={"id": {"S": each}}) for each in OF_ALL[1:]]
        sizes.append(len(str([item.get("Item") for item in items])))
    assert sizes[0] == sizes[2]


CALLS = st.tuples(
    st.sampled_from(["aside", "back", "settle"]),
    st.sampled_from("uv"),
    st.integers(0, 2),
    st.sampled_from(["plan", "planning", "scene 1, try 3"]),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(CALLS, max_size=25))
def test_whatever_is_asked_in_any_order_all_accounts_hold_the_same(calls: list[tuple[str, str, int, str]]) -> None:
    # The table is that of all examples.
    run = uuid4().hex
    clients.dynamodb().delete_item(TableName=TABLE, Key={"id": {"S": OF_ALL[2]}})
    accounts = Spending(TABLE, Limits(50, 4, 6), lambda: NOON)
    # What is set aside now, a dollar each, and what was settled by user: the accounts hold their sum.
    reservations = set[tuple[str, int, str]]()
    totals = dict.fromkeys("uv", 0.0)
    for call, user, number, what in calls:
        key = user, number, what
        who = f"{user}{run}", f"{user}{number}{run}"
        if call == "aside":
            with suppress(BudgetExceeded):
                accounts.set_aside(*who, None, what, 1)
                totals[user] += key not in reservations
                reservations.add(key)
        elif key in reservations:
            totals[user] -= 1 if call == "back" else 0.75
            reservations.discard(key)
        if call == "back":
            accounts.give_back(*who, what, 1)
        elif call == "settle":
            accounts.settle(who, what, 1, 0.25)
        assert accounts.has_set_aside(who[1], what) == (key in reservations)
    for user, usd in totals.items():
        assert usd_spent(f"spent#user#{user}{run}#2027-01-15") == pytest.approx(usd)
        assert usd <= 4
    assert usd_spent(OF_ALL[2]) == pytest.approx(sum(totals.values()))
    assert sum(totals.values()) <= 6


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
