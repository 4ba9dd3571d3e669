"""Many generations at once, each on a connection of its own, stay within a limit together, and within a quota."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from local.emulators.aws.faults_before_moto import AwsFaults
from shared.aws import clients
from shared.budget.accounts import Limits, Spending
from shared.errors import BudgetExceeded
from shared.quota.turn_table import TurnTable
from tests.unit.cloud_fixtures import create_keys_table


def test_many_at_once_do_not_pass_the_limit(endpoint: tuple[str, AwsFaults], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint[0])
    clients.dynamodb().create_table(
        TableName="keys",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    accounts = Spending("keys", Limits(50, 1, 100), lambda: 0)

    def is_accepted(generation: int) -> bool:
        try:
            accounts.set_aside("u", str(generation), None, "plan", 0.3)
        except BudgetExceeded:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(is_accepted, range(24))) == 3
    item = clients.dynamodb().get_item(TableName="keys", Key={"id": {"S": "spent#user#u#1970-01-01"}}).get("Item", {})
    assert item.get("spent") == {"N": "0.9"}


def test_many_that_ask_at_once_have_a_turn_each(
    endpoint: tuple[str, AwsFaults], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint[0])
    create_keys_table("turns")
    turns = TurnTable("turns", {"model": 4}, lambda: 0)

    def wait(number: int) -> int:
        return turns.wait("model", "u", f"o{number}")

    with ThreadPoolExecutor(12) as pool:
        waits = pool.map(wait, range(12))
    assert sorted(waits) == [0] * 4 + [59] * 4 + [120] * 4
