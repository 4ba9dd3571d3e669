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
from uuid import uuid4

from moto.events.models import Rule, events_backends
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from local.clients import ACCOUNT, REGION
from local.lambda_runtime.runtime import InvocationReply
from local.moto_plugins.schedules import Schedules
from local.shelf.shelf import NoShelf, Shelf

Invoke = Callable[[str, object], InvocationReply]
# Lambda repeats an asynchronous invocation twice, after one minute and after two more; nobody waits that long here.
PAUSES = (1.0, 2.0)
# Seconds between two looks at the schedules.
TICK = 1.0
# The services that moto itself delivers to.
_MOTOS_OWN = ("logs", "events", "sqs")
_send_to_targets: Any = Rule.send_to_targets
_original_terminated = BaseExecutionWorkerCommunication.terminated


class EventBus:
    """Delivers until it is closed; `invoke` runs a function by its name and waits for its reply.

    What is to be delivered is on the shelf until it was; `on_end` is told of each execution that is over.
    """

    def __init__(
        self, invoke: Invoke, shelf: Shelf | None = None, on_end: Callable[[Any], None] = lambda _: None
    ) -> None:
        self._invoke = invoke
        self._shelf = shelf or NoShelf()
        self._on_end = on_end
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="event-bus")

    def install(self) -> None:
        """Plug this bus into moto, in place of an earlier one."""
        stop = Execution.stop
        bus = self
        on_end = self._on_end

        def announce_termination(communication: Any) -> None:
            is_aborted = communication.execution.exec_status == ExecutionStatus.ABORTED
            _original_terminated(communication)
            if not is_aborted:
                on_end(communication.execution)
                tell(communication.execution)

        def stop_and_announce(execution: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
            stop(execution, stop_date, error, cause)
            on_end(execution)
            tell(execution)

        def send(rule: Any, original_event: dict[str, Any], transform_input: bool = True) -> None:
            if matches(rule, original_event):
                bus.deliver(rule, original_event, transform_input)

        threading.Thread(target=self._keep_time, name="event-bus-schedules", daemon=True).start()
        setattr(BaseExecutionWorkerCommunication, "terminated", announce_termination)  # noqa: B010 - moto's own, of other types
        setattr(Execution, "stop", stop_and_announce)  # noqa: B010
        setattr(Rule, "send_to_targets", send)  # noqa: B010

    def deliver(self, rule: Any, event: dict[str, Any], transform_input: bool) -> None:
        """Give a matching event to the rule's targets: functions are called from here, the rest is moto's."""
        services = [(target, str(target["Arn"]).split(":")[2]) for target in rule.targets if ":" in target["Arn"]]
        for target, service in services:
            if service == "lambda" and not self._closing.is_set():
                delivery = {"function": str(target["Arn"]).rsplit(":", 1)[-1], "event": _as_sent(event)}
                ticket = str(uuid4())
                # A full disk keeps nothing from being delivered now.
                with suppress(OSError):
                    self._shelf.put(ticket, delivery)
                self._submit(ticket, delivery)
        others = [target for target, service in services if service in _MOTOS_OWN]
        if others:
            whose = rule.name, rule.account_id, rule.region_name
            remaining_rule: Any = Rule(*whose, None, None, None, None, rule.event_bus_name, None, targets=others)
            _send_to_targets(remaining_rule, event, transform_input)

    def close(self) -> None:
        """Stop repeating and take no more events; what runs is cut off when the runtime closes."""
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _keep_time(self) -> None:
        schedules = Schedules(lambda rule, event: self.deliver(rule, event, True))
        while not self._closing.wait(TICK):
            schedules.fire(time.time())

    def deliver_again(self) -> None:
        """Deliver what an earlier process took on and did not come to."""
        for ticket, delivery in self._shelf.all().items():
            self._submit(ticket, delivery)

    def _submit(self, ticket: str, delivery: dict[str, Any]) -> None:
        # The pool refuses work once it is shut down, which may have been a moment ago.
        with suppress(RuntimeError):
            self._threads.submit(self._call, ticket, delivery["function"], delivery["event"])

    def _call(self, ticket: str, function: str, event: dict[str, Any]) -> None:
        for pause in (*PAUSES, None):
            if not self._invoke(function, event).is_error or pause is None:
                break
            if self._closing.wait(pause):
                return
        # A store that is closed delivers it at its next start, which the functions know how to bear.
        with suppress(OSError):
            self._shelf.remove(ticket)


def matches(rule: Any, event: dict[str, Any]) -> bool:
    """Return whether the rule wants the event; one that has a schedule and no pattern wants none."""
    pattern = rule.event_pattern
    return bool(rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event))


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    moment = datetime.fromtimestamp(float(event["time"]), UTC)
    body = {name: value for name, value in event.items() if name != "ingestion-time"}
    return {**body, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def tell(execution: Any) -> None:
    """Put the end of an execution onto the bus."""
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
