"""Keep documents by shelf and name in one SQLite file, so that what was written is there after a kill.

Touches the file and the two that SQLite puts beside it.
"""

from __future__ import annotations

import base64
import errno
import json
import sqlite3
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from local.processes.disk import DiskFullError
from local.shelf import sqlite_failures
from shared.errors import InvalidRequest

# "Reel", and the version of the layout below; a later one must be able to read an earlier one, or say so.
APPLICATION_ID = 0x5265656C
FORMAT = 1
OTHER = "name another folder with --data"
_LAYOUT = """
CREATE TABLE documents (
    shelf TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, since REAL NOT NULL,
    PRIMARY KEY (shelf, name)
) WITHOUT ROWID, STRICT
"""

_BYTES = "$bytes"

Document = dict[str, Any]


class Row(NamedTuple):
    """What a shelf holds under a name from now on; None takes it off."""

    shelf: str
    name: str
    document: Document | None


class NotWrittenError(OSError):
    """The disk did not take a change; the store is as it was before."""

    def __str__(self) -> str:
        # Without the number, which is the system's or SQLite's.
        return ": ".join(str(part) for part in (self.filename, self.strerror or self.args[0]) if part)


class StoreFullError(NotWrittenError, DiskFullError):
    """The disk of the store is full; the message is for the user."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the store's."""
        super().__init__(f"{folder}: the disk is full, so nothing more can be stored there; make room, or {OTHER}.")


def text_of(document: object) -> str:
    """Return the JSON that is stored, in which bytes are `{"$bytes": base64}`."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_encode)


def _encode(value: object) -> Document:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _decode(document: Document) -> Any:
    content = document.get(_BYTES)
    return base64.b64decode(content) if isinstance(content, str) and len(document) == 1 else document


class StoreClosedError(NotWrittenError):
    """The store is closed: what still runs is as good as killed."""


class Database:
    """The documents of one store, from many threads; every change is on the disk when `write` returns."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it when there is none.

        Raises InvalidRequest when it is no store, is damaged, or was written by a newer version: it is left as it is.
        Raises StoreFullError when the disk has no room for what SQLite writes beside it.
        """
        self._path = path
        self._lock = threading.Lock()
        self._is_closed = False
        is_new = not path.exists() or not path.stat().st_size
        try:
            path.touch(0o600)
            # One connection for all threads, which the lock lets in one by one.
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            self._prepare(is_new)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Fold SQLite's log into the file and close it; harmless when called twice."""
        with self._lock:
            self._is_closed = True
            self._connection.close()

    def write(self, rows: Iterable[Row]) -> None:
        """Make all the changes, or none. Raises NotWrittenError."""
        with self._writing():
            for row in rows:
                self._put(row)

    def get(self, shelf: str, name: str) -> Document | None:
        """Return the document, or None when there is none of that name."""
        rows = self._read("SELECT name, document FROM documents WHERE shelf = ? AND name = ?", shelf, name)
        return dict(rows).get(name)

    def all(self, shelf: str) -> dict[str, Document]:
        """Return the documents of a shelf by name, in the order of the names."""
        return dict(self._read("SELECT name, document FROM documents WHERE shelf = ? ORDER BY name", shelf))

    def shelves(self, beginning: str) -> list[str]:
        """Return the shelves whose name begins so and that hold something."""
        shelves = self._rows("SELECT DISTINCT shelf FROM documents ORDER BY shelf")
        return [shelf for (shelf,) in shelves if shelf.startswith(beginning)]

    def drop_older(self, shelf: str, moment: float) -> None:
        """Take off what was last written before `moment`, Unix time. Raises NotWrittenError."""
        with self._writing():
            self._connection.execute("DELETE FROM documents WHERE shelf = ? AND since < ?", (shelf, moment))

    @contextmanager
    def _writing(self) -> Generator[None]:
        with self._open():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                if sqlite_failures.is_full(error, self._path.parent):
                    raise StoreFullError(self._path.parent) from error
                code = getattr(error, "sqlite_errorcode", 0)
                raise NotWrittenError(code, sqlite_failures.words(error), str(self._path)) from error

    @contextmanager
    def _open(self) -> Generator[None]:
        with self._lock:
            if self._is_closed:
                raise StoreClosedError(errno.EBADF, "the store is closed", str(self._path))
            yield

    def _put(self, row: Row) -> None:
        if row.document is None:
            self._connection.execute("DELETE FROM documents WHERE shelf = ? AND name = ?", (row.shelf, row.name))
            return
        values = (row.shelf, row.name, text_of(row.document), time.time())
        self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", values)

    def _read(self, query: str, *values: str) -> Iterator[tuple[str, Document]]:
        rows = self._rows(query, *values)
        return ((name, json.loads(text, object_hook=_decode)) for name, text in rows)

    def _rows(self, query: str, *values: str) -> list[Any]:
        with self._open():
            return self._connection.execute(query, values).fetchall()

    def _roll_back(self) -> None:
        # SQLite does it by itself when it was the disk that failed.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _prepare(self, is_new: bool) -> None:
        try:
            if is_new:
                self._begin()
            else:
                self._check()
            # With the log, readers and the kill of a process harm nothing; with FULL, a power cut neither.
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _begin(self) -> None:
        # What is deleted leaves the file, which then shrinks.
        self._connection.execute("PRAGMA auto_vacuum = FULL")
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(_LAYOUT)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(f"PRAGMA user_version = {FORMAT}")
        self._connection.execute("COMMIT")

    def _check(self) -> None:
        if self._pragma("application_id") != APPLICATION_ID:
            raise InvalidRequest(f"{self._path}: is not a store of Reelwright's; it was left as it is; {OTHER}.")
        version = self._pragma("user_version")
        if version != FORMAT:
            raise InvalidRequest(
                f"{self._path}: was written in format {version} and this Reelwright reads format {FORMAT}; "
                f"use the version that wrote it, or {OTHER}."
            )
        complaint = self._pragma("quick_check")
        if complaint != "ok":
            raise self._unusable(sqlite3.DatabaseError(complaint))

    def _pragma(self, name: str) -> Any:
        return self._connection.execute(f"PRAGMA {name}").fetchone()[0]

    def _unusable(self, error: Exception) -> InvalidRequest | StoreFullError:
        if sqlite_failures.is_full(error, self._path.parent):
            return StoreFullError(self._path.parent)
        return InvalidRequest(
            f"{self._path}: the store cannot be read ({sqlite_failures.words(error)}); it was left as it is: "
            f"put a copy of it in its place, or {OTHER}."
        )
