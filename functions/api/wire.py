"""The one error shape of the API, and how each reply becomes an HTTP response.

Values only; an unforeseen error becomes a 500 without internals, and its details go to the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from shared import wrong_values
from shared.errors import ReelwrightError
from shared.http import negotiation
from shared.http.refusals import Allowance, InternalError, TooManyStarts
from shared.http.responses import FieldProblem, ProblemDetails, problem_of
from shared.http.routes import ALLOWANCE_HEADERS, RETRY_BUSY, RETRY_TOO_MANY

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# Seconds after which a refused call may be made again.
RETRY_AFTER = {HTTPStatus.TOO_MANY_REQUESTS: RETRY_TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE: RETRY_BUSY}
UNFORESEEN = "Something went wrong on our side; quote the requestId when you report it."


def answer(status: int, body: BaseModel, headers: Mapping[str, str] | None = None) -> Response[str]:
    """Return a JSON reply."""
    text = body.model_dump_json(by_alias=True, exclude_none=True)
    return Response(status, JSON, text, headers=dict(headers or {}))


def problem(
    error: ReelwrightError, request_id: str, details: Sequence[FieldProblem] = (), accept: str | None = None
) -> Response[str]:
    """Return an error of our vocabulary as `{error, message, details?, requestId, retriable, charged}`.

    Whoever asks for `application/problem+json` gets the fields of RFC 9457 besides.
    """
    wait = error.retry_after or RETRY_AFTER.get(HTTPStatus(error.status))
    headers = {"Retry-After": str(wait)} if wait else {}
    if isinstance(error, TooManyStarts):
        headers |= allowance_headers(error.allowance)
    problem_body = problem_of(error, request_id, details)
    if not negotiation.prefers(accept, PROBLEM_JSON, JSON):
        return answer(error.status, problem_body, headers)
    more = {
        "type": f"urn:reelwright:error:{problem_body.error}",
        "title": _title(error),
        "detail": problem_body.message,
    }
    details_body = ProblemDetails.model_validate({**problem_body.model_dump(), **more, "status": error.status})
    text = details_body.model_dump_json(by_alias=True, exclude_none=True)
    return Response(error.status, PROBLEM_JSON, text, headers=headers)


def allowance_headers(allowance: Allowance) -> dict[str, str]:
    """Return how many generations the user may start in this hour, and in how many seconds the next hour begins."""
    figures = (allowance.most, allowance.left, allowance.seconds)
    return {name: str(figure) for name, figure in zip(ALLOWANCE_HEADERS, figures, strict=True)}


def _title(error: ReelwrightError) -> str:
    return (type(error).__doc__ or "").partition("\n")[0]


def unforeseen(request_id: str, accept: str | None = None) -> Response[str]:
    """Return the 500 of an error that is not in the vocabulary."""
    return problem(InternalError(UNFORESEEN), request_id, (), accept)


def field_details(errors: Sequence[Any]) -> list[FieldProblem]:
    """Return pydantic's errors as `{field, message}`, in our own words and without the values that were sent."""
    return [FieldProblem(field=_path(error["loc"]), message=wrong_values.of(error)) for error in errors]


def sentence(details: Sequence[FieldProblem]) -> str:
    """Return what is wrong with the first field."""
    return f"{details[0].field}: {details[0].message}." if details else "The request is not valid."


def _path(where: Sequence[Any]) -> str:
    parts = where[1:] if where and where[0] in ("body", "query", "path", "header") else where
    return ".".join(str(part) for part in parts)
