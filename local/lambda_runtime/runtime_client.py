"""Run one Lambda handler inside a worker process, as the Lambda service would.

Talks to the Lambda Runtime API at AWS_LAMBDA_RUNTIME_API; ends with its parent, whose end closes standard input.
"""

from __future__ import annotations

import http.client
import importlib
import importlib.util
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

Handler = Callable[[Any, Any], Any]
_RUNTIME = "/2018-06-01/runtime"


def take_lifeline() -> int:
    """Return a copy of standard input, which ends with the parent; standard input becomes empty, as in Lambda."""
    lifeline = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return lifeline


def watch(lifeline: int) -> None:
    """Kill this process, with the programs it started, when `lifeline` ends.

    The parent holds its other end, so even a parent that is killed leaves no worker behind.
    """
    os.read(lifeline, 1)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _call(method: str, path: str, body: bytes | None = None) -> http.client.HTTPResponse:
    host, _, prefix = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    connection = http.client.HTTPConnection(host)
    connection.request(method, (f"/{prefix}" if prefix else "") + _RUNTIME + path, body)
    return connection.getresponse()


def _error(error: BaseException) -> bytes:
    # The shape that the official runtime client sends.
    report = {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": "",
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
    return json.dumps(report).encode()


def _context(headers: http.client.HTTPMessage) -> SimpleNamespace:
    deadline = int(headers["Lambda-Runtime-Deadline-Ms"])
    return SimpleNamespace(
        aws_request_id=headers["Lambda-Runtime-Aws-Request-Id"],
        invoked_function_arn=headers["Lambda-Runtime-Invoked-Function-Arn"],
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        get_remaining_time_in_millis=lambda: max(0, deadline - int(time.time() * 1000)),
    )


def load(name: str) -> Handler:
    """Return the handler named `package.module.function`. Raises what importing it raises, or AttributeError."""
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def serve_once(handler: Handler) -> None:
    """Take one invocation, run the handler and report its result or its exception. Raises OSError without a service."""
    response = _call("GET", "/invocation/next")
    path = f"/invocation/{response.headers['Lambda-Runtime-Aws-Request-Id']}"
    os.environ["_X_AMZN_TRACE_ID"] = response.headers["Lambda-Runtime-Trace-Id"]
    try:
        result = json.dumps(handler(json.loads(response.read()), _context(response.headers))).encode()
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is the invocation's result
        traceback.print_exc()
        answer = _call("POST", f"{path}/error", _error(error))
    else:
        answer = _call("POST", f"{path}/response", result)
    if answer.status != HTTPStatus.ACCEPTED:
        raise OSError(f"the runtime API answered {answer.status}")


def run_plain(name: str) -> None:
    """Serve invocations over plain HTTP until the service goes away, where the official client has no wheels."""
    try:
        handler = load(name)
    except Exception as error:
        _call("POST", "/init/error", _error(error))
        raise
    while True:
        serve_once(handler)


def run_official(name: str) -> None:
    """Serve invocations by the official client, which ends this process when the service goes away."""
    client: Any = importlib.import_module("awslambdaric.lambda_runtime_client")
    bootstrap: Any = importlib.import_module("awslambdaric.bootstrap")

    class Client(client.LambdaRuntimeClient):
        """Its own report of a failed import takes an address without a path only."""

        def post_init_error(self, error_response_data: Any, error_type_override: str | None = None) -> None:  # noqa: ARG002 - the base's
            _call("POST", "/init/error", json.dumps(error_response_data).encode())

    bootstrap.run(name, Client(os.environ["AWS_LAMBDA_RUNTIME_API"]))


def main(arguments: list[str]) -> None:
    """Serve the handler that `[--plain] HANDLER` names, by the official client where it is installed."""
    threading.Thread(target=watch, args=(take_lifeline(),), daemon=True).start()
    if "--plain" in arguments or not importlib.util.find_spec("awslambdaric"):
        run_plain(arguments[-1])
    else:
        run_official(arguments[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
