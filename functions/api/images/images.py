"""Own pictures and clips: create, list, show, delete; what was uploaded is checked when it is first asked about.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from functions.api import wire
from functions.api.adapters import LINK_SECONDS, UPLOAD_SECONDS
from functions.api.core import User
from functions.api.services import Services, now_text
from shared import media_keys
from shared.errors import EventsUnavailable, RecordingTooLarge, UnsupportedMedia
from shared.http import media_types
from shared.http.image_responses import ImageCreated, ImageList, ImageShown, ImageView
from shared.http.refusals import ImageNotFound
from shared.http.requests import NewImage, NewMusic
from shared.http.responses import UploadForm
from shared.video.own_image import ImageStatus, ImageUploaded, OwnImage, OwnImages, SeenImage, largest, new_image_id
from shared.video.timestamps import moment

# Seconds that a check may take with Lambda's own repetitions, and how often it is asked for.
PATIENCE = 1800
TRIES = 2
GAVE_UP = "The file could not be examined; save it in another format and upload that."


def create(services: Services, user: User, body: NewImage) -> ImageCreated:
    """POST /images: write the record and return it with a form for the upload."""
    if body.content_type not in media_types.OWN_IMAGES:
        raise UnsupportedMedia("contentType: this is not a media type of a picture or clip that is accepted.")
    most = largest(body.content_type)
    if body.file_size > most:
        raise RecordingTooLarge(f"The file has {body.file_size} bytes; at most {most} are accepted.")
    image, form = begin(services, user[0], body)
    return ImageCreated(image=_view(services, user, image), upload=form)


def begin(services: Services, shelf: str, body: NewImage | NewMusic) -> tuple[OwnImage, UploadForm]:
    """Write the record of a file that is about to be uploaded to the shelf, and return it with the form for it."""
    image = OwnImage(
        image_id=new_image_id(),
        filename=body.filename,
        content_type=body.content_type,
        file_size=body.file_size,
        created_at=now_text(),
    )
    OwnImages(services.bucket, shelf).create(image)
    until = datetime.now(UTC) + timedelta(seconds=UPLOAD_SECONDS)
    form = services.objects.upload(media_keys.image_upload(shelf, image.image_id), body.content_type, body.file_size)
    return image, UploadForm(**form, expires_at=until.isoformat(timespec="seconds"))


@dataclass(frozen=True)
class ImageListing:
    """A page of a list: `reply` is None when the caller has it already."""

    reply: ImageList | None
    tag: str


def listing(services: Services, user: User, limit: int, after: str | None, if_none_match: str | None) -> ImageListing:
    """GET /images: the caller's own, newest first."""
    images = _images(services, user).page(limit + 1, after or "")
    page = images[:limit]
    following = page[-1].image_id if len(images) > limit else None
    reply = ImageList(images=[_view(services, user, image) for image in page], next=following)
    # Links differ with each answer, though nothing has changed.
    facts = [view.model_copy(update={"preview": None}) for view in reply.images]
    tag = wire.entity_tag([reply.model_copy(update={"images": facts})], datetime.now(UTC), LINK_SECONDS)
    return ImageListing(None if wire.matches(if_none_match, tag) else reply, tag)


def show(services: Services, user: User, image_id: str) -> ImageShown:
    """GET /images/{imageId}: the picture, whose check is asked for when its file has arrived."""
    images = _images(services, user)
    record = images.read(image_id)
    if record is None:
        raise ImageNotFound("There is no picture with this id.")
    go_on(services, images, record)
    latest = images.read(image_id) or record
    return ImageShown(image=_view(services, user, latest.image))


def delete(services: Services, user: User, image_id: str) -> ImageShown:
    """DELETE /images/{imageId}: the picture and its files; videos that show it have takes of their own."""
    images = _images(services, user)
    record = images.read(image_id)
    # Also what a deletion that failed half way has left.
    has_files = images.delete(image_id)
    if record is None and not has_files:
        raise ImageNotFound("There is no picture with this id.")
    return ImageShown(image=ImageView(image_id=image_id, status="deleted"))


def _images(services: Services, user: User) -> OwnImages:
    return OwnImages(services.bucket, user[0])


def go_on(services: Services, images: OwnImages, record: SeenImage) -> None:
    """Ask for the check of what has arrived, once more when nothing was heard of it; at last give it up."""
    image = record.image
    now = time.time()
    is_stale = image.status == "checking" and now - image.checking_since > PATIENCE
    if is_stale and image.tries >= TRIES:
        if images.replace(record, image.model_copy(update={"status": "refused", "reason": GAVE_UP})):
            services.bucket.delete_below(media_keys.image_upload(images.user_id, image.image_id))
    elif is_stale or (image.status == "waiting" and _has_arrived(images, image)):
        checking = {"status": "checking", "checking_since": now, "tries": image.tries + 1}
        if images.replace(record, image.model_copy(update=checking)):
            _ask(services, images, image)


def _ask(services: Services, images: OwnImages, before: OwnImage) -> None:
    try:
        services.checks.ask(ImageUploaded(user_id=images.user_id, image_id=before.image_id))
    except EventsUnavailable:
        # As it was, so that the next caller asks again.
        if latest := images.read(before.image_id):
            images.replace(latest, before)
        raise


def _has_arrived(images: OwnImages, image: OwnImage) -> bool:
    return images.bucket.holds(media_keys.image_upload(images.user_id, image.image_id))


def status_of(image: OwnImage) -> Literal["expired"] | ImageStatus:
    """Return how the record stands: a form that works no more brings nothing."""
    start = moment(image.created_at)
    is_over = start is not None and datetime.now(UTC) - start > timedelta(seconds=UPLOAD_SECONDS)
    # What it has brought is seen when the picture is asked about.
    return "expired" if image.status == "waiting" and is_over else image.status


def _view(services: Services, user: User, image: OwnImage) -> ImageView:
    preview = None
    if image.status == "ready":
        key = media_keys.image_file(user[0], image.image_id, "preview.jpg")
        preview = services.link(f"s3://{services.bucket.name}/{key}", "preview.jpg", media_types.RESULTS["jpg"])
    facts = image.model_dump(include=set(ImageView.model_fields) - {"status"})
    return ImageView(**facts, status=status_of(image), preview=preview)
