"""What every route does with API Gateway's event: who asks, what was answered before, and what HTTP says back.

Touches what the services touch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from pydantic import BaseModel

from functions.api import core, wire
from functions.api.adapters import UPLOAD_SECONDS
from functions.api.core import User
from functions.api.event import base_path
from functions.api.once import Answer, KeyedRequest
from functions.api.pace import NotingPace
from functions.api.services import Services
from shared.contracts import VIDEO_ID_PATTERN
from shared.http.plan_responses import RunStarted
from shared.http.responses import VideoOutcome

VideoId = Annotated[str, Path(alias="videoId", pattern=VIDEO_ID_PATTERN)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,255}$")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
# Seconds for which a key's answer is kept: a day; for an upload half as long as its form works.
KEPT = 86_400
KEPT_FORM = UPLOAD_SECONDS // 2
# The client's own copy, asked about each time.
PRIVATE = "private, no-cache"


class Routing:
    """The base of the routes."""

    def __init__(self, app: APIGatewayRestResolver, services: Services) -> None:
        self.app = app
        self.services = services

    def accept(self) -> str | None:
        """Return which media types the client asks for."""
        return self.app.current_event.headers.get("Accept")

    def request_id(self) -> str:
        """Return the id that API Gateway gave the request."""
        return str(self.app.current_event["requestContext"].get("requestId", ""))

    def counting(self) -> tuple[Services, NotingPace]:
        """Return services that note what of the caller's allowance is left, and where they note it."""
        pace = self.services.pace
        noting = NotingPace(pace.table, pace.most, pace.now)
        return replace(self.services, pace=noting), noting

    def user(self) -> User:
        """Return the caller."""
        return core.caller(self.claims(), self.services.client_ids)

    def claims(self) -> dict[str, str]:
        """Return the claims of the caller's ID token, all of them texts; none where it is a public route."""
        authorizer: dict[str, Any] = self.app.current_event["requestContext"].get("authorizer") or {}
        return authorizer.get("claims") or {}

    def once(
        self,
        key: str | None,
        body: BaseModel,
        status: int,
        act: Callable[[User], tuple[BaseModel, Mapping[str, str]]],
        seconds: int = KEPT,
    ) -> Response[str]:
        """Return the answer of `act`, or what was answered for this key in the last `seconds`."""
        user = self.user()
        answer = self.answer_once(key, body, user, lambda: act(user), seconds)
        return Response(status, wire.JSON, answer["body"], headers=answer["headers"])

    def answer_once(
        self,
        key: str | None,
        body: BaseModel,
        user: User,
        act: Callable[[], tuple[BaseModel, Mapping[str, str]]],
        seconds: int = KEPT,
    ) -> Answer:
        """Return the text and the headers of what `act` answers, or answered for this key in the last `seconds`."""

        def act_and_answer() -> Answer:
            reply, headers = act()
            return {"body": reply.model_dump_json(by_alias=True, exclude_none=True), "headers": dict(headers)}

        if key is None:
            return act_and_answer()
        event = self.app.current_event
        path = event.path.rstrip("/")
        question = {"route": f"{event.http_method} {path}", "body": json.loads(body.model_dump_json())}
        return self.services.once.answer(
            KeyedRequest(user[0], key, question), seconds, self.app.lambda_context, act_and_answer
        )

    def call_of(self, key: str | None, body: BaseModel) -> str:
        """Return what tells this call with its idempotency key from any other, in hexadecimal; "" without a key."""
        question = f"{key} {self.app.current_event.path.rstrip('/')} {body.model_dump_json()}"
        return hashlib.sha256(question.encode()).hexdigest()[:16] if key else ""

    def with_location(self, acceptance: VideoOutcome | RunStarted) -> tuple[BaseModel, Mapping[str, str]]:
        """Return an acceptance, and the header that says where to look at what was accepted."""
        return acceptance, {"Location": f"{base_path(self.app.current_event)}/ai-video/{acceptance.video_id}"}


def with_tag(reply: BaseModel | None, tag: str) -> Response[str]:
    """Return the reply under its entity tag; 304 when the caller has it already."""
    headers = {"ETag": tag, "Cache-Control": PRIVATE}
    return wire.answer(200, reply, headers) if reply else Response(304, body="", headers=headers)


def with_allowance(reply: Response[str], pace: NotingPace) -> Response[str]:
    """Return the reply with what is left of the caller's allowance."""
    for allowance in pace.allowances[-1:]:
        reply.headers.update(wire.allowance_headers(allowance))
    return reply
