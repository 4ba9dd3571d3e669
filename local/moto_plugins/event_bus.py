"""Deliver events as EventBridge does: the ends of executions onto the bus; what matches, or is due, to functions.

Touches three methods of moto's classes, and the functions by the local runtime, in threads of its own.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals, whose methods are replaced here.

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from moto.events.models import Rule, events_backends
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from local.clients import ACCOUNT, REGION
from local.lambda_runtime.runtime import Reply
from local.moto_plugins.schedules import Schedules

Invoke = Callable[[str, object], Reply]
# Lambda repeats an asynchronous invocation twice, after one minute and after two more; nobody waits that long here.
PAUSES = (1.0, 2.0)
# Seconds between two looks at the schedules.
TICK = 1.0
# The services that moto itself delivers to.
_MOTOS_OWN = ("logs", "events", "sqs")
_send_to_targets: Any = Rule.send_to_targets
_terminated = BaseExecutionWorkerCommunication.terminated


class EventBus:
    """Delivers until it is closed; `invoke` runs a function by its name and waits for its reply."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="event-bus")

    def install(self) -> None:
        """Plug this bus into moto, in place of an earlier one."""
        stop = Execution.stop
        bus = self

        def terminated(communication: Any) -> None:
            told = communication.execution.exec_status == ExecutionStatus.ABORTED
            _terminated(communication)
            if not told:
                _tell(communication.execution)

        def stopped(execution: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
            stop(execution, stop_date, error, cause)
            _tell(execution)

        def send(rule: Any, original_event: dict[str, Any], transform_input: bool = True) -> None:
            if matches(rule, original_event):
                bus.deliver(rule, original_event, transform_input)

        threading.Thread(target=self._keep_time, name="event-bus-schedules", daemon=True).start()
        setattr(BaseExecutionWorkerCommunication, "terminated", terminated)  # noqa: B010 - moto's own, of other types
        setattr(Execution, "stop", stopped)  # noqa: B010
        setattr(Rule, "send_to_targets", send)  # noqa: B010

    def deliver(self, rule: Any, event: dict[str, Any], transform_input: bool) -> None:
        """Give a matching event to the rule's targets: functions are called from here, the rest is moto's."""
        services = [(target, str(target["Arn"]).split(":")[2]) for target in rule.targets if ":" in target["Arn"]]
        for target, service in services:
            if service == "lambda" and not self._closed.is_set():
                # The pool refuses work once it is shut down, which may have been a moment ago.
                with suppress(RuntimeError):
                    self._threads.submit(self._call, str(target["Arn"]).rsplit(":", 1)[-1], _as_sent(event))
        others = [target for target, service in services if service in _MOTOS_OWN]
        if others:
            whose = rule.name, rule.account_id, rule.region_name
            kept: Any = Rule(*whose, None, None, None, None, rule.event_bus_name, None, targets=others)
            _send_to_targets(kept, event, transform_input)

    def close(self) -> None:
        """Stop repeating and take no more events; what runs is cut off when the runtime closes."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _keep_time(self) -> None:
        schedules = Schedules(lambda rule, event: self.deliver(rule, event, True))
        while not self._closed.wait(TICK):
            schedules.fire(time.time())

    def _call(self, function: str, event: dict[str, Any]) -> None:
        for pause in (*PAUSES, None):
            if not self._invoke(function, event).failed or pause is None or self._closed.wait(pause):
                return


def matches(rule: Any, event: dict[str, Any]) -> bool:
    """Return whether the rule wants the event; one that has a schedule and no pattern wants none."""
    pattern = rule.event_pattern
    return bool(rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event))


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    moment = datetime.fromtimestamp(float(event["time"]), UTC)
    sent = {name: value for name, value in event.items() if name != "ingestion-time"}
    return {**sent, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _tell(execution: Any) -> None:
    detail = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": str(execution.exec_status.value),
        "startDate": _milliseconds(execution.start_date),
        "stopDate": _milliseconds(execution.stop_date),
        "input": execution.execution_input,
        "output": json.dumps(execution.output) if execution.exec_status == ExecutionStatus.SUCCEEDED else None,
        "error": execution.error,
        "cause": execution.cause,
    }
    entry = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Detail": json.dumps(detail),
        "Resources": [execution.exec_arn],
    }
    events_backends[ACCOUNT][REGION].put_events([entry])


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
