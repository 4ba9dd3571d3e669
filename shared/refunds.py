"""Give back to the accounts what a generation had set aside and did not spend.

Touches the tables of videos and of accounts in one transaction: a generation that goes on meanwhile keeps everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared import aws
from shared.attributes import attribute_value, plain_values
from shared.errors import TableUnavailable
from shared.record import VideoRecord
from shared.spending import PLAN, account_ids

_HELD = "contains(purposes, :name)"
_LOST = ("None", "ConditionalCheckFailed")


@dataclass(frozen=True)
class Refunds:
    """The table of accounts, and the table of videos."""

    accounts: str
    videos: str

    def give_back(self, record: VideoRecord, outlay: float) -> float:
        """Return the USD that were given back to the generation's, the user's and the deployment's accounts.

        `outlay` is the most that the generation can have cost, in USD: that much stays set aside, and all that was set
        aside besides the plan. Nothing is given back twice, nor when the record has changed meanwhile. Raises
        TableUnavailable.
        """
        data = record.ai_generation_data
        held = self._held(data.generation_id) if data else None
        if data is None or held is None:
            return 0.0
        unused = round(min(held["planned"], held["spent"] - outlay), 6)
        if unused <= 0:
            return 0.0
        used = round(held.get("used", 0.0) + held["planned"] - unused, 6)
        generation, *days = account_ids(record.user_id, data.generation_id, held["planned_on"])
        purpose = f"{data.generation_id} {PLAN}"
        writes = [self._unchanged(record), self._less(generation, purpose, unused, used)]
        writes += [self._less(day, purpose, unused) for day in days]
        return unused if _written(writes) else 0.0

    def _held(self, generation_id: str) -> dict[str, Any] | None:
        generation = account_ids("", generation_id, "")[0]
        try:
            reply = aws.dynamodb().get_item(
                TableName=self.accounts,
                Key={"id": {"S": generation}},
                ProjectionExpression="spent, planned, planned_on, used",
                ConsistentRead=True,
            )
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The accounts could not be reached.") from error
        held = plain_values(dict(reply.get("Item", {})))
        return held if "planned_on" in held else None

    def _unchanged(self, record: VideoRecord) -> dict[str, Any]:
        data = record.ai_generation_data
        seen = {":status": record.ai_generation_status, ":arn": data.execution_arn if data else ""}
        check = {
            "TableName": self.videos,
            "Key": {"video_id": {"S": record.video_id}},
            "ConditionExpression": "ai_generation_status = :status AND ai_generation_data.execution_arn = :arn",
            "ExpressionAttributeValues": {name: attribute_value(value) for name, value in seen.items()},
        }
        return {"ConditionCheck": check}

    def _less(self, account: str, purpose: str, unused: float, used: float | None = None) -> dict[str, Any]:
        values = {":less": {"N": str(-Decimal(str(unused)))}, ":purpose": {"SS": [purpose]}, ":name": {"S": purpose}}
        change = "ADD spent :less DELETE purposes :purpose"
        if used is not None:
            change, values[":used"] = f"{change} SET used = :used", {"N": str(used)}
        update = {
            "TableName": self.accounts,
            "Key": {"id": {"S": account}},
            "UpdateExpression": change,
            "ConditionExpression": _HELD,
            "ExpressionAttributeValues": values,
        }
        return {"Update": update}


def _written(writes: list[Any]) -> bool:
    """Return whether all of it was written, or, because a condition was lost, nothing."""
    client = aws.dynamodb()
    try:
        client.transact_write_items(TransactItems=writes)
    except client.exceptions.TransactionCanceledException as error:
        reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])}
        if reasons <= set(_LOST):
            return False
        raise TableUnavailable("The accounts are busy.") from error
    except (ClientError, BotoCoreError) as error:
        raise TableUnavailable("The accounts could not be reached.") from error
    return True
