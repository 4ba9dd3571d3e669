"""Keep the executions of moto's state machines; one that ran when its process ended was aborted then.

Touches moto's state machines, and one method of its executions while a store is in use.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals.

from __future__ import annotations

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.clients import ACCOUNT, REGION
from local.processes.scopes import replace_methods
from local.shelf.database import Document, NotWrittenError, StoreClosedError
from local.shelf.shelf import Shelf

CAUSE = "The local cloud that ran it was stopped or killed."
# On an execution that ended so, until it was decided whether it goes on.
INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Interrupted:
    """An execution that ran when its process ended: its input, and the providers that were used for real."""

    arn: str
    input: Document
    live: list[str]


class Executions:
    """The executions of one cloud, on the shelf of its store."""

    def __init__(self, shelf: Shelf, live: list[str]) -> None:
        self._shelf = shelf
        self._live = live
        self._dead: list[Any] = []

    def load(self) -> None:
        """Let Step Functions know the executions of earlier processes; of another state machine it knows none."""
        for arn, document in self._shelf.all().items():
            machine = _machine(document["machine"])
            if machine is None:
                continue
            execution = _past(arn, machine, document)
            machine.executions.append(execution)
            if document["status"] == ExecutionStatus.RUNNING.value:
                self._dead.append(execution)

    @contextmanager
    def follow(self) -> Generator[None]:
        """Write each execution before it starts."""
        start: Any = Execution.start

        def start_written(execution: Any) -> None:
            try:
                self._put(execution, ExecutionStatus.RUNNING)
            except NotWrittenError:
                machine = _machine(execution.state_machine.arn)
                if machine:
                    machine.executions.remove(execution)
                raise
            start(execution)

        with replace_methods(Execution, start=start_written):
            yield

    def end(self, execution: Any) -> None:
        """Write how an execution ended; what cannot be written is aborted at the next start, and its record stands."""
        try:
            self._put(execution, execution.exec_status)
        except StoreClosedError:
            return
        except NotWrittenError as error:
            logging.getLogger(__name__).error("The end of an execution was not written: %s", error)

    def tell(self, tell: Any) -> None:
        """Have `tell` told of each execution that ran when its process ended. Raises NotWrittenError."""
        for execution in self._dead:
            tell(execution)
            # Not before: a kill in between lets the next start tell it.
            self._put(execution, ExecutionStatus.ABORTED, **{INTERRUPTED: True})
        self._dead.clear()

    def undecided_executions(self) -> list[Interrupted]:
        """Return those of which it is not decided whether they go on."""
        rows = self._shelf.all().items()
        return [Interrupted(arn, json.loads(row["input"]), row["live"]) for arn, row in rows if row.get(INTERRUPTED)]

    def decide(self, arn: str) -> None:
        """Remember that it was decided. Raises NotWrittenError."""
        row = self._shelf.get(arn)
        if row:
            self._shelf.put(arn, {**row, INTERRUPTED: False})

    def _put(self, execution: Any, status: ExecutionStatus, **more: object) -> None:
        earlier = self._shelf.get(execution.exec_arn) or {}
        document = {
            "machine": execution.state_machine.arn,
            "input": execution.execution_input,
            "started": execution.start_date.isoformat(),
            "stopped": execution.stop_date.isoformat() if execution.stop_date else None,
            "status": status.value,
            "output": execution.output,
            "error": execution.error,
            "cause": execution.cause,
            "live": earlier.get("live", self._live),
            **more,
        }
        self._shelf.put(execution.exec_arn, document)


def _machine(arn: str) -> Any:
    backend: Any = stepfunctions_parser_backends[ACCOUNT][REGION]
    return next((machine for machine in backend.state_machines if machine.arn == arn), None)


def _past(arn: str, machine: Any, document: Document) -> Any:
    execution: Any = Execution(
        name=arn.rpartition(":")[2],
        sm_type=machine.sm_type,
        role_arn=machine.roleArn,
        exec_arn=arn,
        account_id=ACCOUNT,
        region_name=REGION,
        state_machine=machine,
        start_date=datetime.fromisoformat(document["started"]),
        cloud_watch_logging_session=None,
        input_data=document["input"],
        activity_store={},
    )
    was_running = document["status"] == ExecutionStatus.RUNNING.value
    execution.exec_status = ExecutionStatus.ABORTED if was_running else ExecutionStatus(document["status"])
    execution.stop_date = datetime.fromisoformat(document["stopped"]) if document["stopped"] else datetime.now(UTC)
    execution.output = document["output"]
    execution.error = document["error"]
    execution.cause = CAUSE if was_running else document["cause"]
    execution.exec_worker = _no_worker()
    return execution


def _no_worker() -> Any:
    """Return what moto asks of an execution's thread: it waits for no token, and its history is gone."""
    tokens = SimpleNamespace(notify=_no, heartbeat=_no)
    maps = SimpleNamespace(get=_no, get_all=list)
    history = SimpleNamespace(get_event_history=list)
    return SimpleNamespace(
        env=SimpleNamespace(
            callback_pool_manager=tokens,
            map_run_record_pool_manager=maps,
            event_manager=history,
            set_stop=_no,
        )
    )


def _no(*_: object, **__: object) -> None:
    return None
