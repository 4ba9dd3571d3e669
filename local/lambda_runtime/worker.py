"""Hold one worker process and the Lambda Runtime API that it asks for work.

Touches that process, its process group and one port on 127.0.0.1.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import queue
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.http.body import Environ, read_body
from local.http.messages import Response, StartResponse, respond
from local.http.server import Server, hang_up
from local.lambda_runtime import fork_server
from local.processes import python

_Process = subprocess.Popen[bytes] | fork_server.Forked
_RUNTIME = "/2018-06-01/runtime/"
# Importing a handler may take this long, in seconds: AWS gives 10, a busy laptop needs more.
_INIT_LIMIT = 120.0


@dataclass(frozen=True)
class Invocation:
    """One event on its way to a handler, which has `timeout` seconds."""

    request_id: str
    arn: str
    body: bytes
    timeout: float

    @property
    def trace(self) -> str:
        """Its own trace id in X-Ray's format, which the SDK sends with each of the handler's requests to AWS."""
        digits = self.request_id.replace("-", "")
        return f"1-{digits[:8]}-{digits[8:]}"


class InvocationError(Exception):
    """The handler failed; `report` is what the service hands to the caller."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        super().__init__(report.get("errorType"), report.get("errorMessage"))
        self.report = report


@dataclass(frozen=True)
class _Outcome:
    body: bytes
    is_error: bool


class Worker:
    """A process that serves one function, one invocation at a time."""

    def __init__(self, root: Path, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        """Start `local.lambda_runtime.runtime_client` with `arguments` in `root`; its output is appended to `log`."""
        self.events: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self.outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self.ready = threading.Event()
        self._failed_init: dict[str, Any] | None = None
        self._server = _RuntimeApi(self)
        address = {"AWS_LAMBDA_RUNTIME_API": self._server.address}
        try:
            self._process = _spawn(root, arguments, {**environment, **address}, log)
        except fork_server.ForkServerGoneError:
            self._server.close()
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return self._process.poll() is None and self._failed_init is None

    def run(self, invocation: Invocation) -> bytes:
        """Return the handler's result as JSON. Raises InvocationError when it fails, times out or dies."""
        if not self.ready.wait(_INIT_LIMIT):
            self.close()
            raise InvocationError(_timed_out(invocation, _INIT_LIMIT))
        if self._failed_init is not None:
            raise InvocationError(self._failed_init)
        self.events.put(invocation)
        try:
            outcome = self.outcomes.get(timeout=invocation.timeout)
        except queue.Empty:
            self.close()
            raise InvocationError(_timed_out(invocation, invocation.timeout)) from None
        if outcome.is_error:
            raise InvocationError(_report(outcome.body, invocation))
        return outcome.body

    def fail_init(self, body: bytes) -> None:
        """Note that importing the handler failed, which fails every invocation of this worker."""
        self._failed_init = json.loads(body)
        self.ready.set()

    def kill(self) -> None:
        """Kill the process with everything that it started."""
        _kill(self._process)

    def close(self) -> None:
        """Kill the process with everything that it started, and free the port."""
        self.kill()
        self._process.wait()
        self.events.put(None)
        self._server.close()

    def _watch(self) -> None:
        status = self._process.wait()
        if not self.ready.is_set():
            self._failed_init = _exit_report(status)
        self.ready.set()
        self.outcomes.put(_Outcome(json.dumps(_exit_report(status)).encode(), is_error=True))


def _report(body: bytes, invocation: Invocation) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(body)
    if report.get("errorType") == "Runtime.ExitError":
        report["errorMessage"] = f"RequestId: {invocation.request_id} {report['errorMessage']}"
    return report


def _timed_out(invocation: Invocation, seconds: float) -> dict[str, str]:
    message = f"RequestId: {invocation.request_id} Error: Task timed out after {seconds:.2f} seconds"
    return {"errorType": "Sandbox.Timedout", "errorMessage": message}


def _exit_report(status: int) -> dict[str, str]:
    cause = f"exit status {status}" if status >= 0 else f"signal: {signal.Signals(-status).name}"
    return {"errorType": "Runtime.ExitError", "errorMessage": f"Error: Runtime exited with error: {cause}"}


def _spawn(root: Path, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> _Process:
    if fork_server.AVAILABLE:
        return fork_server.fork_server().start(
            fork_server.WorkerSpec(str(root), arguments, dict(environment), str(log))
        )
    # A group of its own, so that a timeout also ends the programs the handler started. The open standard input is how
    # the worker sees the end of this process.
    with log.open("ab") as output:
        return subprocess.Popen(
            python.command(fork_server.CLIENT, *arguments),
            cwd=root,
            env=python.environment(environment, root),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _kill(process: _Process) -> None:
    if isinstance(process, subprocess.Popen) and process.stdin:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif isinstance(process, subprocess.Popen):
            process.kill()


class _RuntimeApi:
    """The Lambda Runtime API of one worker, below a path that only the worker is told."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._server = Server(0, self._serve)
        self._server.serve()

    @property
    def address(self) -> str:
        """What AWS_LAMBDA_RUNTIME_API says: a host, a port, and the path."""
        return f"127.0.0.1:{self._server.port}{self._path}"

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        prefix = self._path + _RUNTIME
        if not hmac.compare_digest(path[: len(prefix)].encode(), prefix.encode()):
            return respond(environ, start_response, _NOT_FOR_YOU)
        if environ["REQUEST_METHOD"] == "POST":
            return respond(environ, start_response, self._take(path[len(prefix) :], read_body(environ)))
        invocation = self._next()
        if invocation is None:
            hang_up(environ)
        return respond(environ, start_response, _handed_over(invocation))

    def _next(self) -> Invocation | None:
        self._worker.ready.set()
        return self._worker.events.get()

    def _take(self, path: str, body: bytes) -> Response:
        """Take a result, an error or a failed import."""
        if path == "init/error":
            self._worker.fail_init(body)
        else:
            self._worker.outcomes.put(_Outcome(body, is_error=path.endswith("/error")))
        return Response(202, (("Content-Type", "application/json"),), b'{"status":"OK"}')


_NOT_FOR_YOU = Response(403, (("Content-Type", "text/plain"),), b"This runtime API serves one worker.\n")


def _handed_over(invocation: Invocation) -> Response:
    deadline = int((time.time() + invocation.timeout) * 1000)
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
        "Lambda-Runtime-Deadline-Ms": str(deadline),
        "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
        # The native client crashes without it.
        "Lambda-Runtime-Trace-Id": f"Root={invocation.trace};Parent={invocation.trace[-16:]};Sampled=0",
    }
    return Response(200, tuple(headers.items()), invocation.body)
