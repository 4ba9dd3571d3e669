"""The last look at a generation that is over: what its functions noted after the end counts in its costs and accounts.

Touches the lists of ends, the record, the accounts and the bucket. Step Functions stops an execution, and not the
functions that it called: they run on for minutes, and a clip of unknown fate may turn out to be bought, or free.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from functions.settle import core
from functions.settle.adapters import EndingTable
from functions.settle.rounds import do_all, never
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.video import tombstones
from shared.video.costs import outlay
from shared.video.record import VideoRecord
from shared.video.tombstones import VideoLists

# No function of Lambda runs longer. Seconds.
LONGEST_CALL = 900.0
# For how many periods closing is made up for when calls of the schedule have failed.
MADE_UP = 12


@dataclass(frozen=True)
class Closer:
    """Everything that closing needs; `now` is the clock, in Unix seconds, `is_late` tells that the call has to end."""

    lists: VideoLists
    table: EndingTable
    refunds: Refunds
    bucket: Bucket
    now: Callable[[], float] = time.time
    is_late: Callable[[], bool] = never

    def close(self) -> list[str]:
        """Return the videos that were looked at; one that fails does not keep the others waiting.

        Raises the first failure, TableUnavailable, StorageUnavailable or SweepUnfinished; what was not done stays
        listed, and another call then does it.
        """
        latest = tombstones.period(self.now()) - tombstones.CLOSED_AFTER
        return do_all(
            [
                (video_id, partial(self._video, video_id, number))
                for number in range(latest - MADE_UP, latest + 1)
                for video_id in self.lists.read(number)
            ],
            self.is_late,
        )

    def _video(self, video_id: str, number: int) -> None:
        self._close(video_id)
        self.lists.remove(video_id, number)

    def _close(self, video_id: str) -> None:
        record = self.table.get(video_id)
        # One that was resumed is on a later list, or will be.
        if record is None or not self._is_at_rest(record):
            return
        if correction := core.correction(record):
            self.table.update(video_id, correction)
            record = self.table.get(video_id) or record
        if data := record.ai_generation_data:
            self.refunds.close(record, outlay(data))
            # What a function that ran on has written since its video was deleted alone.
            for prefix in media_keys.of_generation(video_id, data.generation_id) if data.is_deleted else ():
                self.bucket.delete_below(prefix)

    def _is_at_rest(self, record: VideoRecord) -> bool:
        data = record.ai_generation_data
        is_over = record.ai_generation_status not in (None, "processing")
        return bool(data and is_over and (data.notice is None or data.notice.since <= self.now() - LONGEST_CALL))
