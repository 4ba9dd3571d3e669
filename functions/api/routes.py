"""The routes as API Gateway's events reach them: who asks, with which parameters, and what HTTP says back.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BaseModel

from functions.api import batch, core, generations, versions, videos, wire
from functions.api.adapters import UPLOAD_SECONDS
from functions.api.core import User
from functions.api.documented import document
from functions.api.event import base_path
from functions.api.once import Answer, KeyedRequest
from functions.api.pace import NotingPace
from functions.api.services import Services
from shared.contracts import GENERATION_ID_PATTERN, VIDEO_ID_PATTERN
from shared.http import media_types, negotiation
from shared.http.requests import Batch, EstimateRequest, NewVideo, Resume, StartGeneration
from shared.http.responses import VideoOutcome

VideoId = Annotated[str, Path(alias="videoId", pattern=VIDEO_ID_PATTERN)]
GenerationId = Annotated[str, Path(alias="generationId", pattern=GENERATION_ID_PATTERN)]
Limit = Annotated[int, Query(ge=1, le=100)]
Next = Annotated[str | None, Query(min_length=1, max_length=500)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,255}$")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
# Seconds for which a key's answer is kept: a day; for an upload half as long as its form works.
KEPT = 86_400
KEPT_FORM = UPLOAD_SECONDS // 2
# The client's own copy, asked about each time.
PRIVATE = "private, no-cache"
# Seconds after which a running generation is worth another look, and one that waits for the video model's quota.
LOOK_AGAIN = "3"
LOOK_LATER = "15"


class Routes:
    """The routes; their order and paths are in `functions.api.app`."""

    def __init__(self, app: APIGatewayRestResolver, services: Services) -> None:
        self._app = app
        self._services = services

    def create_video(self, body: NewVideo, key: Key = None) -> Response[str]:
        """Make a record and a form for its recording: POST the form's fields and the file to the form's URL."""

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = videos.create(self._services, user, body)
            return reply, {"Location": f"{base_path(self._app.current_event)}/videos/{reply.video.video_id}"}

        return self._once(key, body, 201, act, KEPT_FORM)

    def list_videos(self, limit: Limit = 20, next: Next = None, if_none_match: IfNoneMatch = None) -> Response[str]:
        """List the caller's videos, newest first; `next` of one answer asks for the following page."""
        listing = videos.listing(self._services, self._user(), limit, next, if_none_match)
        return _with_tag(listing.reply, listing.tag)

    def show_video(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """Show one video, its upload's state and its latest generation."""
        return self._show(video_id, if_none_match)

    def delete_video(self, video_id: VideoId) -> Response[str]:
        """Delete a video and all of its files; refused while a generation runs."""
        return wire.answer(200, videos.delete(self._services, self._user(), video_id))

    def start_generation(self, body: StartGeneration, key: Key = None) -> Response[str]:
        """Start making the video; what was not chosen has a default."""
        services, pace = self._counting()
        reply = self._once(
            key, body, 202, lambda user: self._with_location(generations.start(services, user, body, key))
        )
        return _with_allowance(reply, pace)

    def show_generation(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """Show a generation: steps, scenes, percent, costs so far, roughly the time left, and links that play."""
        return self._show(video_id, if_none_match)

    def cancel_generation(self, video_id: VideoId) -> Response[str]:
        """Cancel the running generation: nothing more is bought, and what was can be used by resuming."""
        return wire.answer(200, generations.cancel(self._services, self._user(), video_id))

    def resume_generation(self, video_id: VideoId, body: Resume, key: Key = None) -> Response[str]:
        """Continue a failed or cancelled generation; transcript, plan and clips that were paid for are used."""
        services, pace = self._counting()

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            return self._with_location(generations.resume(services, user, video_id, body))

        return _with_allowance(self._once(key, body, 202, act), pace)

    def start_generations(self, body: Batch, key: Key = None) -> Response[str]:
        """Start up to 25; each item is a body of POST /ai-video, and has its own answer and its own Idempotency-Key."""
        user = self._user()
        services, pace = self._counting()

        def start(item: StartGeneration) -> VideoOutcome:
            # No header holds a space, so this is no other request's key.
            own = f"{key} {item.video_id}" if key else None
            stored_answer = self._answer_once(
                own, item, user, lambda: (generations.start(services, user, item, key), {})
            )
            return VideoOutcome.model_validate_json(stored_answer["body"])

        return _with_allowance(wire.answer(200, batch.start_all(body, self.request_id(), start)), pace)

    def estimate_generation(self, body: EstimateRequest) -> Response[str]:
        """Say what a generation will cost and roughly how long it will take; nothing is bought."""
        return wire.answer(200, generations.estimate_cost(self._services, self._user(), body))

    def list_versions(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """List the finished videos of a recording, newest first, with links; a new generation hides none of them."""
        listing = versions.listing(self._services, self._user(), video_id, if_none_match)
        return _with_tag(listing.reply, listing.tag)

    def delete_version(self, video_id: VideoId, generation_id: GenerationId) -> Response[str]:
        """Delete one finished video; the recording and the other ones stay, and the record shows the newest of them."""
        return wire.answer(200, versions.delete(self._services, self._user(), video_id, generation_id))

    def captions_srt(self, video_id: VideoId) -> Response[str]:
        """Return the finished video's captions as SubRip, called plain text for whoever accepts that only."""
        reply = self._captions(video_id, "srt")
        if negotiation.prefers(self.accept(), media_types.PLAIN, media_types.RESULTS["srt"]):
            reply.headers["Content-Type"] = f"{media_types.PLAIN}; charset=utf-8"
        return reply

    def captions_vtt(self, video_id: VideoId) -> Response[str]:
        """Return the finished video's captions as WebVTT."""
        return self._captions(video_id, "vtt")

    def openapi(self) -> Response[str]:
        """Return this document."""
        return Response(200, wire.JSON, document(self._app, base_path(self._app.current_event)))

    def accept(self) -> str | None:
        """Return which media types the client asks for."""
        return self._app.current_event.headers.get("Accept")

    def request_id(self) -> str:
        """Return the id that API Gateway gave the request."""
        return str(self._app.current_event["requestContext"].get("requestId", ""))

    def _counting(self) -> tuple[Services, NotingPace]:
        pace = self._services.pace
        noting = NotingPace(pace.table, pace.most, pace.now)
        return replace(self._services, pace=noting), noting

    def _user(self) -> User:
        authorizer: dict[str, Any] = self._app.current_event["requestContext"].get("authorizer") or {}
        return core.caller(authorizer.get("claims") or {}, self._services.client_ids)

    def _show(self, video_id: str, if_none_match: str | None) -> Response[str]:
        view = videos.show(self._services, self._user(), video_id, if_none_match)
        headers = {"ETag": view.tag, "Cache-Control": PRIVATE}
        if view.running:
            headers["Retry-After"] = LOOK_LATER if view.waiting else LOOK_AGAIN
        return wire.answer(200, view.reply, headers) if view.reply else Response(304, body="", headers=headers)

    def _captions(self, video_id: str, kind: str) -> Response[str]:
        text, content_type = generations.captions(self._services, self._user(), video_id, kind)
        return Response(200, content_type, text, headers={"Vary": "Accept"})

    def _once(
        self,
        key: str | None,
        body: BaseModel,
        status: int,
        act: Callable[[User], tuple[BaseModel, Mapping[str, str]]],
        seconds: int = KEPT,
    ) -> Response[str]:
        user = self._user()
        answer = self._answer_once(key, body, user, lambda: act(user), seconds)
        return Response(status, wire.JSON, answer["body"], headers=answer["headers"])

    def _answer_once(
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
        event = self._app.current_event
        path = event.path.rstrip("/")
        question = {"route": f"{event.http_method} {path}", "body": json.loads(body.model_dump_json())}
        return self._services.once.answer(
            KeyedRequest(user[0], key, question), seconds, self._app.lambda_context, act_and_answer
        )

    def _with_location(self, acceptance: VideoOutcome) -> tuple[BaseModel, Mapping[str, str]]:
        return acceptance, {"Location": f"{base_path(self._app.current_event)}/ai-video/{acceptance.video_id}"}


def _with_tag(reply: BaseModel | None, tag: str) -> Response[str]:
    headers = {"ETag": tag, "Cache-Control": PRIVATE}
    return wire.answer(200, reply, headers) if reply else Response(304, body="", headers=headers)


def _with_allowance(reply: Response[str], pace: NotingPace) -> Response[str]:
    for allowance in pace.allowances[-1:]:
        reply.headers.update(wire.allowance_headers(allowance))
    return reply
