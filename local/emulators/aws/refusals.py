"""What AWS's services answer when they fail on order, in their own words.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from local.http import aws_wire as wire

CONDITIONAL = "conditional"
CONFLICT = "conflict"
_CONFLICT_WORDS = "Transaction is ongoing for the item"


class AwsError(NamedTuple):
    """An HTTP status and the code that AWS gives with it."""

    status: int
    code: str


# By service and kind of fault; the moments of the fault book are the services.
ERRORS: dict[str, dict[str, AwsError]] = {
    "dynamodb": {
        "throttle": AwsError(400, "ThrottlingException"),
        "unavailable": AwsError(500, "InternalServerError"),
        "access_denied": AwsError(400, "AccessDeniedException"),
        CONDITIONAL: AwsError(400, "ConditionalCheckFailedException"),
        CONFLICT: AwsError(400, "TransactionConflictException"),
    },
    "s3": {
        "throttle": AwsError(503, "SlowDown"),
        "unavailable": AwsError(500, "InternalError"),
        "access_denied": AwsError(403, "AccessDenied"),
        "not_found": AwsError(404, "NoSuchKey"),
    },
    "lambda": {
        "throttle": AwsError(429, "TooManyRequestsException"),
        "unavailable": AwsError(500, "ServiceException"),
    },
    "transcribe": {
        "throttle": AwsError(400, "LimitExceededException"),
        "unavailable": AwsError(500, "InternalFailureException"),
        "access_denied": AwsError(400, "AccessDeniedException"),
    },
    "secretsmanager": {
        "throttle": AwsError(400, "ThrottlingException"),
        "access_denied": AwsError(400, "AccessDeniedException"),
    },
    "events": {"unavailable": AwsError(500, "InternalException")},
}


def refusal(service: str, kind: str, body: bytes) -> wire.AwsRefusal:
    """Return what a service answers to a request with this body when it fails so."""
    status, code = ERRORS[service][kind]
    if kind != CONFLICT:
        return wire.AwsRefusal(status, code, f"{code}, as ordered.")
    parts = json.loads(body).get("TransactItems")
    if parts is None:
        return wire.AwsRefusal(status, code, _CONFLICT_WORDS)
    # A transaction is told of each of its parts, in their order; here the last one is in conflict.
    reasons = [*({"Code": "None"} for _ in parts[1:]), {"Code": "TransactionConflict", "Message": _CONFLICT_WORDS}]
    names = ", ".join(reason["Code"] for reason in reasons)
    words = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{names}]"
    return wire.AwsRefusal(status, "TransactionCanceledException", words, {"CancellationReasons": reasons})
