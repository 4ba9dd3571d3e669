"""Keep the bodies of objects as files of their own, each whole on the disk before anybody relies on it.

Touches the folder `objects` of a store.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from local.processes.disk import FULL
from local.shelf.database import NotWrittenError, StoreFullError


class Body:
    """A body on the disk in place of the buffer that moto keeps one in; opened only while it is read.

    A body that is removed while somebody has the object stays readable for them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._at = 0
        self._file: BinaryIO | None = None

    def seek(self, at: int) -> int:
        """Go to a place, in bytes from the beginning."""
        self._at = at
        return at

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from here, all of them without one."""
        if self._file:
            return self._part(self._file, size)
        with self.path.open("rb") as file:
            return self._part(file, size)

    def close(self) -> None:
        """Let go of a body that was removed; another can be read again."""
        if self._file:
            self._file.close()
            self._file = None

    def remove(self) -> None:
        """Delete the file."""
        with contextlib.suppress(FileNotFoundError):
            self._file = self._file or self.path.open("rb")
            self.path.unlink()

    def __del__(self) -> None:
        self.close()

    def _part(self, file: BinaryIO, size: int) -> bytes:
        file.seek(self._at)
        part = file.read(size)
        self._at += len(part)
        return part


class Bodies:
    """The files of one store."""

    def __init__(self, folder: Path) -> None:
        """Use the folder, which is made when it is needed in that of the store."""
        self._folder = folder

    def write(self, content: bytes) -> Body:
        """Return the new body, which is on the disk. Raises NotWrittenError, and leaves nothing then."""
        path = self._folder / uuid.uuid4().hex
        try:
            self._folder.mkdir(0o700, exist_ok=True)
            _write_through(path, content)
        except OSError as error:
            path.unlink(missing_ok=True)
            if error.errno in FULL:
                raise StoreFullError(self._folder.parent) from error
            raise NotWrittenError(error.errno, error.strerror, str(path)) from error
        return Body(path)

    def of(self, name: str) -> Body:
        """Return the body of that file's name."""
        return Body(self._folder / name)

    def size(self, name: str) -> int | None:
        """Return the size of a body in bytes, or None when its file is missing."""
        try:
            return (self._folder / name).stat().st_size
        except FileNotFoundError:
            return None

    def keep_only(self, names: Collection[str]) -> None:
        """Delete every other file: what a kill left behind between a body and its entry."""
        for path in self._folder.glob("*"):
            if path.name not in names:
                path.unlink()


def _write_through(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, with rights from the beginning
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
