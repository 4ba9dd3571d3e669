"""Give back to the accounts what a generation had set aside and did not spend.

Touches the tables of videos and of accounts in transactions: a generation that goes on meanwhile keeps what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.aws.attribute_values import attribute_value, plain_values
from shared.budget.account_changes import change, correction, write_all
from shared.budget.accounts import PLAN, PLANNING, TRANSCRIPTION, account_ids
from shared.errors import TableUnavailable
from shared.video.costs import planning_outlay
from shared.video.record import GenerationData, VideoRecord


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
        if data is None:
            return 0.0
        asking_usd = self._give_back_for_asking(record, data)
        reservation = self._reservation(data.generation_id)
        if "planned_on" not in reservation:
            return asking_usd
        unused_usd = round(min(reservation["planned"], reservation["spent"] - outlay), 6)
        if unused_usd <= 0:
            return asking_usd
        used_usd = round(reservation.get("used", 0.0) + reservation["planned"] - unused_usd, 6)
        generation, *days = account_ids(record.user_id, data.generation_id, reservation["planned_on"])
        purpose = f"{data.generation_id} {PLAN}"
        changes = [change(self.accounts, day, purpose, -unused_usd, {}) for day in days]
        changes.append(change(self.accounts, generation, purpose, -unused_usd, {"used": used_usd}))
        return round(asking_usd + unused_usd, 6) if self._write_each(record, changes) else asking_usd

    def close(self, record: VideoRecord, outlay: float) -> float:
        """Return the USD given back, less than nothing if too little was held: the accounts then hold the `outlay`.

        For a generation of which no function runs any more: what such a one has noted after the end, or left set aside
        when it died, is settled here, all purposes but the transcription's end, and a resumed run sets aside anew.
        Nothing happens when the record has changed meanwhile. Raises TableUnavailable.
        """
        data = record.ai_generation_data
        reservation = self._reservation(data.generation_id) if data else {}
        day = reservation.get("planned_on", reservation.get("planning_on"))
        more = round(outlay - reservation.get("spent", outlay), 6)
        if data is None or day is None or not more:
            return 0.0
        purposes = [name for name in reservation.get("purposes", ()) if name != f"{data.generation_id} {TRANSCRIPTION}"]
        planned_usd = reservation["planned"] if f"{data.generation_id} {PLAN}" in purposes else 0.0
        used_usd = min(max(0.0, reservation.get("used", 0.0) + planned_usd + more), outlay)
        sets = {"used": used_usd, "planning_paid": planning_outlay(data), "seen": reservation["spent"]}
        generation, *days = account_ids(record.user_id, data.generation_id, day)
        changes = [correction(self.accounts, account, more, purposes) for account in days]
        changes.append(correction(self.accounts, generation, more, purposes, **sets))
        return -more if write_all([self._unless_changed(record), *changes]) else 0.0

    def _give_back_for_asking(self, record: VideoRecord, data: GenerationData) -> float:
        """Return the USD given back of what a function that died while it asked for a plan has left set aside."""
        purpose = f"{data.generation_id} {PLANNING}"
        reservation = self._reservation(data.generation_id)
        if purpose not in reservation.get("purposes", ()):
            return 0.0
        paid_usd = planning_outlay(data)
        change_usd = round(paid_usd - reservation.get("planning_paid", 0.0) - reservation["planning"], 6)
        generation, *days = account_ids(record.user_id, data.generation_id, reservation["planning_on"])
        changes = [change(self.accounts, day, purpose, change_usd, {}) for day in days]
        changes.append(change(self.accounts, generation, purpose, change_usd, {"planning_paid": paid_usd}))
        return -change_usd if self._write_each(record, changes) else 0.0

    def _write_each(self, record: VideoRecord, changes: list[Any]) -> bool:
        """Make each change unless the record has changed; return whether the last, the generation's own, was made.

        Each by itself: a function that died between two accounts has set money aside in the first one only.
        """
        return [write_all([self._unless_changed(record), each]) for each in changes][-1]

    def _reservation(self, generation_id: str) -> dict[str, Any]:
        generation = account_ids("", generation_id, "")[0]
        try:
            reply = clients.dynamodb().get_item(
                TableName=self.accounts,
                Key={"id": {"S": generation}},
                ProjectionExpression="spent, planned, planned_on, used, planning, planning_on, planning_paid, purposes",
                ConsistentRead=True,
            )
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The accounts could not be reached.") from error
        return plain_values(dict(reply.get("Item", {})))

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
