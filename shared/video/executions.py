"""How an execution of the state machine stands, for the API and for the settle function.

Touches Step Functions.
"""

from __future__ import annotations

from shared.aws import clients
from shared.video.ending import NOT_FOUND, Ended


def describe(execution_arn: str) -> tuple[Ended, str]:
    """Return how the execution stands, and its input; of one that Step Functions does not know, NOT_FOUND and "".

    Raises botocore's ClientError and BotoCoreError.
    """
    client = clients.stepfunctions()
    try:
        reply = client.describe_execution(executionArn=execution_arn)
    except client.exceptions.ExecutionDoesNotExist:
        return Ended(NOT_FOUND), ""
    return Ended(reply["status"], reply.get("error", ""), reply.get("cause", "")), reply.get("input", "")
