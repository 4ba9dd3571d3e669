"""Tell that the disk of the temporary files is full: whoever meets it notes it, and the command ends by it at once.

Keeps the note, and asks how much of the disk is free.
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


class DiskFullError(OSError):
    """A run cannot go on for want of room; the message is for the user."""


class Disk:
    """The disk of a folder for temporary files, as this process's threads have met it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where the temporary files go."""
        self._folder = folder
        self._is_full = threading.Event()

    def check_room(self) -> None:
        """Raise DiskFullError when less than ROOM is free: before anything is begun."""
        free = shutil.disk_usage(self._folder).free
        if free < ROOM:
            sizes = f"only {free >> 20} MB are free and {ROOM >> 20} MB are needed for temporary files"
            raise DiskFullError(f"{self._folder}: {sizes}; {ADVICE}.")

    def note(self, words: object) -> bool:
        """Note that the disk is full if an error, or what a program said of one, tells so; return whether it does."""
        is_meant = os.strerror(errno.ENOSPC) in str(words)
        if is_meant:
            self._is_full.set()
        return is_meant

    def check(self) -> None:
        """Raise DiskFullError when the disk is full, or somebody has noted that it was."""
        # A program that cannot write what it has to say may end without a word.
        if self._is_full.is_set() or shutil.disk_usage(self._folder).free < LEAST:
            raise DiskFullError(self.sentence)

    @property
    def sentence(self) -> str:
        """What the user is told when the disk is full."""
        return f"{self._folder}: the disk is full, so the video could not be made; {ADVICE}."
