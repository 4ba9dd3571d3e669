"""What is done at the end of an execution: the record is made truthful, the end is told, unspent money is given back.

Touches what its ports touch: the execution, the record, the bus and the accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.settle import adapters, core
from functions.settle.adapters import EndingTable
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.errors import EventsUnavailable, RecordingUnreadable
from shared.observability.log import logger
from shared.publishing.words import PlanWords, PostWords
from shared.video import executions
from shared.video.costs import outlay
from shared.video.ending import Ended, ending, repair
from shared.video.events import VideoEnded, end_event
from shared.video.record import VideoRecord
from shared.video.tombstones import VideoLists, delete_files


@dataclass(frozen=True)
class Settler:
    """Everything that settling needs: the record, accounts, bucket, the lists of ends, the execution and the bus."""

    table: EndingTable
    refunds: Refunds
    bucket: Bucket
    ends: VideoLists
    describe: Callable[[str], tuple[Ended, str]] = executions.describe
    send: Callable[[VideoEnded], None] = adapters.send

    def settle(self, call: core.SettleCall) -> list[str]:
        """Return what was done: repaired, corrected, told, given back, swept, or nothing of it.

        Raises TableUnavailable, EventsUnavailable or StorageUnavailable; another call then does what is left.
        """
        arn = call.detail.executionArn
        how, execution_input = self.describe(arn)
        job = core.job_of(execution_input)
        logger().append_keys(video_id=job.video_id if job else "", generation_id=job.generation_id if job else "")
        record = self.table.get(job.video_id) if job else None
        if job is None or record is None or core.generation_of(record, job, arn) is None:
            return []
        actions = ["repaired"] if self._repair(record, how) else []
        record = self.table.get(record.video_id) or record
        if correction := core.correction(record):
            actions += ["corrected"] if self.table.update(record.video_id, correction) else []
            record = self.table.get(record.video_id) or record
        if not core.is_over(record) or core.generation_of(record, job, arn) is None:
            return actions
        event = end_event(record, arn, self._words(record))
        # Before it is told: what a function that still runs notes later is settled in a while.
        self.ends.add(record.video_id, self.table.now())
        actions += ["told"] if event and self._tell(event, call) else []
        actions += ["given back"] if self._give_back(record) else []
        return actions + (["swept"] if self._sweep(record) else [])

    def _words(self, record: VideoRecord) -> PostWords | None:
        """Return the words that the finished video is posted with; None for a plan of none, or that is gone."""
        data = record.ai_generation_data
        if data is None or record.ai_generation_status != "completed":
            return None
        key = media_keys.plan(record.video_id, data.generation_id, data.plan_name)
        try:
            plan = PlanWords.model_validate_json(self.bucket.read_text(key))
        except RecordingUnreadable:
            return None
        return plan.publish if plan.publish != PostWords() else None

    def _repair(self, record: VideoRecord, how: Ended) -> bool:
        data = record.ai_generation_data
        why = repair(data, how) if data else None
        if data is None or why is None or record.ai_generation_status != "processing":
            return False
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return self.table.update(record.video_id, ending(data, "failed", why, now))

    def _tell(self, event: VideoEnded, call: core.SettleCall) -> bool:
        if not self.table.take_on(event, call.detail.executionArn, call.id):
            return False
        try:
            self.send(event)
        except EventsUnavailable:
            self.table.release(event.video_id, call.id)
            raise
        self.table.confirm(event.video_id, call.id)
        return True

    def _give_back(self, record: VideoRecord) -> bool:
        data = record.ai_generation_data
        return bool(data and self.refunds.give_back(record, outlay(data)))

    def _sweep(self, record: VideoRecord) -> bool:
        """Delete what the execution has written since its video was deleted; return whether it was."""
        if record.deleted_at is None:
            return False
        delete_files(self.bucket, record)
        return True
