"""End moto's executions before what they call is gone: an execution outlives the request that started it.

Touches the executions that moto holds, and waits for their threads.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

from local.clients import ACCOUNT, REGION

# Seconds that a state may take to see that its execution is over.
PATIENCE = 2.0
CAUSE = "The local cloud stops."


def halt() -> None:
    """Let no execution begin another state; what its state calls is not cut off."""
    now = datetime.now(UTC)
    for execution in _executions():
        environment: Any = execution.exec_worker.env
        # None for an execution that has only just been started.
        if environment is not None:
            environment.set_stop(stop_date=now, cause=CAUSE, error=None)


def wait(patience: float = PATIENCE) -> None:
    """Wait up to `patience` seconds until no execution is at work."""
    end = time.monotonic() + patience
    for thread in cast("list[threading.Thread]", TMP_THREADS):
        thread.join(max(0.0, end - time.monotonic()))
    TMP_THREADS.clear()


def _executions() -> Iterator[Any]:
    machines: Any = stepfunctions_parser_backends[ACCOUNT][REGION].state_machines
    for machine in list(machines):
        yield from list(machine.executions)
