"""The routes of own music.

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
from functions.api.images import music
from functions.api.images.routes import LOOK_AGAIN, UNDER_WAY, Limit, NextImage
from functions.api.routing import KEPT_FORM, PRIVATE, Key, Routing
from shared.film.picture_choices import IMAGE_ID_PATTERN
from shared.http.image_responses import MusicCreated, MusicList, MusicShown
from shared.http.refusals import MusicNotFound
from shared.http.requests import NewMusic

MusicId = Annotated[str, Path(alias="musicId", pattern=IMAGE_ID_PATTERN)]


class MusicRoutes(Routing):
    """The routes; their order and paths are in `music_table`."""

    def create_music(self, body: NewMusic, key: Key = None) -> Response[str]:
        """Make a record and a form for music of the caller's own: POST the form's fields, then the file.

        Then ask for the music until it is `ready` or `refused`.
        """

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = music.create(self.services, user, body)
            return reply, {"Location": f"{base_path(self.app.current_event)}/music/{reply.music.music_id}"}

        return self.once(key, body, 201, act, KEPT_FORM)

    def list_music(self, limit: Limit = 20, next: NextImage = None) -> Response[str]:
        """List the caller's music, newest first; `next` of one answer asks for the following page."""
        return wire.answer(200, music.listing(self.services, self.user(), limit, next), {"Cache-Control": PRIVATE})

    def show_music(self, music_id: MusicId) -> Response[str]:
        """Show one piece of music; asked about for the first time after its upload, it is checked by its content."""
        reply = music.show(self.services, self.user(), music_id)
        headers = {"Cache-Control": PRIVATE}
        if reply.music.status in UNDER_WAY:
            headers["Retry-After"] = LOOK_AGAIN
        return wire.answer(200, reply, headers)

    def delete_music(self, music_id: MusicId) -> Response[str]:
        """Delete music; videos that were made with it keep their sound."""
        return wire.answer(200, music.delete(self.services, self.user(), music_id))


def music_table(routes: MusicRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    path = "/music/<musicId>"
    missing = (MusicNotFound,)
    return (
        Documented(
            "POST", "/music", routes.create_music, "The record and its form", MusicCreated, 201, headers=LOCATION
        ),
        Documented("GET", "/music", routes.list_music, "A page of music", MusicList),
        Documented("GET", path, routes.show_music, "The music", MusicShown, errors=missing, headers=RETRY),
        Documented("DELETE", path, routes.delete_music, "Deleted", MusicShown, errors=missing),
    )
