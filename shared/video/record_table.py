"""The `video_metadata` table as whoever owns a part of the record reads and changes it.

Touches DynamoDB; every change is conditional on what was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.aws.dynamodb import Table, Update
from shared.video.record import VideoRecord, legible


@dataclass(frozen=True)
class RecordTable:
    """The `video_metadata` table; every method raises TableUnavailable, PermissionMissing or RecordRejected."""

    name: str

    @property
    def items(self) -> Table:
        """The table's items, by the id of their video."""
        return Table(self.name, "video_id", "videos")

    def get(self, video_id: str) -> VideoRecord | None:
        """Return the record, or None."""
        item = self.items.get(video_id)
        return legible(item) if item else None

    def update(self, video_id: str, update: Update) -> bool:
        """Change the record; return False when the condition does not hold."""
        return self.items.update(video_id, update)
