"""Run child processes that can all be killed at once.

Touches the processes it starts and no others.
"""

import errno
import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from local.processes import python


class ChildFailedError(Exception):
    """A child ended badly, or was killed."""


class Children:
    """The child processes running now, started from any thread."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        self._is_closed = False

    def run(self, command: Sequence[str], folder: Path, stdin: bytes = b"", seconds: float = 120) -> bytes:
        """What the command writes to stdout, run in `folder` with `stdin` on stdin, for `seconds` at most.

        Raises ChildFailedError with the last line of its stderr when it fails or is killed.
        """
        with self._start(command, folder) as child:
            try:
                stdout, complaint = child.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired as error:
                child.kill()
                raise ChildFailedError(f"{command[0]} took longer than {seconds} s") from error
            finally:
                with self._guard:
                    self._running.discard(child)
        if child.returncode:
            error = ChildFailedError(f"a program that it needs ended with {child.returncode}: {_reason(complaint)}")
            # For whoever mends it; the user is told the reason alone.
            error.add_note(f"{command[0]}: {complaint[-2000:].decode(errors='replace')}")
            raise error
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


def _reason(complaint: bytes) -> str:
    """Return the last that a program said, or that the disk is full when it spoke of that."""
    lines = complaint.decode(errors="replace").strip().splitlines()
    full = os.strerror(errno.ENOSPC)
    return full if any(full in line for line in lines) else (lines or ["it gave no reason"])[-1]
