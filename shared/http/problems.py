"""What the REST API answers when it refuses: the one shape of an error, and what is wrong with which field.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from shared.errors import InvalidEdit, ReelwrightError
from shared.http.api_reply import ApiReply
from shared.http.refusals import ANSWERED


class FieldLimit(ApiReply):
    """What a field may say: from `least` to `most`, or one of `choices`."""

    least: float | None = None
    most: float | None = None
    choices: list[str | float] | None = None


class FieldProblem(ApiReply):
    """What is wrong with one field of the request; of an edit of a plan, with one of its own fields."""

    field: str
    message: str
    edit: int | None = None
    limit: FieldLimit | None = None


class Problem(ApiReply):
    """Every error of the API; `error` is a class of shared/errors.py or shared/http/refusals.py."""

    error: Annotated[str, Field(json_schema_extra={"enum": list(ANSWERED)})]
    message: str
    details: list[FieldProblem] | None = None
    request_id: str
    retriable: bool
    charged: bool


def problem_of(error: ReelwrightError, request_id: str, details: Sequence[FieldProblem] = ()) -> Problem:
    """Return an error of our vocabulary in the one shape."""
    return Problem(
        error=type(error).__name__,
        message=str(error),
        details=list(details) or _of_edit(error),
        request_id=request_id,
        retriable=error.retriable,
        charged=error.charged,
    )


def _of_edit(error: ReelwrightError) -> list[FieldProblem] | None:
    if not isinstance(error, InvalidEdit) or not error.field:
        return None
    limit = error.limit and FieldLimit(
        least=error.limit.least, most=error.limit.most, choices=list(error.limit.choices) or None
    )
    return [FieldProblem(field=error.field, message=error.why, edit=error.edit, limit=limit)]


class ProblemDetails(Problem):
    """An error after RFC 9457, with the API's own fields: for whoever asks for `application/problem+json`."""

    type: str
    title: str
    status: int
    detail: str
