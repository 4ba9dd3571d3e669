"""A shelf: the files of a user's own of a kind, each announced, uploaded, checked when it is first asked about.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from functions.api.adapters import UPLOAD_SECONDS
from functions.api.services import Services, now_text
from shared.brand import own_keys
from shared.error_kinds import UserError
from shared.errors import EventsUnavailable, RecordingTooLarge, UnsupportedMedia
from shared.http.requests import NewFont, NewImage, NewMusic
from shared.http.responses import UploadForm
from shared.video.own_image import ImageStatus, ImageUploaded, OwnImage, OwnImages, SeenImage, new_image_id
from shared.video.timestamps import moment

# Seconds that a check may take with Lambda's own repetitions, and how often it is asked for.
PATIENCE = 1800
TRIES = 2
GAVE_UP = "The file could not be examined; save it in another format and upload that."


@dataclass(frozen=True)
class ShelfKind:
    """What lies on a shelf: what it is called, the media types it can have, and the error of what is not there."""

    noun: str
    media_types: frozenset[str]
    missing: type[UserError]


@dataclass(frozen=True)
class OwnShelf:
    """The files of a kind of one user's; every method raises what the bucket does."""

    services: Services
    place: str
    kind: ShelfKind

    def begin(self, body: NewFont | NewImage | NewMusic, most: int) -> tuple[OwnImage, UploadForm]:
        """Write the record of a file that is about to be uploaded, of at most so many bytes, and return its form, too.

        Raises UnsupportedMedia and RecordingTooLarge.
        """
        if body.content_type not in self.kind.media_types:
            raise UnsupportedMedia(f"contentType: no {self.kind.noun} of this media type is accepted.")
        if body.file_size > most:
            raise RecordingTooLarge(f"The file has {body.file_size} bytes; at most {most} are accepted.")
        record = OwnImage(
            image_id=new_image_id(),
            filename=body.filename,
            content_type=body.content_type,
            file_size=body.file_size,
            created_at=now_text(),
        )
        self.records.create(record)
        until = datetime.now(UTC) + timedelta(seconds=UPLOAD_SECONDS)
        key = own_keys.image_upload(self.place, record.image_id)
        form = self.services.objects.upload(key, body.content_type, body.file_size)
        return record, UploadForm(**form, expires_at=until.isoformat(timespec="seconds"))

    def page(self, limit: int, after: str | None) -> tuple[list[OwnImage], str | None]:
        """Return at most `limit` files, newest first, and the id of the last one where there are more."""
        records = self.records.page(limit + 1, after or "")
        page = records[:limit]
        return page, page[-1].image_id if len(records) > limit else None

    def show(self, file_id: str) -> OwnImage:
        """Return the file, whose check is asked for when it has arrived; raise the kind's error when there is none."""
        record = self.records.read(file_id)
        if record is None:
            raise self._missing
        self._go_on(record)
        return (self.records.read(file_id) or record).image

    def delete(self, file_id: str) -> None:
        """Delete the file with its record; raise the kind's error when there is neither."""
        record = self.records.read(file_id)
        # Also what a deletion that failed half way has left.
        has_files = self.records.delete(file_id)
        if record is None and not has_files:
            raise self._missing

    @property
    def records(self) -> OwnImages:
        """The records of the shelf."""
        return OwnImages(self.services.bucket, self.place)

    @property
    def _missing(self) -> UserError:
        return self.kind.missing(f"There is no {self.kind.noun} with this id.")

    def _go_on(self, record: SeenImage) -> None:
        """Ask for the check of what has arrived, once more when nothing was heard of it; at last give it up."""
        image = record.image
        now = time.time()
        is_stale = image.status == "checking" and now - image.checking_since > PATIENCE
        if is_stale and image.tries >= TRIES:
            if self.records.replace(record, image.model_copy(update={"status": "refused", "reason": GAVE_UP})):
                self.services.bucket.delete_below(own_keys.image_upload(self.place, image.image_id))
        elif is_stale or (image.status == "waiting" and self._has_arrived(image)):
            checking = {"status": "checking", "checking_since": now, "tries": image.tries + 1}
            if self.records.replace(record, image.model_copy(update=checking)):
                self._ask(image)

    def _ask(self, before: OwnImage) -> None:
        try:
            self.services.checks.ask(ImageUploaded(user_id=self.place, image_id=before.image_id))
        except EventsUnavailable:
            # As it was, so that the next caller asks again.
            if latest := self.records.read(before.image_id):
                self.records.replace(latest, before)
            raise

    def _has_arrived(self, image: OwnImage) -> bool:
        return self.services.bucket.holds(own_keys.image_upload(self.place, image.image_id))


def status_of(image: OwnImage) -> Literal["expired"] | ImageStatus:
    """Return how the record stands: a form that works no more brings nothing."""
    start = moment(image.created_at)
    is_over = start is not None and datetime.now(UTC) - start > timedelta(seconds=UPLOAD_SECONDS)
    # What it has brought is seen when the picture is asked about.
    return "expired" if image.status == "waiting" and is_over else image.status
