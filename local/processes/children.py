"""Run child processes that can all be killed at once.

Touches the processes it starts and no others.
"""

from __future__ import annotations

import errno
import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from local.processes import python

# What is told of a program that failed, by a sign of it on its stderr, else by the status that it ended with.
_REASONS = (
    (os.strerror(errno.ENOSPC), os.strerror(errno.ENOSPC)),
    (os.strerror(errno.ENOMEM), "there was too little memory"),
    ("MemoryError", "there was too little memory"),
    (os.strerror(errno.EMFILE), "too many files were open"),
)
_DEATHS = {-9: "it was killed, most likely for want of memory", -15: "it was stopped"}


class ChildFailedError(Exception):
    """A child ended badly, or was killed."""


class Children:
    """The child processes running now, started from any thread."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        self._is_closed = False

    def run(self, command: Sequence[str], folder: Path, stdin: bytes = b"", seconds: float = 120) -> bytes:
        """Return what the command writes to stdout, run in `folder` with `stdin` on stdin, for `seconds` at most.

        Raises ChildFailedError when it fails or is killed; what it said of that is in the error's notes alone.
        """
        with self._start(command, folder) as child:
            try:
                stdout, complaint = child.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired as error:
                child.kill()
                raise ChildFailedError(f"a program that it needs took longer than {seconds:g} s") from error
            finally:
                with self._guard:
                    self._running.discard(child)
        if child.returncode:
            raise _failure(command[0], child.returncode, complaint.decode(errors="replace"))
        return stdout

    def kill(self) -> None:
        """Kill every running child, and start no more."""
        with self._guard:
            self._is_closed = True
            for child in self._running:
                child.kill()

    def _start(self, command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
        with self._guard:
            if self._is_closed:
                raise ChildFailedError("stopping: no child is started any more")
            pipe = subprocess.PIPE
            own = python.environment()
            child = subprocess.Popen(command, cwd=folder, env=own, stdin=pipe, stdout=pipe, stderr=pipe)
            self._running.add(child)
        return child


def _failure(program: str, status: int, complaint: str) -> ChildFailedError:
    """Return the error of a program that ended with `status` and wrote `complaint` to its stderr."""
    reasons = (words for sign, words in _REASONS if sign in complaint)
    why = next(reasons, _DEATHS.get(status, f"it ended with status {status}"))
    error = ChildFailedError(f"a program that it needs failed: {why}")
    # For whoever mends it: these are not words for the user.
    error.add_note(f"{program}: {complaint[-2000:]}")
    return error
