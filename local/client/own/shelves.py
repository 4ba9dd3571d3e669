"""What of the user's own is kept for later videos: pictures, music, fonts and presets; listed, added, deleted.

Touches the API, the files that are added, standard output and standard error.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.api_client import ApiClient
from local.client import exit_status, library, pictures, report
from local.client.exit_status import DONE
from local.client.own import font_files, fonts, music, presets
from local.client.own.options import ADD
from shared.errors import InvalidRequest

_PAGE = 100
Row = Mapping[str, Any]


@dataclass(frozen=True)
class FileShelf:
    """Files of a kind: what one is called, the API's path, and what it calls a page's rows and a row's id."""

    noun: str
    path: str
    rows: str
    id: str


SHELVES = (
    FileShelf("picture", "/images", "images", "imageId"),
    FileShelf("music", "/music", "pieces", "musicId"),
    FileShelf("font", "/fonts", "fonts", "fontId"),
)
_PRESETS = FileShelf("preset", "/presets", "presets", "name")


def command(namespace: argparse.Namespace, api: ApiClient) -> int:
    """Do what is asked for, and return the exit status; raises InvalidRequest, UnsupportedMedia and ApiError."""
    if namespace.add:
        print(keep(namespace.add, api))
    elif namespace.delete:
        shelf = _shelf_with(namespace.delete, api)
        delete(shelf, namespace.delete, api)
        exit_status.say(f"The {shelf.noun} is deleted.")
    elif namespace.json:
        documents = {shelf.rows: list(listing(shelf, api)) for shelf in (*SHELVES, _PRESETS)}
        print(json.dumps(documents, indent=2, ensure_ascii=report.is_narrow()))
    else:
        rows = [_columns(shelf, row) for shelf in (*SHELVES, _PRESETS) for row in listing(shelf, api)]
        report.print_lines(library.columns(rows), f"Nothing of your own is kept here; {ADD} FILE keeps something.")
    return DONE


def keep(file: Path, api: ApiClient, pause: Callable[[float], None] = time.sleep) -> str:
    """Return the id of what is in the file, uploaded and checked, or the name of the preset; raises as `command`."""
    if presets.is_file(file.name):
        return presets.store(file, api, pause)
    if file.suffix.lower() in pictures.MEDIA_TYPES:
        pictures.check(file, None)
        return pictures.upload(api, file, pause)
    if font_files.is_file(file.name):
        fonts.check(file, ADD)
        return fonts.upload(file, api, pause, ADD)
    music.check(file, ADD)
    return music.upload(file, api, pause, ADD)


def listing(shelf: FileShelf, api: ApiClient) -> Iterator[Row]:
    """Yield what is on the shelf, as the API shows it, newest first."""
    after = ""
    while True:
        page = api.call("GET", shelf.path if shelf is _PRESETS else f"{shelf.path}?limit={_PAGE}{after}").body
        yield from page[shelf.rows]
        if not page.get("next"):
            return
        after = f"&next={page['next']}"


def delete(shelf: FileShelf, own_id: str, api: ApiClient) -> Row:
    """Delete one of the shelf, and return the API's answer; raises ApiError."""
    return api.call("DELETE", f"{shelf.path}/{own_id}").body


def _shelf_with(own_id: str, api: ApiClient) -> FileShelf:
    for shelf in (*SHELVES, _PRESETS):
        if any(row[shelf.id] == own_id for row in listing(shelf, api)):
            return shelf
    raise InvalidRequest(f"--delete {own_id}: there is no such picture, music, font or preset; see `reelwright own`.")


def _columns(shelf: FileShelf, row: Row) -> tuple[str, ...]:
    return shelf.noun, row[shelf.id], row.get("status", ""), _fact(row), row.get("filename", "")


def _fact(row: Row) -> str:
    """Return what tells it from others of its kind: its size, its length, what it calls itself, what it decides."""
    if row.get("width"):
        size = f"{row['width']} x {row['height']}"
        return f"{size}, {row['seconds']:.1f} s" if row["seconds"] else size
    if row.get("seconds"):
        return f"{row['seconds']:.1f} s"
    return row.get("family", "") or row.get("reason", "") or ", ".join(row.get("choices", ()))
