"""Find and guard the folder of a store: where it is by default, that it is its user's alone, and used by one process.

Touches the folder and the lock in it.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from local.processes.disk import FULL
from local.shelf.database import OTHER, StoreFullError
from shared.errors import InvalidRequest

# Held by the process that uses the store; the lock ends with it, however that ends.
LOCK = "lock"
DATABASE = "store.sqlite3"
PRIVATE = 0o700


def default(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a store is when the command line does not say: in the folder of this user's data."""
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/reelwright/store").expanduser()
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path("~/AppData/Local").expanduser(), "reelwright", "store")
    # By the XDG Base Directory Specification a relative path is to be ignored.
    data = Path(environment.get("XDG_DATA_HOME") or "")
    return (data if data.is_absolute() else Path("~/.local/share").expanduser()) / "reelwright" / "store"


def holds_store(folder: Path) -> bool:
    """Return whether there is a store in the folder, whatever its state."""
    return (folder / DATABASE).exists()


def take(folder: Path) -> IO[str]:
    """Make the folder, or take the one that is there; return its lock, which closing gives back.

    Raises InvalidRequest when it cannot be a store, is not this user's alone, or another process uses it, and
    StoreFullError when its disk is full.
    """
    try:
        folder.mkdir(PRIVATE, parents=True, exist_ok=True)
        _check(folder)
        folder.chmod(PRIVATE)
        lock = (folder / LOCK).open("a")
    except OSError as error:
        if error.errno in FULL:
            raise StoreFullError(folder) from error
        raise InvalidRequest(f"{folder}: cannot be used as a store ({error.strerror}); {OTHER}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise InvalidRequest(f"{folder}: another Reelwright is using this store; stop that one, or {OTHER}.") from None
    return lock


def _check(folder: Path) -> None:
    if folder.stat().st_uid != os.getuid():
        raise InvalidRequest(f"{folder}: belongs to another user; {OTHER}.")
    names = {path.name for path in folder.iterdir()}
    if names and LOCK not in names and DATABASE not in names:
        raise InvalidRequest(f"{folder}: holds other files and no store; {OTHER}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidRequest(f"{folder}: may not be written to; give yourself the right, or {OTHER}.")
