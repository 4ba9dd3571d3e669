"""Give back to the accounts what a generation had set aside and did not spend.

Touches the tables of videos and of accounts in one transaction: a generation that goes on meanwhile keeps everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.aws.attribute_values import attribute_value, plain_values
from shared.budget.account_changes import change, write_all
from shared.budget.accounts import PLAN, account_ids
from shared.errors import TableUnavailable
from shared.video.record import VideoRecord


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
        reservation = self._reservation(data.generation_id) if data else None
        if data is None or reservation is None:
            return 0.0
        unused_usd = round(min(reservation["planned"], reservation["spent"] - outlay), 6)
        if unused_usd <= 0:
            return 0.0
        used_usd = round(reservation.get("used", 0.0) + reservation["planned"] - unused_usd, 6)
        generation, *days = account_ids(record.user_id, data.generation_id, reservation["planned_on"])
        purpose = f"{data.generation_id} {PLAN}"
        writes = [
            self._unless_changed(record),
            change(self.accounts, generation, purpose, -unused_usd, {"used": used_usd}),
        ]
        writes += [change(self.accounts, day, purpose, -unused_usd, {}) for day in days]
        return unused_usd if write_all(writes) else 0.0

    def _reservation(self, generation_id: str) -> dict[str, Any] | None:
        generation = account_ids("", generation_id, "")[0]
        try:
            reply = clients.dynamodb().get_item(
                TableName=self.accounts,
                Key={"id": {"S": generation}},
                ProjectionExpression="spent, planned, planned_on, used",
                ConsistentRead=True,
            )
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The accounts could not be reached.") from error
        item = plain_values(dict(reply.get("Item", {})))
        return item if "planned_on" in item else None

    def _unless_changed(self, record: VideoRecord) -> dict[str, Any]:
        data = record.ai_generation_data
        values = {":status": record.ai_generation_status, ":arn": data.execution_arn if data else ""}
        check = {
            "TableName": self.videos,
            "Key": {"video_id": {"S": record.video_id}},
            "ConditionExpression": "ai_generation_status = :status AND ai_generation_data.execution_arn = :arn",
            "ExpressionAttributeValues": {name: attribute_value(value) for name, value in values.items()},
        }
        return {"ConditionCheck": check}
