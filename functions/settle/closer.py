"""The last look at a generation that is over: what its functions noted after the end counts in its costs and accounts.

Touches the lists of ends, the record, the accounts and the bucket. Step Functions stops an execution, and not the
functions that it called: they run on for minutes, and a clip of unknown fate may turn out to be bought, or free.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from functions.settle import core
from functions.settle.adapters import EndingTable
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.errors import ReelwrightError
from shared.observability.log import logger
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
    """Everything that closing needs; `now` is the clock, in Unix seconds."""

    lists: VideoLists
    table: EndingTable
    refunds: Refunds
    bucket: Bucket
    now: Callable[[], float] = time.time

    def close(self) -> list[str]:
        """Return the videos that were looked at; one that fails does not keep the others waiting.

        Raises the first failure, TableUnavailable or StorageUnavailable; what failed stays listed, and another call
        then does what is left.
        """
        latest = tombstones.period(self.now()) - tombstones.CLOSED_AFTER
        video_ids = list[str]()
        failures = list[ReelwrightError]()
        for number in range(latest - MADE_UP, latest + 1):
            for video_id in self.lists.read(number):
                try:
                    self._video(video_id)
                    self.lists.remove(video_id, number)
                    video_ids.append(video_id)
                except ReelwrightError as error:
                    logger().warning("not closed", extra={"video_id": video_id, "error": type(error).__name__})
                    failures.append(error)
        if failures:
            raise failures[0]
        return video_ids

    def _video(self, video_id: str) -> None:
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
