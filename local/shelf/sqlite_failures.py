"""Why SQLite could not do what it was asked for, in words for the user: its own say nothing to them.

Values only; touches nothing.
"""

from __future__ import annotations

import sqlite3

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
_UNFORESEEN = "it is damaged, or was written by another program"


def words(error: Exception) -> str:
    """Return why an error of SQLite or of the system came, without a full stop."""
    if isinstance(error, OSError):
        return error.strerror or _UNFORESEEN
    return _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _UNFORESEEN)
