"""The sweep after a deletion: files that came late go too, and at last the tombstone.

Touches the lists of tombstones, the record, the bucket and the accounts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from functions.settle.adapters import EndingTable
from functions.settle.rounds import do_all, never
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.video import tombstones
from shared.video.costs import outlay
from shared.video.tombstones import VideoLists


@dataclass(frozen=True)
class Sweeper:
    """Everything that sweeping needs; `now` is the clock, in Unix seconds, `is_late` tells that the call has to end."""

    lists: VideoLists
    table: EndingTable
    bucket: Bucket
    refunds: Refunds
    now: Callable[[], float] = time.time
    is_late: Callable[[], bool] = never

    def sweep(self) -> list[str]:
        """Return the videos whose files were looked for; one that fails does not keep the others waiting.

        Raises the first failure, StorageUnavailable, RecordingUnreadable, TableUnavailable or SweepUnfinished; another
        call then does what is left.
        """
        return do_all(
            [
                (video_id, partial(self._video, video_id, number, is_last))
                for number, is_last in _due(tombstones.period(self.now()))
                for video_id in self.lists.read(number)
            ],
            self.is_late,
        )

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
    """Return the periods whose deletions are swept in this one, and whether it is for the last time.

    Those come first: of what was swept for the last time nothing stays listed, so that each call gets further.
    """
    last = range(tombstones.LAST_AFTER, tombstones.LAST_AFTER + tombstones.MADE_UP)
    return [(period - age, True) for age in last] + [(period - age, False) for age in tombstones.SWEPT_AFTER]
