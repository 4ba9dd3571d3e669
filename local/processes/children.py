"""Run child processes that can all be killed at once.

Touches the processes it starts and no others.
"""

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

        Raises ChildFailedError with the end of its stderr when it fails or is killed.
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
            raise ChildFailedError(f"{command[0]} ended with {child.returncode}: {complaint[-800:].decode()}")
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
