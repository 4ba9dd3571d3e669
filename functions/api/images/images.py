"""Own pictures and clips: create, list, show, delete; what was uploaded is checked when it is first asked about.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from functions.api import wire
from functions.api.adapters import LINK_SECONDS
from functions.api.core import User
from functions.api.images.shelf import OwnShelf, ShelfKind, status_of
from functions.api.services import Services
from shared.brand import own_keys
from shared.http import media_types
from shared.http.image_responses import ImageCreated, ImageList, ImageShown, ImageView
from shared.http.refusals import ImageNotFound
from shared.http.requests import NewImage
from shared.video.own_image import OwnImage, largest

KIND = ShelfKind("picture", media_types.OWN_IMAGES, ImageNotFound)


def create(services: Services, user: User, body: NewImage) -> ImageCreated:
    """POST /images: write the record and return it with a form for the upload."""
    image, form = _shelf(services, user).begin(body, largest(body.content_type))
    return ImageCreated(image=_view(services, user, image), upload=form)


@dataclass(frozen=True)
class ImageListing:
    """A page of a list: `reply` is None when the caller has it already."""

    reply: ImageList | None
    tag: str


def listing(services: Services, user: User, limit: int, after: str | None, if_none_match: str | None) -> ImageListing:
    """GET /images: the caller's own, newest first."""
    page, following = _shelf(services, user).page(limit, after)
    reply = ImageList(images=[_view(services, user, image) for image in page], next=following)
    # Links differ with each answer, though nothing has changed.
    facts = [view.model_copy(update={"preview": None}) for view in reply.images]
    tag = wire.entity_tag([reply.model_copy(update={"images": facts})], datetime.now(UTC), LINK_SECONDS)
    return ImageListing(None if wire.matches(if_none_match, tag) else reply, tag)


def show(services: Services, user: User, image_id: str) -> ImageShown:
    """GET /images/{imageId}: the picture, whose check is asked for when its file has arrived."""
    return ImageShown(image=_view(services, user, _shelf(services, user).show(image_id)))


def delete(services: Services, user: User, image_id: str) -> ImageShown:
    """DELETE /images/{imageId}: the picture and its files; videos that show it have takes of their own."""
    _shelf(services, user).delete(image_id)
    return ImageShown(image=ImageView(image_id=image_id, status="deleted"))


def _shelf(services: Services, user: User) -> OwnShelf:
    return OwnShelf(services, user[0], KIND)


def _view(services: Services, user: User, image: OwnImage) -> ImageView:
    preview = None
    if image.status == "ready":
        key = own_keys.image_file(user[0], image.image_id, "preview.jpg")
        preview = services.link(f"s3://{services.bucket.name}/{key}", "preview.jpg", media_types.RESULTS["jpg"])
    facts = image.model_dump(include=set(ImageView.model_fields) - {"status"})
    return ImageView(**facts, status=status_of(image), preview=preview)
