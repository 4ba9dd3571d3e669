"""Many generations at once, each on a connection of its own, stay within a limit together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from local.emulators.aws.faults_before_moto import AwsFaults
from shared.aws import clients
from shared.budget.accounts import Limits, Spending
from shared.errors import BudgetExceeded


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
