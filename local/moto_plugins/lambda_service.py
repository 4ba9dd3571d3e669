"""Let moto's Lambda service run functions on the local runtime instead of Docker.

Touches one method of moto's function class.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportPrivateUsage=false, reportUnknownArgumentType=false
# moto ships no types for its internals, and the method to replace is a private one.

from __future__ import annotations

from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction, lambda_backends

from local.clients import ACCOUNT, REGION
from local.lambda_runtime.archives import Archives
from local.lambda_runtime.runtime import Function, LambdaRuntime, RuntimeClosedError


def describe(function: Any, archives: Archives) -> Function:
    """Return a function of moto's, in our terms."""
    return Function(
        name=function.function_name,
        arn=function.function_arn,
        handler=function.handler,
        timeout=float(function.timeout),
        memory=int(function.memory_size),
        region=function.region,
        environment=function.environment_vars,
        root=archives.root_of(function.code_bytes, function.code_sha_256),
    )


def find(name: str, archives: Archives) -> Function:
    """Return the function of that name. Raises moto's UnknownFunctionException when there is none."""
    return describe(lambda_backends[ACCOUNT][REGION].get_function(name), archives)


def install(runtime: LambdaRuntime, archives: Archives) -> None:
    """Send every invocation that moto receives, by its API or by a state machine, to `runtime`."""

    def invoke(function: Any, event: object = None) -> tuple[str, bool, str]:
        # moto passes the text "{}" where the caller sent no payload at all.
        try:
            reply = runtime.invoke(describe(function, archives), {} if event == "{}" else event)
        except ValueError as error:
            raise LambdaClientError("RequestEntityTooLargeException", str(error)) from error
        except RuntimeClosedError as error:
            # An execution may outlive the cloud by a moment: what it calls then is out of service.
            raise LambdaClientError("ServiceException", str(error)) from error
        return reply.payload, reply.is_error, ""

    setattr(LambdaFunction, "_invoke_lambda", invoke)  # noqa: B010 - a method of other types to a type checker
