"""Make moto's distributed Map what it is on AWS: each item is an execution of its own, with a history of its own.

Touches attributes of moto's classes in this process, and remembers the histories of the items' executions.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto ships no types, and the places to repair are private ones.

from __future__ import annotations

import threading
from typing import Any, NamedTuple, cast
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
    inline_item_processor_worker,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.responses import StepFunctionResponse

_Worker = distributed_item_processor_worker.DistributedItemProcessorWorker
_inline_input = inline_item_processor_worker.InlineItemProcessorWorker._eval_input
_original_map_run = DistributedIterationComponent._map_run
_original_list = StepFunctionResponse.list_executions
_original_history = StepFunctionResponse.get_execution_history
_THRESHOLD = StatesErrorNameType.StatesExceedToleratedFailureThreshold


class _Child(NamedTuple):
    """The execution of one item of a map run."""

    map_run: str
    arn: str
    events: EventManager


_children: dict[str, _Child] = {}
_lock = threading.Lock()


def _item_input(self: Any, env_frame: Any) -> None:
    # The item's input is made with the parent's variables; the execution that takes it has none of them.
    _inline_input(self, env_frame)
    env_frame.variable_store = VariableStore()
    child = _child_of(self._map_run_record)
    env_frame.event_manager = child.events
    context = env_frame.states.context_object.context_object_data
    context["Execution"] = {**context["Execution"], "Id": child.arn, "Name": child.arn.rpartition(":")[2]}


def _child_of(record: Any) -> _Child:
    where = record.map_state_machine_arn.replace(":stateMachine:", ":execution:")
    child = _Child(record.map_run_arn, f"{where}:{uuid4()}", EventManager())
    with _lock:
        _children[child.arn] = child
    return child


def _map_run(self: Any, env: Any, eval_input: Any) -> None:
    # moto passes over an item whose execution failed; on AWS the Map fails, because no failure is tolerated.
    _original_map_run(self, env, eval_input)
    failure_count = eval_input.map_run_record.execution_counter.failed.get()
    if failure_count > eval_input.tolerated_failure_count:
        cause = "The specified tolerated failure threshold was exceeded"
        name = StatesErrorName(_THRESHOLD)
        details = ExecutionFailedEventDetails(error=name.error_name, cause=cause)
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=name,
                event_type=HistoryEventType.MapRunFailed,
                event_details=cast(Any, EventDetails)(executionFailedEventDetails=details),
            )
        )


def _list_executions(self: Any) -> ActionResult:
    # moto knows the executions of a state machine only.
    map_run = self._get_param("mapRunArn")
    if not map_run:
        return _original_list(self)
    with _lock:
        arns = [child.arn for child in _children.values() if child.map_run == map_run]
    rows = [{"executionArn": arn, "name": arn.rpartition(":")[2], "mapRunArn": map_run} for arn in arns]
    return ActionResult({"executions": rows})


def _execution_history(self: Any) -> ActionResult:
    child = _children.get(self._get_param("executionArn"))
    if child is None:
        return _original_history(self)
    return ActionResult({"events": child.events.get_event_history()})


REPAIRS: tuple[tuple[Any, str, Any], ...] = (
    (_Worker, "_eval_input", _item_input),
    (DistributedIterationComponent, "_map_run", _map_run),
    (StepFunctionResponse, "list_executions", _list_executions),
    (StepFunctionResponse, "get_execution_history", _execution_history),
)


def forget() -> None:
    """Forget the executions of an earlier cloud."""
    with _lock:
        _children.clear()
