"""Start workers by forking one process that has imported the functions, so that a cold start costs little.

Run as a module it is that process: it reads what to start from standard input, and tells of starts and ends on standard
output. A worker whose function lies elsewhere, as what was deployed does, imports it anew from there.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from local.lambda_runtime import packages
from local.processes import imports, python

CLIENT = "local.lambda_runtime.runtime_client"
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
            python.command(__name__),
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
                _say(self._process.stdin, vars(order))
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


def close() -> None:
    """End this process's fork server, if it has one, and with it every worker."""
    if fork_server.cache_info().currsize:
        fork_server().close()


def _say(to: IO[str] | None, message: Mapping[str, Any]) -> None:
    if to:
        to.write(json.dumps(message) + "\n")
        to.flush()


def _become(order: WorkerSpec, lifeline: int) -> None:
    """Turn this forked process into a worker, as if it had been started by itself."""
    output = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((lifeline, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.closerange(3, 64)
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure")(line_buffering=True, write_through=True)  # noqa: B009 - typed as TextIO
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.root)
    # Before our own folder: a root may hold its own copy of what it runs, or a part of it.
    sys.path.insert(0, order.root)
    packages.forget_what_is_in(Path(order.root))
    sys.argv = [CLIENT, *order.arguments]
    importlib.import_module(CLIENT).main(list(order.arguments))


def _fork(order: WorkerSpec, ends: tuple[int, int]) -> int:
    pid = os.fork()
    if pid:
        # In both processes, so that it is done whichever of them runs first.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(ends[1])
        _become(order, ends[0])
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        # Not by returning: what this process has on its stack is the fork server's.
        sys.stdout.flush()
        os._exit(status)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while (exit_of_child := os.waitpid(-1, os.WNOHANG))[0]:
            _say(sys.stdout, {"pid": exit_of_child[0], "status": os.waitstatus_to_exitcode(exit_of_child[1])})


def _wake(_signal: int, _frame: object) -> None:
    """Do nothing: that there is a handler is what makes a signal write to the wake-up descriptor."""


def serve() -> None:
    """Fork workers as standard input asks for them until it ends, and with it this process."""
    with imports.without_garbage_collection():
        packages.prepare()
    # Nobody writes to it: workers see its end, whatever ends this process.
    lifeline = os.pipe()
    wake_reader, wake = os.pipe()
    for end in (wake_reader, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, _wake)
    ready = selectors.DefaultSelector()
    ready.register(sys.stdin, selectors.EVENT_READ)
    ready.register(wake_reader, selectors.EVENT_READ)
    while True:
        readable = {key.fileobj for key, _ in ready.select()}
        if wake_reader in readable:
            os.read(wake_reader, 4096)
            _reap()
        if sys.stdin in readable:
            line = sys.stdin.readline()
            if not line:
                return
            _say(sys.stdout, {"pid": _fork(WorkerSpec(**json.loads(line)), lifeline)})


if __name__ == "__main__":
    serve()
