"""The process that forks workers: it imports what the functions do, and each worker has that from its beginning.

Reads what to start from standard input, and tells of starts and ends on standard output. A worker whose function lies
elsewhere, as what was deployed does, imports it anew from there.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import selectors
import signal
import sys
import time
import traceback
from pathlib import Path

from local.lambda_runtime import packages
from local.lambda_runtime.fork_server import CLIENT, WorkerSpec, say
from local.processes import imports


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
            say(sys.stdout, {"pid": exit_of_child[0], "status": os.waitstatus_to_exitcode(exit_of_child[1])})


def _wake(_signal: int, _frame: object) -> None:
    """Do nothing: that there is a handler is what makes a signal write to the wake-up descriptor."""


class _Rest:
    """What is not imported yet, module by module, so that a worker of the API need not wait for it."""

    def __init__(self) -> None:
        self._modules = packages.prepare_rest()
        self.is_there = False

    def go_on(self) -> None:
        """Import the next module, if there is one."""
        with imports.without_garbage_collection():
            self.is_there = next(self._modules, None) is None

    def finish(self) -> None:
        """Import all that is left."""
        while not self.is_there:
            self.go_on()


def serve() -> None:
    """Fork workers as standard input asks for them until it ends, and with it this process."""
    with imports.without_garbage_collection():
        packages.prepare_api()
    rest = _Rest()
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
        readable = {key.fileobj for key, _ in ready.select(None if rest.is_there else 0)}
        if not readable:
            rest.go_on()
        if wake_reader in readable:
            os.read(wake_reader, 4096)
            _reap()
        if sys.stdin in readable:
            line = sys.stdin.readline()
            if not line:
                return
            order = WorkerSpec(**json.loads(line))
            if not order.is_of_api:
                rest.finish()
            say(sys.stdout, {"pid": _fork(order, lifeline)})


if __name__ == "__main__":
    serve()
