"""The sweep after a deletion: files that came late go too, and at last the tombstone.

Touches the lists of tombstones, the record, the bucket and the accounts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from functions.settle.adapters import EndingTable
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.errors import ReelwrightError
from shared.observability.log import logger
from shared.video import tombstones
from shared.video.costs import outlay
from shared.video.tombstones import VideoLists


@dataclass(frozen=True)
class Sweeper:
    """Everything that sweeping needs; `now` is the clock, in Unix seconds."""

    lists: VideoLists
    table: EndingTable
    bucket: Bucket
    refunds: Refunds
    now: Callable[[], float] = time.time

    def sweep(self) -> list[str]:
        """Return the videos whose files were looked for; one that fails does not keep the others waiting.

        Raises the first failure, StorageUnavailable, RecordingUnreadable or TableUnavailable; another call then does
        what is left.
        """
        period = tombstones.period(self.now())
        swept = list[str]()
        failures = list[ReelwrightError]()
        for number, is_last in _due(period):
            for video_id in self.lists.read(number):
                try:
                    self._video(video_id, number, is_last)
                    swept.append(video_id)
                except ReelwrightError as error:
                    logger().warning("not swept", extra={"video_id": video_id, "error": type(error).__name__})
                    failures.append(error)
        if failures:
            raise failures[0]
        return swept

    def _video(self, video_id: str, number: int, is_last: bool) -> None:
        record = self.table.get(video_id)
        # A deletion that broke off has left the record as it was: its owner may ask for it again.
        if record and record.deleted_at is not None:
            tombstones.delete_files(self.bucket, record)
            if record.ai_generation_data:
                self.refunds.give_back(record, outlay(record.ai_generation_data))
        if is_last:
            self.table.drop(video_id, self.now() - tombstones.STANDS)
            self.lists.remove(video_id, number)


def _due(period: int) -> list[tuple[int, bool]]:
    """Return the periods whose deletions are swept in this one, and whether it is for the last time."""
    last = range(tombstones.LAST_AFTER, tombstones.LAST_AFTER + tombstones.MADE_UP)
    return [(period - age, False) for age in tombstones.SWEPT_AFTER] + [(period - age, True) for age in last]
