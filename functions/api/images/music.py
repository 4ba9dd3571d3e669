"""Own music: create, list, show, delete, and whether it can lie under a voice; it is kept and checked as pictures are.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

from functions.api.core import User
from functions.api.images.shelf import OwnShelf, ShelfKind, status_of
from functions.api.services import Services
from shared.brand import own_keys
from shared.http import media_types
from shared.http.image_responses import MusicCreated, MusicList, MusicShown, MusicView
from shared.http.refusals import MusicNotFound
from shared.http.requests import NewMusic
from shared.video.own_image import LARGEST_MUSIC, OwnImage

KIND = ShelfKind("music", media_types.MUSIC, MusicNotFound)


def create(services: Services, user: User, body: NewMusic) -> MusicCreated:
    """POST /music: write the record and return it with a form for the upload."""
    music, form = _shelf(services, user).begin(body, LARGEST_MUSIC)
    return MusicCreated(music=_view(music), upload=form)


def listing(services: Services, user: User, limit: int, after: str | None) -> MusicList:
    """GET /music: the caller's own, newest first."""
    page, following = _shelf(services, user).page(limit, after)
    return MusicList(pieces=[_view(music) for music in page], next=following)


def show(services: Services, user: User, music_id: str) -> MusicShown:
    """GET /music/{musicId}: the music, whose check is asked for when its file has arrived."""
    return MusicShown(music=_view(_shelf(services, user).show(music_id)))


def delete(services: Services, user: User, music_id: str) -> MusicShown:
    """DELETE /music/{musicId}: the music; videos that were made with it keep their sound."""
    _shelf(services, user).delete(music_id)
    return MusicShown(music=MusicView(music_id=music_id, status="deleted"))


def require_ready(services: Services, user: User, music_id: str) -> None:
    """Raise MusicNotFound unless the caller has this music and it was checked; "" is none, and is right."""
    record = _shelf(services, user).records.read(music_id) if music_id else None
    if music_id and (record is None or record.image.status != "ready"):
        raise MusicNotFound("music: there is no such music, or it is not ready; ask GET /music/{musicId} until it is.")


def _shelf(services: Services, user: User) -> OwnShelf:
    return OwnShelf(services, own_keys.music_shelf(user[0]), KIND)


def _view(music: OwnImage) -> MusicView:
    facts = music.model_dump(include=set(MusicView.model_fields) - {"status"})
    return MusicView(**facts, music_id=music.image_id, status=status_of(music))
