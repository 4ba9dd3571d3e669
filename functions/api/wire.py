"""The one error shape of the API, how each reply becomes an HTTP response, its entity tag, and a list's next page.

Values only; an unforeseen error becomes a 500 without internals, and its details go to the log. A page's token holds a
position only, never whose list it is: that is always the caller's.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, StringConstraints, TypeAdapter

from shared import wrong_values
from shared.errors import InvalidRequest, ReelwrightError
from shared.http import negotiation
from shared.http.problems import FieldProblem, ProblemDetails, problem_of
from shared.http.refusals import InternalError, TooManyStarts
from shared.http.routes import ALLOWANCE_HEADERS, RETRY_BUSY, RETRY_TOO_MANY, Allowance

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# Seconds after which a refused call may be made again.
RETRY_AFTER = {HTTPStatus.TOO_MANY_REQUESTS: RETRY_TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE: RETRY_BUSY}
UNFORESEEN = "Something went wrong on our side; quote the requestId when you report it."
Position = tuple[str, str]
# Whatever wrote the records: both are keys of the table, which are printable and short.
_KeyText = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,255}$")]
_PAIR = TypeAdapter(tuple[_KeyText, _KeyText])


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


def token(position: Position) -> str:
    """Return the token of a position (created_at, video_id)."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def position(text: str) -> Position:
    """Return the position of a token; raise InvalidRequest for what was never one."""
    try:
        created_at, video_id = _PAIR.validate_json(base64.b64decode(text, altchars=b"-_", validate=True))
    except ValueError as error:
        raise InvalidRequest("next: this is not a pagination token; begin again without it.") from error
    return created_at, video_id


def entity_tag(records: Sequence[BaseModel], now: datetime, link_seconds: int) -> str:
    """Return the tag of records as shown; it changes with each of them, and before half a link's life is over."""
    # A client that is told "not modified" keeps its links, so they must still work for a while.
    age = int(now.timestamp()) // (link_seconds // 2)
    bodies = " ".join(record.model_dump_json() for record in records)
    return f'"{hashlib.sha256(f"{age} {bodies}".encode()).hexdigest()[:32]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Return whether an If-None-Match header names the tag; `*` and weak tags count, as for any GET."""
    tags = [entry.strip().removeprefix("W/") for entry in (if_none_match or "").split(",")]
    return tag in tags or "*" in tags
