"""AWS's own errors by the resource of a Task: the one table that every retry list is held to.

Values only. Names: Lambda's are those of its integration and of the runtime's reports; DynamoDB's optimized integration
knows the modelled errors by name and calls the rest AmazonDynamoDBException, as AWS's own workflow samples retry it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.contract import asl

TRANSCRIPTION = "arn:aws:states:::aws-sdk:transcribe:getTranscriptionJob"


@dataclass(frozen=True)
class Retried:
    """Names that are retried together, and at most how often in one visit of the state."""

    names: frozenset[str]
    at_most: int


# The work may have been done, or have used up what there is: one more try in a new worker tells. Memory that earlier
# invocations left behind is free again there, so an end for lack of it may pass; a second one will not.
ENDED = Retried(frozenset({"Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory"}), 1)
BUSY = Retried(
    frozenset(
        {
            "Lambda.TooManyRequestsException",
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.ClientExecutionTimeoutException",
            "States.Timeout",
        }
    ),
    6,
)
DYNAMODB = Retried(
    frozenset(
        {
            "DynamoDB.ProvisionedThroughputExceededException",
            "DynamoDB.ThrottlingException",
            "DynamoDB.TransactionConflictException",
            "DynamoDB.RequestLimitExceeded",
            "DynamoDB.InternalServerErrorException",
            "DynamoDB.AmazonDynamoDBException",
            "DynamoDB.SdkClientException",
            "States.Timeout",
        }
    ),
    6,
)
LOOK = Retried(
    frozenset(
        {
            "Transcribe.LimitExceededException",
            "Transcribe.InternalFailureException",
            "Transcribe.ThrottlingException",
            "Transcribe.SdkClientException",
            "States.Timeout",
        }
    ),
    8,
)
RETRIED = {asl.LAMBDA: (BUSY, ENDED), asl.UPDATE: (DYNAMODB,), TRANSCRIPTION: (LOOK,)}
# What a status write that lost its condition ends as, outside the Map.
LOST = "DynamoDB.ConditionalCheckFailedException"
