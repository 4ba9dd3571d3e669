"""Why SQLite could not do what it was asked for, in words for the user: its own say nothing to them.

Touches nothing, but asks how much of a disk is free.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from local.processes.disk import FULL, DiskFullError, has_no_room

# By SQLite's primary result code, the lowest byte of every code.
_WORDS = {
    sqlite3.SQLITE_NOTADB: "it is no database",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_READONLY: "it may not be written to",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program is using it",
    sqlite3.SQLITE_LOCKED: "another program is using it",
}
_OF_THE_DISK = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_UNFORESEEN = "it is damaged, or was written by another program"


def words(error: Exception) -> str:
    """Return why an error of SQLite or of the system came, without a full stop."""
    if isinstance(error, OSError):
        return error.strerror or _UNFORESEEN
    return _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _UNFORESEEN)


def is_full(error: Exception, folder: Path) -> bool:
    """Return whether an error of SQLite or of the system came because the disk of `folder` is full."""
    if isinstance(error, DiskFullError):
        return True
    if isinstance(error, OSError):
        return error.errno in FULL
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # The files beside the database are mapped and made by other calls, whose failures have other names.
    return code == sqlite3.SQLITE_FULL or (code in _OF_THE_DISK and has_no_room(folder))
