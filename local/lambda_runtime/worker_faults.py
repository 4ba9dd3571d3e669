"""Let a function's worker die, or run out of time, in the ways that AWS Lambda knows.

Touches the worker that it is given.
"""

from __future__ import annotations

import threading

from local.emulators.faults import FaultBook
from local.lambda_runtime.worker import Invocation, InvocationError, Worker

INVOKE = "invoke"
# `killed` strikes after the fault's seconds, `killed_after` when the work is done and only its answer is lost,
# `timeout` leaves the handler the fault's seconds, `unknown` is what Step Functions calls an end without a reason, and
# `out_of_memory` strikes as `killed` does and is told by its own name.
KILLED = "killed"
KILLED_AFTER = "killed_after"
TIMEOUT = "timeout"
UNKNOWN = "unknown"
OUT_OF_MEMORY = "out_of_memory"
KINDS = {INVOKE: frozenset({KILLED, KILLED_AFTER, TIMEOUT, UNKNOWN, OUT_OF_MEMORY})}


def run(worker: Worker, invocation: Invocation, faults: FaultBook) -> bytes:
    """Return the handler's result as JSON, under the fault that is due; raise InvocationError when there is none.

    A fault is matched against the function's ARN followed by its event.
    """
    fault = faults.take(INVOKE, f"{invocation.arn} {invocation.body.decode(errors='replace')}")
    if fault is None:
        return worker.run(invocation)
    if fault.kind == TIMEOUT:
        return worker.run(Invocation(invocation.request_id, invocation.arn, invocation.body, fault.seconds))
    if fault.kind == KILLED:
        return _run_until_killed(worker, invocation, fault.seconds)
    if fault.kind == OUT_OF_MEMORY:
        return _out_of_memory(worker, invocation, fault.seconds)
    worker.run(invocation)
    worker.close()
    raise InvocationError(_REPORTS[fault.kind])


def _run_until_killed(worker: Worker, invocation: Invocation, seconds: float) -> bytes:
    timer = threading.Timer(seconds, worker.kill)
    timer.start()
    try:
        return worker.run(invocation)
    finally:
        timer.cancel()


def _out_of_memory(worker: Worker, invocation: Invocation, seconds: float) -> bytes:
    try:
        return _run_until_killed(worker, invocation, seconds)
    except InvocationError as error:
        message = f"RequestId: {invocation.request_id} Error: Runtime exited with error: signal: killed"
        raise InvocationError({"errorType": EXHAUSTED, "errorMessage": message}) from error


# What Step Functions calls the ends of a worker: by its report's type, or by a name of its own where there is none.
EXITED = "Runtime.ExitError"
EXHAUSTED = "Runtime.OutOfMemory"
LATE = "Sandbox.Timedout"
UNTYPED = "Lambda.Unknown"
ERRORS = frozenset({EXITED, EXHAUSTED, LATE, UNTYPED})
_REPORTS = {
    KILLED_AFTER: {
        "errorType": EXITED,
        "errorMessage": "Error: Runtime exited with error: signal: killed",
    },
    # AWS names no type when a function runs out of time.
    UNKNOWN: {"errorMessage": "2026-01-31T12:00:00.000Z 1f2e3d4c Task timed out after 3.00 seconds"},
}
