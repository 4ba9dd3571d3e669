"""Helpers for the tests that need a running cloud."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from local.cloud import EmbeddedCloud

PATIENCE = 60.0


def eventually(look: Callable[[], Any]) -> Any:
    """The first truthy answer of `look`."""
    end = time.monotonic() + PATIENCE
    while not (finding := look()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
    return finding


def await_end(cloud: EmbeddedCloud, execution: str) -> dict[str, Any]:
    """The description of an execution when it is over."""

    def look() -> Any:
        description = cloud.client("stepfunctions").describe_execution(executionArn=execution)
        return None if description["status"] == "RUNNING" else description

    return eventually(look)


def start(cloud: EmbeddedCloud, machine: str, event: object) -> str:
    started = cloud.client("stepfunctions").start_execution(
        stateMachineArn=machine, name=str(uuid.uuid4()), input=json.dumps(event)
    )
    return started["executionArn"]


def run_states(cloud: EmbeddedCloud, states: dict[str, Any], event: object = None, **top: Any) -> dict[str, Any]:
    """Run a throw-away machine that starts at state A, to its end."""
    return await_end(cloud, start_states(cloud, states, event, **top))


def start_states(cloud: EmbeddedCloud, states: dict[str, Any], event: object = None, **top: Any) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states, **top}
    machine = cloud.client("stepfunctions").create_state_machine(
        name=f"m-{uuid.uuid4()}",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/none",
    )
    return start(cloud, machine["stateMachineArn"], event if event is not None else {})
