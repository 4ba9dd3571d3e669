"""Tell that a disk is full: whoever meets it notes it, and the command ends by it at once, with the folder's name.

Keeps the note, and asks how much of a disk is free.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path

# Bytes that a video of a minute takes while it is made, with room to spare; one of 25 s takes 44 MB.
ROOM = 128 << 20
# Bytes below which a disk is as good as full.
LEAST = 1 << 20
ADVICE = "make room there, or set TMPDIR to a folder on another disk"
# No room on the disk, or none left of what its user may have of it.
FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFullError(OSError):
    """A run cannot go on for want of room; the message is for the user."""


def has_no_room(folder: Path) -> bool:
    """Return whether the disk of a folder is as good as full."""
    return shutil.disk_usage(folder).free < LEAST


class Disk:
    """The disk of a folder for temporary files, and what this process's threads have met of full disks."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the temporary files go."""
        self._folder = folder
        self._sentence = f"{folder}: the disk is full, so the video could not be made; {ADVICE}."
        self._is_full = threading.Event()

    def check_room(self) -> None:
        """Raise DiskFullError when less than ROOM is free: before anything is begun."""
        free = shutil.disk_usage(self._folder).free
        if free < ROOM:
            sizes = f"only {free >> 20} MB are free and {ROOM >> 20} MB are needed for temporary files"
            raise DiskFullError(f"{self._folder}: {sizes}; {ADVICE}.")

    def note(self, words: object) -> bool:
        """Note that a disk is full if an error, or what a program said of one, tells so; return whether it does.

        An error that says itself which disk it is has the word, else it is that of the temporary files.
        """
        is_own = isinstance(words, DiskFullError)
        is_meant = is_own or any(os.strerror(number) in str(words) for number in FULL)
        if is_own and not self._is_full.is_set():
            self._sentence = str(words)
        if is_meant:
            self._is_full.set()
        return is_meant

    def check(self) -> None:
        """Raise DiskFullError when the disk is full, or somebody has noted that one was."""
        # A program that cannot write what it has to say may end without a word.
        if self._is_full.is_set() or has_no_room(self._folder):
            raise DiskFullError(self._sentence)

    def sentence(self, filename: str | None = None) -> str:
        """Return what the user is told when the disk is full; `filename` is what could not be written, if one knows."""
        folder = Path(filename).absolute().parent if filename else self._folder
        if folder.is_relative_to(self._folder):
            return self._sentence
        return f"{folder}: the disk is full; make room there."
