"""A font that a person names as a file: looked at, uploaded, and waited for until it was checked.

Touches the file and the API.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from local.api_client import ApiClient
from local.client import pictures
from local.client.make import VideoJob
from local.client.own import font_files
from shared.errors import InvalidRequest
from shared.video.own_image import LARGEST_FONT

POLL_SECONDS = 0.5
OPTION = "--caption-font"
_UNDER_WAY = ("waiting", "checking")


def check(file: Path | None, option: str = OPTION) -> None:
    """Raise InvalidRequest when the file cannot be a font that the API takes, before anything is started.

    `option` is what has named it.
    """
    if file is None:
        return
    if not file.is_file():
        raise InvalidRequest(f"{option}: {file} is not there, or is no file.")
    if not font_files.is_file(file.name):
        raise InvalidRequest(f"{option}: {file} is called neither .ttf nor .otf.")
    size = file.stat().st_size
    if not 0 < size <= LARGEST_FONT:
        raise InvalidRequest(f"{option}: {file} has {size} bytes; 1 to {LARGEST_FONT} are accepted.")


def with_font(
    jobs: Sequence[VideoJob], file: Path | None, api: ApiClient, pause: Callable[[float], None] = time.sleep
) -> list[VideoJob]:
    """Return the jobs with captions in the font in `file`, if any, uploaded once; raises as `upload`."""
    if file is None:
        return list(jobs)
    font_id = upload(file, api, pause)
    return [
        replace(job, choices={**job.choices, "captionStyle": {**job.choices.get("captionStyle", {}), "font": font_id}})
        for job in jobs
    ]


def upload(file: Path, api: ApiClient, pause: Callable[[float], None], option: str = OPTION) -> str:
    """Return the id of the font in `file`, uploaded and checked; raises InvalidRequest, or ApiError."""
    font_id = api.upload_font(file, font_files.MEDIA_TYPES[file.suffix.lower()])
    while (font := api.call("GET", f"/fonts/{font_id}").body["font"])["status"] in _UNDER_WAY:
        pause(POLL_SECONDS)
    if font["status"] != "ready":
        pictures.forget(api, f"/fonts/{font_id}")
        raise InvalidRequest(f"{option}: {file}: {font['reason'] or 'it was not uploaded in time.'}")
    return font_id
