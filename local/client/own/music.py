"""Music that a person names as a file: looked at, uploaded, and waited for until it was checked.

Touches the file and the API.
"""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from local.api_client import ApiClient
from local.client import pictures
from local.client.make import VideoJob
from shared.build import edits
from shared.build.edits import Edit
from shared.errors import InvalidRequest
from shared.http import media_types
from shared.video.own_image import LARGEST_MUSIC

POLL_SECONDS = 0.5
OPTION = "--music"
_UNDER_WAY = ("waiting", "checking")


def check(file: Path | None, option: str = OPTION) -> None:
    """Raise InvalidRequest when the file cannot be music that the API takes, before anything is started.

    `option` is what has named it.
    """
    if file is None:
        return
    if not file.is_file():
        raise InvalidRequest(f"{option}: {file} is not there, or is no file.")
    size = file.stat().st_size
    if not 0 < size <= LARGEST_MUSIC:
        raise InvalidRequest(f"{option}: {file} has {size} bytes; 1 to {LARGEST_MUSIC} are accepted.")


def with_music(
    jobs: Sequence[VideoJob], file: Path | None, api: ApiClient, pause: Callable[[float], None] = time.sleep
) -> list[VideoJob]:
    """Return the jobs with the music in `file`, if any, uploaded once; raises InvalidRequest, or ApiError."""
    if file is None:
        return list(jobs)
    music_id = upload(file, api, pause)
    return [replace(job, choices={**job.choices, "music": music_id}) for job in jobs]


def changes(file: Path | None, api: ApiClient, pause: Callable[[float], None] = time.sleep) -> list[Edit]:
    """Return the edit of a plan that lays the music in `file`, if any, under the voice; raises as `with_music` does."""
    return [edits.ChangeMusic(op="music", music=upload(file, api, pause))] if file else []


def upload(file: Path, api: ApiClient, pause: Callable[[float], None], option: str = OPTION) -> str:
    """Return the id of the music in `file`, uploaded and checked; raises InvalidRequest, or ApiError."""
    guess = mimetypes.guess_type(file.name)[0] or ""
    music_id = api.upload_music(file, guess if guess in media_types.MUSIC else "audio/mpeg")
    while (music := api.call("GET", f"/music/{music_id}").body["music"])["status"] in _UNDER_WAY:
        pause(POLL_SECONDS)
    if music["status"] != "ready":
        pictures.forget(api, f"/music/{music_id}")
        raise InvalidRequest(f"{option}: {file}: {music['reason'] or 'it was not uploaded in time.'}")
    return music_id
