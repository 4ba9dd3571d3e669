"""The routes of own pictures and clips.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from functions.api import wire
from functions.api.core import User
from functions.api.documented import LOCATION, RETRY, TAG, Documented
from functions.api.event import base_path
from functions.api.images import images
from functions.api.routing import KEPT_FORM, PRIVATE, IfNoneMatch, Key, Routing, with_tag
from shared.film.picture_choices import IMAGE_ID_PATTERN
from shared.http.image_responses import ImageCreated, ImageList, ImageShown
from shared.http.refusals import ImageNotFound
from shared.http.requests import NewImage

ImageId = Annotated[str, Path(alias="imageId", pattern=IMAGE_ID_PATTERN)]
Limit = Annotated[int, Query(ge=1, le=100)]
NextImage = Annotated[str | None, Query(pattern=IMAGE_ID_PATTERN)]
# Seconds after which a picture that is being checked is worth another look.
LOOK_AGAIN = "2"
UNDER_WAY = ("waiting", "checking")


class ImageRoutes(Routing):
    """The routes; their order and paths are in `image_table`."""

    def create_image(self, body: NewImage, key: Key = None) -> Response[str]:
        """Make a record and a form for a picture or clip of the caller's own: POST the form's fields, then the file.

        Then ask for the picture until it is `ready` or `refused`.
        """

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = images.create(self.services, user, body)
            return reply, {"Location": f"{base_path(self.app.current_event)}/images/{reply.image.image_id}"}

        return self.once(key, body, 201, act, KEPT_FORM)

    def list_images(
        self, limit: Limit = 20, next: NextImage = None, if_none_match: IfNoneMatch = None
    ) -> Response[str]:
        """List the caller's pictures and clips, newest first; `next` of one answer asks for the following page."""
        listing = images.listing(self.services, self.user(), limit, next, if_none_match)
        return with_tag(listing.reply, listing.tag)

    def show_image(self, image_id: ImageId) -> Response[str]:
        """Show one picture or clip; asked about for the first time after its upload, it is checked by its content."""
        reply = images.show(self.services, self.user(), image_id)
        headers = {"Cache-Control": PRIVATE}
        if reply.image.status in UNDER_WAY:
            headers["Retry-After"] = LOOK_AGAIN
        return wire.answer(200, reply, headers)

    def delete_image(self, image_id: ImageId) -> Response[str]:
        """Delete a picture or clip and its files."""
        return wire.answer(200, images.delete(self.services, self.user(), image_id))


def image_table(routes: ImageRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    path = "/images/<imageId>"
    missing = (ImageNotFound,)
    return (
        Documented(
            "POST", "/images", routes.create_image, "The record and its form", ImageCreated, 201, headers=LOCATION
        ),
        Documented(
            "GET", "/images", routes.list_images, "A page of pictures", ImageList, headers=TAG, has_not_modified=True
        ),
        Documented("GET", path, routes.show_image, "The picture", ImageShown, errors=missing, headers=RETRY),
        Documented("DELETE", path, routes.delete_image, "Deleted", ImageShown, errors=missing),
    )
