"""Complete moto's Step Functions interpreter: its JSONata, and small repairs that bring it to AWS.

Touches attributes of moto's modules and classes in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto and jsonata-python ship no types, and the places to repair are private ones.

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser.api import (
    EvaluationFailedEventDetails,
    ExecutionStatus,
    HistoryEventType,
    TaskFailedEventDetails,
)
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.component.state.exec.state_task.lambda_eval_utils import (
    LambdaFunctionErrorException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_dynamodb import (
    StateTaskServiceDynamoDB,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)
from moto.stepfunctions.parser.asl.eval import states, variable_store
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeTimedOut
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

from local.cloudformation import map_runs, programs
from local.cloudformation.jsonata import evaluate

ClientFactory = Callable[[str], Any]

_AwsSdk = state_task_service_aws_sdk.StateTaskServiceAwsSdk
_TOKEN_LOOK_SECONDS = 0.2
# The errors of DynamoDB that Step Functions knows by name; it calls every other one (a throttle, a 5xx, a path that is
# missing) by the name of the SDK's base class.
_MODELLED = {
    "ConditionalCheckFailedException",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "ResourceNotFoundException",
    "TransactionConflictException",
}
_UNMODELLED = "DynamoDB.AmazonDynamoDBException"
_NO_TYPE = "The cause could not be determined because Lambda did not return an error type."
# An execution's thread has its environment a moment after the start.
_START_SECONDS = 30.0
_START_LOOK_SECONDS = 0.01
_original_string = StringJSONata._eval_body
_original_sdk_task = _AwsSdk._eval_service_task
_original_dynamodb_error = StateTaskServiceDynamoDB._from_error
_original_lambda_error = StateTaskServiceLambda._from_error
_original_stop = Execution.stop
_original_wait = StateTaskServiceCallback._eval_wait_for_task_token
_original_status = BaseExecutionWorkerCommunication._reflect_execution_status


def _aws_json(value: object) -> str:
    # AWS writes moments as 2026-01-31T12:00:00.000Z wherever a state can see them.
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="milliseconds") + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def _declarations(bindings: Mapping[str, Any]) -> str:
    # moto puts strings between quotation marks as they are, so a quotation mark inside one breaks every expression.
    return "".join(
        f"{name}:={json.dumps(value, default=_aws_json, ensure_ascii=False)};" for name, value in bindings.items()
    )


def _query_error(env: Any, cause: str) -> FailureEventException:
    name = StatesErrorName(StatesErrorNameType.StatesQueryEvaluationError)
    details = EvaluationFailedEventDetails(cause=cause, error=name.error_name)
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=cast(Any, EventDetails)(evaluationFailedEventDetails=details),
        )
    )


def _eval_string(self: Any, env: Any) -> None:
    # A failed expression ends as States.Runtime in moto; on AWS it is an error that a state can catch.
    try:
        _original_string(self, env)
    except moto_jsonata.JSONataException as error:
        cause = f"The JSONata expression '{self.expression}' failed: {error.details}"
        raise _query_error(env, cause) from error


def _failure_event(self: Any, env: Any, error: str, cause: str) -> FailureEvent:
    details = TaskFailedEventDetails(
        error=error, cause=cause, resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type()
    )
    return FailureEvent(
        env=env,
        error_name=CustomErrorName(error),
        event_type=HistoryEventType.TaskFailed,
        event_details=cast(Any, EventDetails)(taskFailedEventDetails=details),
    )


def _dynamodb_error(self: Any, env: Any, ex: Exception) -> Any:
    # moto reports a failed expression in the arguments, and a broken connection, as errors of DynamoDB's.
    if isinstance(ex, FailureEventException):
        return ex.failure_event
    if isinstance(ex, BotoCoreError):
        return _failure_event(self, env, "DynamoDB.SdkClientException", str(ex))
    if isinstance(ex, ClientError) and ex.response.get("Error", {}).get("Code") not in _MODELLED:
        return _failure_event(self, env, _UNMODELLED, self._error_cause_from_client_error(ex)[1])
    return _original_dynamodb_error(self, env, ex)


def _lambda_error(self: Any, env: Any, ex: Exception) -> Any:
    # moto calls an end without a type "Exception"; Step Functions has a name and a sentence for it, which is no JSON.
    if isinstance(ex, LambdaFunctionErrorException) and "errorType" not in json.loads(ex.payload):
        return _failure_event(self, env, "Lambda.Unknown", f"{_NO_TYPE} Returned payload: {ex.payload}")
    return _original_lambda_error(self, env, ex)


def _sdk_task(self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
    # moto leaves datetimes in the result, which its own DescribeExecution cannot write.
    _original_sdk_task(self, env, *args, **kwargs)
    env.stack[-1] = json.loads(json.dumps(env.stack[-1], default=_aws_json))


def _wait_for_token(self: Any, env: Any, timeout_seconds: int, callback_endpoint: Any, heartbeat_endpoint: Any) -> Any:
    # moto waits for the token alone, so an execution that is stopped meanwhile runs on until the state's timeout.
    if heartbeat_endpoint is not None:
        return _original_wait(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint)
    while env.is_running():
        outcome = callback_endpoint.wait(timeout=_TOKEN_LOOK_SECONDS)
        if outcome is not None:
            return outcome
    return CallbackOutcomeTimedOut(callback_id=callback_endpoint.callback_id)


def _stop(self: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
    # On AWS an execution is aborted at once; moto waits for the state at work, and fails before the first one.
    end = time.monotonic() + _START_SECONDS
    while self.exec_worker.env is None and time.monotonic() < end:
        time.sleep(_START_LOOK_SECONDS)
    _original_stop(self, stop_date, error, cause)
    self.exec_status = ExecutionStatus.ABORTED
    self.stop_date = stop_date


def _reflect_status(self: Any) -> None:
    if self.execution.exec_status != ExecutionStatus.ABORTED:
        _original_status(self)


def _stop_execution(self: Any) -> ActionResult:
    # moto drops the error and the cause, and stops what is over already.
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.exec_status == ExecutionStatus.RUNNING:
        execution.error = self._get_param("error")
        execution.cause = self._get_param("cause")
        self.stepfunction_backend.stop_execution(execution.exec_arn)
    return ActionResult({"stopDate": execution.stop_date})


def _send_task_failure(self: Any) -> ActionResult:
    # moto drops the cause.
    names = {"task_token": "taskToken", "error": "error", "cause": "cause"}
    self.stepfunction_backend.send_task_failure(**{name: self._get_param(param) for name, param in names.items()})
    return EmptyResult()


_REPAIRS: tuple[tuple[Any, str, Any], ...] = (
    (moto_jsonata, "_eval_jsonata", evaluate),
    (states, "encode_jsonata_variable_declarations", _declarations),
    (variable_store, "encode_jsonata_variable_declarations", _declarations),
    (StringJSONata, "_eval_body", _eval_string),
    (StateTaskServiceDynamoDB, "_from_error", _dynamodb_error),
    (StateTaskServiceLambda, "_from_error", _lambda_error),
    (_AwsSdk, "_eval_service_task", _sdk_task),
    (StateTaskServiceCallback, "_eval_wait_for_task_token", _wait_for_token),
    (Execution, "stop", _stop),
    (BaseExecutionWorkerCommunication, "_reflect_execution_status", _reflect_status),
    (StepFunctionResponse, "send_task_failure", _send_task_failure),
    (StepFunctionResponse, "stop_execution", _stop_execution),
)


def install(client: ClientFactory) -> None:
    """Put every repair in place; `client` makes the boto3 client of a service for the states that call one."""
    map_runs.forget()
    for owner, name, replacement in (*_REPAIRS, *map_runs.REPAIRS, *programs.REPAIRS):
        setattr(owner, name, replacement)
    # AWS writes the service in the error's name with a capital; moto has no entry for this one.
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES["transcribe"] = "Transcribe"

    def client_for(service: str, **_: Any) -> Any:
        return client(service)

    # moto makes a client per state, 60 ms each, from the credentials and profile of whoever runs it.
    for module in list(sys.modules.values()):
        if module.__name__.startswith("moto.stepfunctions.") and hasattr(module, "boto_client_for"):
            setattr(module, "boto_client_for", client_for)  # noqa: B010 - a module has no such attribute to a type checker
