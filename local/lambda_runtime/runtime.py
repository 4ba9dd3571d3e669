"""Run Lambda functions in worker processes of their own, and let moto invoke them.

Touches the worker processes, one log file per function and one loopback port per worker.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.emulators.faults import FaultBook
from local.http.keys import Keys
from local.lambda_runtime import worker_faults
from local.lambda_runtime.fork_server import ForkServerGoneError
from local.lambda_runtime.worker import Invocation, InvocationError, Worker
from local.processes import runs, surroundings

# The service's limits for a synchronous invocation, in bytes.
MAX_PAYLOAD = 6 * 1024 * 1024

# What a worker needs of the computer itself; nothing else of the developer's environment reaches a handler.
_SYSTEM_VARIABLES = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Function:
    """What the template says about one function; `timeout` in seconds, `memory` in MB.

    `root` is the folder of its deployed code; None means the runtime's own.
    """

    name: str
    arn: str
    handler: str
    timeout: float
    memory: int
    region: str
    environment: Mapping[str, str] = field(hash=False)
    root: Path | None = None


@dataclass(frozen=True)
class InvocationReply:
    """A handler's result as JSON text, or its error report when `is_error`."""

    payload: str
    is_error: bool


class RuntimeClosedError(Exception):
    """No worker can be started any more, because the runtime is closed or what forks its workers is gone."""


class LambdaRuntime:
    """The worker processes of all functions: started on demand, reused, at most `max_workers` a function."""

    def __init__(
        self,
        root: Path,
        logs: Path,
        extra_env: Mapping[str, str],
        max_workers: int = 2,
        command: Iterable[str] = (),
        *,
        keys: Keys | None = None,
        faults: FaultBook | None = None,
    ) -> None:
        """`root` is the folder that handlers are imported from, `logs` gets `<function>.log` files.

        `extra_env` is added to every function's environment; `command` are more arguments for the runtime client;
        `keys` give each function an access key of its own; `faults` are those of `local.lambda_runtime.worker_faults`.
        """
        self._faults = faults or FaultBook(worker_faults.KINDS)
        self._keys = keys or Keys()
        self._root = root
        self._logs = logs
        self._extra_env = dict(extra_env)
        self._command = tuple(command)
        self._places: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(max_workers))
        self._idle: dict[str, list[tuple[Function, Worker]]] = defaultdict(list)
        self._workers: set[Worker] = set()
        self._serving: dict[Worker, Invocation] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def invoke(self, function: Function, event: object) -> InvocationReply:
        """Run the handler on an event and wait for its reply; waits for a free worker first.

        Raises ValueError when the event is larger than the service takes, and RuntimeClosedError; every other failure
        is a failed reply.
        """
        body = json.dumps(event).encode()
        if len(body) > MAX_PAYLOAD:
            raise ValueError(
                f"{len(body)} byte payload is too large for the Invoke operation (limit {MAX_PAYLOAD} bytes)"
            )
        with self._lock:
            place = self._places[function.name]
        with place:
            return self._run(function, Invocation(str(uuid.uuid4()), function.arn, body, function.timeout))

    def _run(self, function: Function, invocation: Invocation) -> InvocationReply:
        worker = self._take(function)
        try:
            payload = self._serve(worker, invocation)
        except InvocationError as error:
            self._give_back(function, worker)
            runs.current().disk.note(error)
            return InvocationReply(json.dumps(error.report), is_error=True)
        self._give_back(function, worker)
        if len(payload) > MAX_PAYLOAD:
            return InvocationReply(json.dumps(_too_large()), is_error=True)
        return InvocationReply(payload.decode(), is_error=False)

    def _serve(self, worker: Worker, invocation: Invocation) -> bytes:
        self._serving[worker] = invocation
        try:
            return worker_faults.run(worker, invocation, self._faults)
        finally:
            del self._serving[worker]

    def kill(self, match: str) -> int:
        """Kill the workers that serve an invocation with `match` in its trace id, ARN or event; return how many."""
        workers = [worker for worker, invocation in list(self._serving.items()) if _fits(invocation, match)]
        for worker in workers:
            worker.kill()
        return len(workers)

    def prewarm(self, functions: Iterable[Function]) -> None:
        """Start a worker for each function that has none, without waiting for it."""
        for function in functions:
            with self._lock:
                is_warm = bool(self._idle[function.name])
            if not is_warm:
                self._give_back(function, self._take(function))

    def close(self) -> None:
        """Kill every worker and what it started; later invocations fail."""
        with self._lock:
            self._is_closed = True
            workers = list(self._workers)
            self._workers.clear()
            self._idle.clear()
        for worker in workers:
            worker.close()

    def _take(self, function: Function) -> Worker:
        with self._lock:
            idle = self._idle[function.name]
            stale = [worker for made_for, worker in idle if made_for != function or not worker.alive]
            fresh = [worker for _, worker in idle if worker not in stale]
            self._idle[function.name] = [(function, worker) for worker in fresh[1:]]
        for worker in stale:
            self._drop(worker)
        return fresh[0] if fresh else self._start(function)

    def _start(self, function: Function) -> Worker:
        with self._lock:
            if self._is_closed:
                raise RuntimeClosedError("the Lambda runtime is closed")
            self._logs.mkdir(parents=True, exist_ok=True)
            log = self._logs / f"{function.name}.log"
            arguments = (*self._command, function.handler)
            try:
                worker = Worker(function.root or self._root, arguments, self._environment(function), log)
            except ForkServerGoneError as error:
                raise RuntimeClosedError(str(error)) from error
            self._workers.add(worker)
        return worker

    def _give_back(self, function: Function, worker: Worker) -> None:
        if not worker.alive:
            self._drop(worker)
            return
        with self._lock:
            if not self._is_closed:
                self._idle[function.name].append((function, worker))

    def _drop(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)

    def _environment(self, function: Function) -> dict[str, str]:
        system = {name: os.environ[name] for name in _SYSTEM_VARIABLES if name in os.environ}
        system["TMPDIR"] = str(runs.current().folder)
        own = {name: str(value) for name, value in function.environment.items()}
        return {**system, **self._lambda_variables(function), **own, **self._extra_env}

    def _lambda_variables(self, function: Function) -> dict[str, str]:
        return {
            "_HANDLER": function.handler,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            # A key of its own, so that every call can be told by who made it.
            "AWS_ACCESS_KEY_ID": function.name,
            "AWS_SECRET_ACCESS_KEY": self._keys.secret(function.name),
            "AWS_SESSION_TOKEN": "local",
            # Without a HOME the SDK still finds the developer's files by the user database.
            **surroundings.NO_FILES,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": time.strftime("%Y/%m/%d/[$LATEST]local"),
            "LAMBDA_TASK_ROOT": str(function.root or self._root),
            "LAMBDA_RUNTIME_DIR": str(function.root or self._root),
            "PYTHONUNBUFFERED": "1",
            "TZ": ":UTC",
        }


def _fits(invocation: Invocation, match: str) -> bool:
    return match in f"{invocation.trace} {invocation.arn} {invocation.body.decode(errors='replace')}"


def _too_large() -> dict[str, str]:
    return {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes).",
    }
