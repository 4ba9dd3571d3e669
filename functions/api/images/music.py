"""Own music: create, list, show, delete, and whether it can lie under a voice; it is kept and checked as pictures are.

Touches the bucket and the event bus through the services.
"""

from __future__ import annotations

from functions.api.core import User
from functions.api.images import images
from functions.api.services import Services
from shared import media_keys
from shared.errors import RecordingTooLarge, UnsupportedMedia
from shared.http import media_types
from shared.http.image_responses import MusicCreated, MusicList, MusicShown, MusicView
from shared.http.refusals import MusicNotFound
from shared.http.requests import NewMusic
from shared.video.own_image import LARGEST_MUSIC, OwnImage, OwnImages


def create(services: Services, user: User, body: NewMusic) -> MusicCreated:
    """POST /music: write the record and return it with a form for the upload."""
    if body.content_type not in media_types.MUSIC:
        raise UnsupportedMedia("contentType: this is not a media type of music that is accepted.")
    if body.file_size > LARGEST_MUSIC:
        raise RecordingTooLarge(f"The file has {body.file_size} bytes; at most {LARGEST_MUSIC} are accepted.")
    music, form = images.begin(services, media_keys.music_shelf(user[0]), body)
    return MusicCreated(music=_view(music), upload=form)


def listing(services: Services, user: User, limit: int, after: str | None) -> MusicList:
    """GET /music: the caller's own, newest first."""
    records = _shelf(services, user).page(limit + 1, after or "")
    page = records[:limit]
    following = page[-1].image_id if len(records) > limit else None
    return MusicList(pieces=[_view(music) for music in page], next=following)


def show(services: Services, user: User, music_id: str) -> MusicShown:
    """GET /music/{musicId}: the music, whose check is asked for when its file has arrived."""
    shelf = _shelf(services, user)
    record = shelf.read(music_id)
    if record is None:
        raise MusicNotFound("There is no music with this id.")
    images.go_on(services, shelf, record)
    latest = shelf.read(music_id) or record
    return MusicShown(music=_view(latest.image))


def delete(services: Services, user: User, music_id: str) -> MusicShown:
    """DELETE /music/{musicId}: the music; videos that were made with it keep their sound."""
    shelf = _shelf(services, user)
    record = shelf.read(music_id)
    has_files = shelf.delete(music_id)
    if record is None and not has_files:
        raise MusicNotFound("There is no music with this id.")
    return MusicShown(music=MusicView(music_id=music_id, status="deleted"))


def require_ready(services: Services, user: User, music_id: str) -> None:
    """Raise MusicNotFound unless the caller has this music and it was checked; "" is none, and is right."""
    record = _shelf(services, user).read(music_id) if music_id else None
    if music_id and (record is None or record.image.status != "ready"):
        raise MusicNotFound("music: there is no such music, or it is not ready; ask GET /music/{musicId} until it is.")


def _shelf(services: Services, user: User) -> OwnImages:
    return OwnImages(services.bucket, media_keys.music_shelf(user[0]))


def _view(music: OwnImage) -> MusicView:
    facts = music.model_dump(include=set(MusicView.model_fields) - {"status"})
    return MusicView(**facts, music_id=music.image_id, status=images.status_of(music))
