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
            ":more": {"N": str(Decimal(str(round(more, 6))))},
            ":purpose": {"SS": [purpose]},
            ":name": {"S": purpose},
        },
    }
    return {"Update": update}


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
