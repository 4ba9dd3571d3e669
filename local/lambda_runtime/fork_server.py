"""Have workers started by forking one process that has imported the functions, so that a cold start costs little.

Starts `local.lambda_runtime.forking`, tells it by standard input what to start, and hears of starts and ends from it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Any

from local.processes import python

CLIENT = "local.lambda_runtime.runtime_client"
FORKING = "local.lambda_runtime.forking"
# The handler of the function that is called first of all.
API = "functions.api.handler.handler"
# Elsewhere a forked process cannot be relied on: macOS's own libraries break in it.
AVAILABLE = sys.platform == "linux"
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class WorkerSpec:
    """A worker to start: the folder it imports from, its arguments, its whole environment, and its log file."""

    root: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: str

    @property
    def is_of_api(self) -> bool:
        """Whether it is to serve the API."""
        return self.arguments[-1:] == (API,)


@dataclass
class Forked:
    """A worker process, with those methods of subprocess.Popen that are needed here."""

    pid: int
    _has_ended: threading.Event = field(default_factory=threading.Event)
    _status: int = 0

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while it runs."""
        return self._status if self._has_ended.is_set() else None

    def wait(self) -> int:
        """Wait for the end and return the exit status."""
        self._has_ended.wait()
        return self._status

    def end(self, status: int) -> None:
        """Note that the process has ended."""
        self._status = status
        self._has_ended.set()


class ForkServerGoneError(Exception):
    """The process that forks workers has ended, or could not begin."""


class ForkServer:
    """The process that forks; it, and every worker, ends with this one."""

    def __init__(self, system: Mapping[str, str]) -> None:
        """Start it with the environment `system`, in which the packages are imported."""
        self._process = subprocess.Popen(
            python.command(FORKING),
            cwd=python.ROOT,
            env=python.environment(system),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._asking = threading.Lock()
        self._answers = threading.Condition()
        self._born: list[Forked] = []
        self._running: dict[int, Forked] = {}
        self._has_died = False
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def start(self, order: WorkerSpec) -> Forked:
        """Return a new worker. Raises ForkServerGoneError when this process is gone."""
        with self._asking:
            with contextlib.suppress(BrokenPipeError):
                say(self._process.stdin, vars(order))
            with self._answers:
                self._answers.wait_for(lambda: self._born or self._has_died)
                if not self._born:
                    raise ForkServerGoneError("the process that forks workers is gone")
                return self._born.pop()

    def close(self) -> None:
        """End it, and with it every worker."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()
        self._listening.join()
        if self._process.stdout:
            self._process.stdout.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            message: dict[str, int] = json.loads(line)
            with self._answers:
                if "status" in message:
                    self._running.pop(message["pid"]).end(message["status"])
                else:
                    born = self._running[message["pid"]] = Forked(message["pid"])
                    self._born.append(born)
                    self._answers.notify_all()
        with self._answers:
            self._has_died = True
            for process in self._running.values():
                process.end(KILLED)
            self._answers.notify_all()


@cache
def fork_server() -> ForkServer:
    """Return this process's fork server, started when it is first needed."""
    system = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    server = ForkServer(system)
    atexit.register(server.close)
    return server


def begin() -> None:
    """Start this process's fork server, where there can be one, so that it imports while others do something else."""
    if AVAILABLE:
        fork_server()


def close() -> None:
    """End this process's fork server, if it has one, and with it every worker."""
    if fork_server.cache_info().currsize:
        fork_server().close()


def say(to: IO[str] | None, message: Mapping[str, Any]) -> None:
    """Send a message to the other of the two processes, as one line."""
    if to:
        to.write(json.dumps(message) + "\n")
        to.flush()
