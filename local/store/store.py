"""The store of a local cloud: one folder with a database, the objects' bodies and a lock.

Touches the folder; what is in it is this user's alone.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Self

from local.shelf.database import Database, Document, Row
from local.shelf.shelf import NoShelf, Shelf, StoreShelf
from local.store import folder as folders
from local.store.bodies import Bodies
from shared import media_keys

EXECUTIONS = "executions"
DELIVERIES = "deliveries"
TRANSCRIPTIONS = "transcriptions"
OPERATIONS = "operations"
SALES = "sales"
# What the shelf of a table begins with.
ITEMS = "items/"
_IDENTITY = "identity"
_DAY = 86_400.0
# For how long what is over is remembered, in seconds: 90 days as AWS does, Veo's operations while a run may be resumed.
_REMEMBERED = {
    EXECUTIONS: 90 * _DAY,
    TRANSCRIPTIONS: 90 * _DAY,
    DELIVERIES: 1 * _DAY,
    OPERATIONS: media_keys.TEMPORARY_DAYS * _DAY,
    SALES: 90 * _DAY,
}


class Store:
    """A store that this process uses until it is closed.

    `root` is the secret that names and generated secrets follow from, `password` that of the demo users.
    """

    def __init__(self, folder: Path, live: Collection[str] = ()) -> None:
        """Open the store, or make it; `live` names the providers that are used for real meanwhile.

        Raises InvalidRequest when it is used by another process, cannot be used, or cannot be read, and StoreFullError
        when its disk is full.
        """
        self.folder = folder.absolute()
        self.live = sorted(live)
        self._lock = folders.take(self.folder)
        try:
            self.database = Database(self.folder / folders.DATABASE)
            self.bodies = Bodies(self.folder / "objects")
            self._identify()
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and let others use the store."""
        self.database.close()
        self._lock.close()

    def shelf(self, name: str) -> StoreShelf:
        """Return the shelf of that name."""
        return StoreShelf(self.database, name)

    def forget_old(self) -> None:
        """Drop what nobody may ask for any more, and what is of videos that were deleted. Raises NotWrittenError."""
        for shelf, seconds in _REMEMBERED.items():
            self.database.drop_older(shelf, time.time() - seconds)
        video_ids, living = self._videos()
        over = [
            *(
                Row(OPERATIONS, name, None)
                for name, row in self._with_videos(OPERATIONS, _of_order)
                if row not in living
            ),
            # A tombstone still tells of its execution.
            *(
                Row(EXECUTIONS, name, None)
                for name, row in self._with_videos(EXECUTIONS, _of_execution)
                if row not in video_ids
            ),
        ]
        self.database.write(over)

    def _videos(self) -> tuple[set[str], set[str]]:
        """Return the ids, in small letters, of the videos with a record, and of those that were not deleted."""
        items = (item for shelf in self.database.shelves(ITEMS) for item in self.database.all(shelf).values())
        records = {item["video_id"]["S"].lower(): item for item in items if "video_id" in item}
        return set(records), {name for name, record in records.items() if "deleted_at" not in record}

    def _with_videos(self, shelf: str, video_of: Callable[[Document], str]) -> Iterator[tuple[str, str]]:
        """Yield the names on a shelf, each with the video that its document is about, if there is one."""
        rows = ((name, video_of(document).lower()) for name, document in self.database.all(shelf).items())
        return ((name, video) for name, video in rows if video)

    def _identify(self) -> None:
        identity = self.database.get(_IDENTITY, _IDENTITY)
        if identity is None:
            # The password has a character of each kind that a pool's policy may want.
            identity = {"root": secrets.token_hex(32), "password": f"{secrets.token_urlsafe(18)}-Aa1!"}
            self.database.write([Row(_IDENTITY, _IDENTITY, identity)])
        self.root: str = identity["root"]
        self.password: str = identity["password"]


def _of_order(document: Document) -> str:
    return document["order"]["video"]


def _of_execution(document: Document) -> str:
    request = json.loads(document["input"])
    return str(request.get("video_id", "")) if isinstance(request, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def shelf_of(store: Store | None, name: str) -> Shelf:
    """Return the store's shelf, or without a store one that keeps nothing."""
    return store.shelf(name) if store else NoShelf()
