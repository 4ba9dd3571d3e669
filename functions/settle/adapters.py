"""Settle's conversations: the record, and the event bus.

Touches DynamoDB and EventBridge; every write of the record is conditional on what was seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from functions.settle.core import CLAIM_SECONDS, being_told
from shared.aws import event_bus
from shared.aws.dynamodb import Condition, Update
from shared.errors import EventsUnavailable
from shared.video.events import DETAIL_TYPES, SOURCE, VideoEnded
from shared.video.record import EndNotice
from shared.video.record_table import RecordTable

_NOTICE = "ai_generation_data.notice"
_MINE = f"{_NOTICE}.by = :by"
# Free, or not known to be sent by this very call, or by another that no longer runs.
_MAY_TELL = (
    f"ai_generation_data.generation_id = :generation AND (attribute_not_exists({_NOTICE})"
    f" OR {_NOTICE}.execution_arn <> :arn"
    f" OR ({_NOTICE}.is_sent = :no AND ({_MINE} OR {_NOTICE}.since < :alive)))"
)


def send(event: VideoEnded) -> None:
    """Put the event on the account's default bus; raise EventsUnavailable when it was not taken."""
    event_bus.put(SOURCE, DETAIL_TYPES[event.status], event.model_dump_json(exclude_none=True))


@dataclass(frozen=True)
class EndingTable(RecordTable):
    """The `video_metadata` table as settle writes it; `now` is the clock, in Unix seconds."""

    now: Callable[[], float] = time.time

    def take_on(self, event: VideoEnded, execution_arn: str, by: str) -> bool:
        """Take on telling of this execution's end; return False when it is told already, or no longer of interest.

        Raises EventsUnavailable while another call is at it, because that one may still die.
        """
        now = self.now()
        notice = EndNotice(execution_arn=execution_arn, by=by, since=now).model_dump(mode="json")
        values = {"arn": execution_arn, "by": by, "no": False}
        values |= {"generation": event.generation_id, "alive": now - CLAIM_SECONDS}
        if self.update(event.video_id, Update(sets={_NOTICE: notice}, where=Condition(_MAY_TELL, values))):
            return True
        if being_told(self.get(event.video_id), event.generation_id, execution_arn):
            raise EventsUnavailable("Another call is sending the event; whether it was sent will be known later.")
        return False

    def confirm(self, video_id: str, by: str) -> None:
        """Write that the event was sent."""
        self.update(video_id, Update(sets={f"{_NOTICE}.is_sent": True}, where=Condition(_MINE, {"by": by})))

    def release(self, video_id: str, by: str) -> None:
        """Write that the event was not sent, so that another call may; a repetition of this one may have sent it."""
        unsent = Condition(f"{_MINE} AND {_NOTICE}.is_sent = :no", {"by": by, "no": False})
        self.update(video_id, Update(removes=[_NOTICE], where=unsent))

    def drop(self, video_id: str, before: float) -> bool:
        """Delete the record if it is a tombstone and was before `before`, Unix time; return whether it was."""
        return self.items.delete(video_id, Condition("deleted_at <= :before", {"before": before}))
