"""The one error shape of the API, and how each failure becomes it.

Values only; an unforeseen error becomes a 500 without internals, and its details go to the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from shared.errors import ReelwrightError, TransientError

JSON = "application/json"


def answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response[str]:
    """Return a JSON reply."""
    return Response(status, JSON, json.dumps(body), headers=dict(headers or {}))


def problem(error: ReelwrightError, request_id: str, details: Sequence[Mapping[str, Any]] = ()) -> Response[str]:
    """Return an error of our vocabulary as `{error, message, details?, requestId, retriable, charged}`."""
    body = _body(type(error).__name__, str(error), request_id, isinstance(error, TransientError), error.charged)
    return answer(error.status, {**body, "details": list(details)} if details else body)


def unforeseen(request_id: str) -> Response[str]:
    """Return the 500 of an error that is not in the vocabulary."""
    message = "Something went wrong on our side; quote the requestId when you report it."
    return answer(500, _body("InternalError", message, request_id, retriable=True, charged=False))


def field_details(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return pydantic's errors as `{field, message}`, without the values that were sent."""
    return [{"field": ".".join(str(part) for part in e["loc"][1:]), "message": str(e["msg"])} for e in errors]


def _body(error: str, message: str, request_id: str, retriable: bool, charged: bool) -> dict[str, Any]:
    return {
        "error": error,
        "message": message,
        "requestId": request_id,
        "retriable": retriable,
        "charged": charged,
    }
