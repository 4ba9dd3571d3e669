"""Give back to the accounts what a generation had set aside and did not spend.

Touches the tables of videos and of accounts in transactions: a generation that goes on meanwhile keeps what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, Update
from shared.budget.account_changes import Accounts, account_table, closing_changes, write_corrections
from shared.budget.account_names import PLAN, PLANNING, account_ids
from shared.video.costs import planning_outlay
from shared.video.record import GenerationData, VideoRecord
from shared.video.record_table import RecordTable


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
        ids = account_ids(record.user_id, data.generation_id, reservation["planned_on"])
        changes = Accounts(ids, reservation, self._item).end(f"{data.generation_id} {PLAN}", -unused_usd)
        return round(asking_usd + unused_usd, 6) if self._write(record, changes) else asking_usd

    def close(self, record: VideoRecord, outlay: float) -> float:
        """Return the USD given back, less than nothing if too little was held: the accounts then hold the `outlay`.

        For a generation of which no function runs any more: what such a one has noted after the end, or left set aside
        when it died, is settled here, all purposes but that of a transcription that was bought end, and a resumed run
        sets aside anew. Nothing happens when the record has changed meanwhile. Raises TableUnavailable.
        """
        data = record.ai_generation_data
        reservation = self._reservation(data.generation_id) if data else {}
        more = round(outlay - reservation.get("spent", outlay), 6)
        if data is None or not more:
            return 0.0
        who = (record.user_id, data.generation_id)
        changes = closing_changes(who, reservation, outlay, data, planning_paid=planning_outlay(data))
        return -more if self._write(record, changes) else 0.0

    def _give_back_for_asking(self, record: VideoRecord, data: GenerationData) -> float:
        """Return the USD given back of what a function that died while it asked for a plan has left set aside."""
        purpose = f"{data.generation_id} {PLANNING}"
        reservation = self._reservation(data.generation_id)
        if purpose not in reservation.get("purposes", ()):
            return 0.0
        paid_usd = planning_outlay(data)
        change_usd = round(paid_usd - reservation.get("planning_paid", 0.0) - reservation["planning"], 6)
        ids = account_ids(record.user_id, data.generation_id, reservation["planning_on"])
        changes = Accounts(ids, reservation, self._item).end(purpose, change_usd, {"planning_paid": paid_usd})
        return -change_usd if self._write(record, changes) else 0.0

    def _write(self, record: VideoRecord, changes: list[tuple[str, Update]]) -> bool:
        """Make the changes of accounts, all or none; return False when the record or an account has changed."""
        data = record.ai_generation_data
        same_record = Condition(
            "ai_generation_status = :status AND ai_generation_data.execution_arn = :arn",
            {"status": record.ai_generation_status, "arn": data.execution_arn if data else ""},
        )
        check = RecordTable(self.videos).items.part(record.video_id, same_record)
        return write_corrections(account_table(self.accounts), changes, check)

    def _reservation(self, generation_id: str) -> dict[str, Any]:
        return self._item(account_ids("", generation_id, "")[0])

    def _item(self, account_id: str) -> dict[str, Any]:
        return plain_values(account_table(self.accounts).get(account_id) or {})
