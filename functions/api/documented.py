"""What the OpenAPI document says of each route beyond its types: replies, errors, headers, security.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, Server
from pydantic import BaseModel

from functions.api.event import WITH_BODY
from functions.api.wire import JSON, PROBLEM_JSON
from shared.errors import InvalidRequest, RecordingTooLarge, ReelwrightError, TableUnavailable, UnsupportedMedia
from shared.http import openapi
from shared.http.problems import Problem, ProblemDetails
from shared.http.refusals import (
    AlreadyProcessing,
    IdempotencyKeyReused,
    NotSignedIn,
    NotYourVideo,
    TooManyRequests,
    VideoNotFound,
)

TITLE = "Reelwright"
VERSION = "1.2.0"
# Where the document that is committed says the API is: at the stage of an API of this stack's own.
BASE = "/v1"
DESCRIPTION = """A recording becomes a short captioned video. Times are ISO 8601 in UTC, lengths seconds, money USD.

**Versions.** This document's version is the API's own, not the program's: the first number is the base path's, the
second grows with what is added, the third with its words. Within a base path names and meanings stay: fields, error
names, enum values and routes may be added, so a client ignores what it does not know. Anything else is a new base path,
and the old one goes on for at least six months, announced by the `Deprecation` and `Sunset` headers.

**Errors.** All have one shape, and `error` names the kind. With `Accept: application/problem+json` they have the fields
of RFC 9457 besides. API Gateway's own refusals (no token, too large a body, too many requests) are always plain JSON.
An unknown path is answered with 404 `RouteNotFound`, a method that a path does not have with 405 `MethodNotAllowed`.

**Limits.** Starts are counted by user and clock hour: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
(seconds) say how many are left. A 429 says in `Retry-After` how long to wait.

Every GET can be asked for as HEAD. A slash at the end of a path changes nothing."""
SECURITY = "idToken"
ANY_ROUTE: tuple[type[ReelwrightError], ...] = (InvalidRequest, NotSignedIn, TooManyRequests, TableUnavailable)
ONE_VIDEO = (NotYourVideo, VideoNotFound)
POSTED = (RecordingTooLarge, UnsupportedMedia, AlreadyProcessing, IdempotencyKeyReused)
REASONS = {
    400: "A field is missing or out of range.",
    401: "No valid ID token.",
    402: "Over the spending limit.",
    403: "Another user's video.",
    404: "No such video.",
    405: "Method not allowed.",
    409: "Not possible in the video's current state.",
    413: "Too large.",
    412: "The plan has changed meanwhile.",
    415: "Unsupported media type.",
    422: "The Idempotency-Key was already used for a different request.",
    428: "The If-Match header is missing.",
    429: "Too many requests.",
    500: "Internal error.",
    502: "The function failed.",
    503: "Temporarily unavailable.",
    504: "No answer in time.",
}
Headers = dict[str, dict[str, Any]]
RETRY: Headers = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
TAG: Headers = {"ETag": {"description": "The record's tag.", "schema": {"type": "string"}}}
LOCATION: Headers = {"Location": {"description": "Where to look.", "schema": {"type": "string"}}}
ALLOWANCE: Headers = {
    "RateLimit-Limit": {"description": "Generations that may be started in an hour.", "schema": {"type": "string"}},
    "RateLimit-Remaining": {"description": "Starts that are left in this hour.", "schema": {"type": "string"}},
    "RateLimit-Reset": {"description": "Seconds until the next hour begins.", "schema": {"type": "string"}},
}


@dataclass(frozen=True)
class Documented:
    """One route: what serves it, and what the document says of it; `texts` are the types of a reply that is no JSON."""

    method: str
    path: str
    serve: Callable[..., Response[str]]
    summary: str
    reply: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[type[ReelwrightError], ...] = ()
    headers: Headers = field(default_factory=dict[str, dict[str, Any]])
    texts: tuple[str, ...] = ()
    has_not_modified: bool = False
    public: bool = False

    def add_to(self, app: APIGatewayRestResolver) -> None:
        """Register the route."""
        app.route(
            self.path,
            self.method,
            summary=self.summary,
            description=self.serve.__doc__,
            operation_id=self.serve.__name__,
            responses=self._responses(),  # pyright: ignore[reportArgumentType]
            security=[] if self.public else [{SECURITY: []}],
        )(self.serve)
        if self.method == "GET":
            # What a GET would answer, of which the way back brings no body.
            app.route(self.path, "HEAD", include_in_schema=False)(self.serve)

    def _responses(self) -> dict[int, Any]:
        replies: dict[int, Any] = {self.status: {"description": self.summary, "headers": self.headers}}
        if self.reply:
            replies[self.status]["content"] = {JSON: {"model": self.reply}}
        elif self.texts:
            replies[self.status]["content"] = {text: {"schema": {"type": "string"}} for text in self.texts}
        else:
            replies[self.status]["content"] = {JSON: {"schema": {"type": "object"}}}
        if self.has_not_modified:
            replies[304] = {"description": "The caller's copy is current.", "headers": TAG | RETRY}
        refusals = (
            (TooManyRequests, *self.errors)
            if self.public
            else (*ANY_ROUTE, *(POSTED if self.method in WITH_BODY else ()), *self.errors)
        )
        statuses = sorted({kind.status for kind in refusals} | {500, 502, 504})
        return replies | {status: _problem(status) for status in statuses if status not in replies}


def document(app: APIGatewayRestResolver, base: str = BASE) -> str:
    """Return the OpenAPI 3.1 document of the routes below `base` as JSON, the same text for the same routes."""
    text = app.get_openapi_json_schema(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        servers=[Server(url=base or "/")],  # pyright: ignore[reportArgumentType]
        security_schemes={
            SECURITY: APIKey(
                name="Authorization",
                in_=APIKeyIn.header,  # pyright: ignore[reportCallIssue]
                description="A Cognito ID token, with or without `Bearer`.",
            )
        },
    )
    whole = openapi.complete(_without_powertools_own(json.loads(text)))
    return json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _problem(status: int) -> dict[str, Any]:
    headers = {429: RETRY | ALLOWANCE, 503: RETRY}.get(status, {})
    content = {JSON: {"model": Problem}, PROBLEM_JSON: {"model": ProblemDetails}}
    return {"description": REASONS[status], "headers": headers, "content": content}


def _without_powertools_own(document: dict[str, Any]) -> dict[str, Any]:
    # Every route gets Powertools' own 422, which this API never answers: its bodies are refused with 400. And a 304
    # has no body.
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].get("304", {}).pop("content", None)
            content = operation["responses"].get("422", {}).get("content", {}).get(JSON, {})
            if "HTTPValidationError" in str(content):
                del operation["responses"]["422"]
    return document
