"""The routes of own fonts.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from functions.api import wire
from functions.api.core import User
from functions.api.documented import LOCATION, RETRY, Documented
from functions.api.event import base_path
from functions.api.images import fonts
from functions.api.images.routes import LOOK_AGAIN, UNDER_WAY, Limit, NextImage
from functions.api.routing import KEPT_FORM, PRIVATE, Key, Routing
from shared.film.picture_choices import IMAGE_ID_PATTERN
from shared.http.image_responses import FontCreated, FontList, FontShown
from shared.http.refusals import FontNotFound
from shared.http.requests import NewFont

FontId = Annotated[str, Path(alias="fontId", pattern=IMAGE_ID_PATTERN)]


class FontRoutes(Routing):
    """The routes; their order and paths are in `font_table`."""

    def create_font(self, body: NewFont, key: Key = None) -> Response[str]:
        """Make a record and a form for a font of the caller's own, TTF or OTF: POST the form's fields, then the file.

        Then ask for the font until it is `ready` or `refused`.
        """

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = fonts.create(self.services, user, body)
            return reply, {"Location": f"{base_path(self.app.current_event)}/fonts/{reply.font.font_id}"}

        return self.once(key, body, 201, act, KEPT_FORM)

    def list_fonts(self, limit: Limit = 20, next: NextImage = None) -> Response[str]:
        """List the caller's fonts, newest first; `next` of one answer asks for the following page."""
        return wire.answer(200, fonts.listing(self.services, self.user(), limit, next), {"Cache-Control": PRIVATE})

    def show_font(self, font_id: FontId) -> Response[str]:
        """Show one font; asked about for the first time after its upload, it is checked by its content."""
        reply = fonts.show(self.services, self.user(), font_id)
        headers = {"Cache-Control": PRIVATE}
        if reply.font.status in UNDER_WAY:
            headers["Retry-After"] = LOOK_AGAIN
        return wire.answer(200, reply, headers)

    def delete_font(self, font_id: FontId) -> Response[str]:
        """Delete a font; videos whose captions are drawn in it stay as they are."""
        return wire.answer(200, fonts.delete(self.services, self.user(), font_id))


def font_table(routes: FontRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    path = "/fonts/<fontId>"
    missing = (FontNotFound,)
    return (
        Documented("POST", "/fonts", routes.create_font, "The record and its form", FontCreated, 201, headers=LOCATION),
        Documented("GET", "/fonts", routes.list_fonts, "A page of fonts", FontList),
        Documented("GET", path, routes.show_font, "The font", FontShown, errors=missing, headers=RETRY),
        Documented("DELETE", path, routes.delete_font, "Deleted", FontShown, errors=missing),
    )
