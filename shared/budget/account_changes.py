"""Changes of several accounts at once, all of them or none: what a purpose holds becomes what it has cost.

Touches the DynamoDB table of accounts, by one transaction.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.errors import TableUnavailable


def change(table: str, account: str, purpose: str, more: float, sets: dict[str, float]) -> dict[str, Any]:
    """Return the part of a transaction that ends a purpose of an account and changes what it holds by `more` USD.

    `sets` are numbers that the account keeps besides.
    """
    assignments = ", ".join(f"{name} = :{name}" for name in sets)
    update = {
        "TableName": table,
        "Key": {"id": {"S": account}},
        "UpdateExpression": "ADD spent :more DELETE purposes :purpose" + (f" SET {assignments}" if sets else ""),
        "ConditionExpression": "contains(purposes, :name)",
        "ExpressionAttributeValues": {
            **{f":{name}": attribute_value(usd) for name, usd in sets.items()},
            ":more": _usd(more),
            ":purpose": {"SS": [purpose]},
            ":name": {"S": purpose},
        },
    }
    return {"Update": update}


def correction(table: str, account: str, more: float, purposes: list[str], **sets: float) -> dict[str, Any]:
    """Return the part of a transaction that changes what an account holds by `more` USD and ends the purposes.

    `sets` are numbers that the account keeps besides; with "seen", the USD that it must hold until then.
    """
    expected_spend = {":seen": _usd(sets.pop("seen"))} if "seen" in sets else {}
    assignments = ", ".join(f"{name} = :{name}" for name in sets)
    update = {
        "TableName": table,
        "Key": {"id": {"S": account}},
        "UpdateExpression": "ADD spent :more"
        + (" DELETE purposes :purposes" if purposes else "")
        + (f" SET {assignments}" if sets else ""),
        "ConditionExpression": "spent = :seen" if expected_spend else "attribute_exists(spent)",
        "ExpressionAttributeValues": {
            **{f":{name}": _usd(usd) for name, usd in sets.items()},
            ":more": _usd(more),
            **({":purposes": {"SS": purposes}} if purposes else {}),
            **expected_spend,
        },
    }
    return {"Update": update}


def _usd(amount: float) -> dict[str, str]:
    return {"N": str(Decimal(str(round(amount, 6))))}


def write_all(writes: list[Any]) -> bool:
    """Return whether all of a transaction was written, or, because a condition was lost, nothing."""
    client = clients.dynamodb()
    try:
        client.transact_write_items(TransactItems=writes)
    except client.exceptions.TransactionCanceledException as error:
        reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])}
        if reasons <= {"None", "ConditionalCheckFailed"}:
            return False
        raise TableUnavailable("The accounts are busy.") from error
    except (ClientError, BotoCoreError) as error:
        raise TableUnavailable("The accounts could not be reached.") from error
    return True
