"""The generation that a search for moments stands in front of: set aside when the search begins, and put back for use.

Touches the table and the bucket. A search takes the record's one place for a generation, and makes nothing there that
is gone on with; what was made before it is neither lost for that nor changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from functions.api.table import VideoTable
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import Stored
from shared.errors import RecordingUnreadable
from shared.http.refusals import AlreadyProcessing
from shared.video.public_record import GenerationStatus
from shared.video.record import GenerationData, VideoRecord, legible
from shared.video.timestamps import moment

# Seconds. What tells of an end is called some seconds after it at most, and again when it failed; where nothing listens
# any more a video is not kept from its owner for longer.
LONGEST_TELLING = 60


class _Former(BaseModel):
    """A generation as it is stored beside its plan while a search stands in front of it."""

    status: GenerationStatus
    data: GenerationData


@dataclass(frozen=True)
class Formers:
    """The table of videos, and the bucket that holds what was set aside."""

    table: VideoTable
    bucket: Bucket

    def set_aside(self, record: VideoRecord) -> tuple[str, Stored | None]:
        """Store what a search would stand in front of; return what it is called, "" where nothing would be lost.

        With it comes the generation as the table has it, which must be that still when the search begins.
        """
        if _is_search(record.ai_generation_data):
            # The next search stands in front of the same.
            return record.ai_generation_data.set_aside if record.ai_generation_data else "", None
        item: dict[str, Any] = self.table.items.get(record.video_id) or {}
        latest = legible(item) if item else record
        data = latest.ai_generation_data
        if data is None or data.is_deleted or latest.ai_generation_status in (None, "processing"):
            return "", None
        text = _Former(status=latest.ai_generation_status, data=data).model_dump_json(exclude_none=True)
        name = f"{data.generation_id}.{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        self.bucket.write_text(media_keys.set_aside(record.video_id, name), text)
        return name, Stored(item["ai_generation_data"])

    def beneath(self, record: VideoRecord) -> VideoRecord:
        """Return the record as if no search stood in front of its generation; as it is where none does."""
        former = self._read(record)
        if former is None:
            return record
        return record.model_copy(update={"ai_generation_data": former.data, "ai_generation_status": former.status})

    def put_back(self, record: VideoRecord, now: str) -> VideoRecord:
        """Return the record with the former generation in its place, written so, to be gone on with.

        While the search runs the record stays as it is. Raises AlreadyProcessing when it changes at this moment, or the
        search's end is being told.
        """
        if record.ai_generation_status == "processing":
            return record
        former = self._read(record)
        search = record.ai_generation_data
        if former is None or search is None:
            return record
        if _is_being_told(record, search, now):
            raise AlreadyProcessing("The search for moments is only just over; try again in some seconds.")
        if not self.table.put_back(record.video_id, search, former.data, former.status, now=now):
            raise AlreadyProcessing("The video is changing at this very moment; try again.")
        return record.model_copy(update={"ai_generation_data": former.data, "ai_generation_status": former.status})

    def _read(self, record: VideoRecord) -> _Former | None:
        """Return what was set aside, None where nothing was, or it was deleted with its video since."""
        data = record.ai_generation_data
        if data is None or not _is_search(data) or not data.set_aside:
            return None
        key = media_keys.set_aside(record.video_id, data.set_aside)
        try:
            return _Former.model_validate_json(self.bucket.read_text(key))
        except RecordingUnreadable:
            return None


def _is_being_told(record: VideoRecord, search: GenerationData, now: str) -> bool:
    """Return whether what tells of the search's end, and gives back what it did not spend, still needs its record."""
    if search.notice and search.notice.is_sent:
        return False
    since = moment(record.updated_at)
    present = moment(now)
    return bool(since and present and (present - since).total_seconds() < LONGEST_TELLING)


def _is_search(data: GenerationData | None) -> bool:
    return data is not None and data.goal == "moments"
