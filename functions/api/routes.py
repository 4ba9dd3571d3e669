"""The routes as API Gateway's events reach them: who asks, with which parameters, and what HTTP says back.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from functions.api import batch, generations, versions, videos, wire
from functions.api.core import User
from functions.api.documented import document
from functions.api.event import base_path
from functions.api.routing import KEPT_FORM, PRIVATE, IfNoneMatch, Key, Routing, VideoId, with_allowance, with_tag
from shared.contracts import GENERATION_ID_PATTERN
from shared.http import media_types, negotiation
from shared.http.requests import Batch, EstimateRequest, NewVideo, StartGeneration
from shared.http.responses import VideoOutcome

GenerationId = Annotated[str, Path(alias="generationId", pattern=GENERATION_ID_PATTERN)]
Spoken = Annotated[bool, Query(alias="spoken")]
Limit = Annotated[int, Query(ge=1, le=100)]
Next = Annotated[str | None, Query(min_length=1, max_length=500)]
# Seconds after which a running generation is worth another look, and one that waits for the video model's quota.
LOOK_AGAIN = "3"
LOOK_LATER = "15"


class Routes(Routing):
    """The routes; their order and paths are in `functions.api.app`."""

    def create_video(self, body: NewVideo, key: Key = None) -> Response[str]:
        """Make a record and a form for its recording: POST the form's fields and the file to the form's URL."""

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = videos.create(self.services, user, body)
            return reply, {"Location": f"{base_path(self.app.current_event)}/videos/{reply.video.video_id}"}

        return self.once(key, body, 201, act, KEPT_FORM)

    def list_videos(self, limit: Limit = 20, next: Next = None, if_none_match: IfNoneMatch = None) -> Response[str]:
        """List the caller's videos, newest first; `next` of one answer asks for the following page."""
        listing = videos.listing(self.services, self.user(), limit, next, if_none_match)
        return with_tag(listing.reply, listing.tag)

    def show_video(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """Show one video, its upload's state and its latest generation."""
        return self._show(video_id, if_none_match)

    def delete_video(self, video_id: VideoId) -> Response[str]:
        """Delete a video and all of its files; refused while a generation runs."""
        return wire.answer(200, videos.delete(self.services, self.user(), video_id))

    def start_generation(self, body: StartGeneration, key: Key = None) -> Response[str]:
        """Start making the video; what was not chosen has a default."""
        services, pace = self.counting()
        reply = self.once(key, body, 202, lambda user: self.with_location(generations.start(services, user, body, key)))
        return with_allowance(reply, pace)

    def show_generation(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """Show a generation: steps, scenes, percent, costs so far, roughly the time left, and links that play."""
        return self._show(video_id, if_none_match)

    def cancel_generation(self, video_id: VideoId) -> Response[str]:
        """Cancel the running generation: nothing more is bought, and what was can be used by resuming."""
        return wire.answer(200, generations.cancel(self.services, self.user(), video_id))

    def start_generations(self, body: Batch, key: Key = None) -> Response[str]:
        """Start up to 25; each item is a body of POST /ai-video, and has its own answer and its own Idempotency-Key."""
        user = self.user()
        services, pace = self.counting()

        def start(item: StartGeneration) -> VideoOutcome:
            # No header holds a space, so this is no other request's key.
            own = f"{key} {item.video_id}" if key else None
            stored_answer = self.answer_once(
                own, item, user, lambda: (generations.start(services, user, item, key), {})
            )
            return VideoOutcome.model_validate_json(stored_answer["body"])

        return with_allowance(wire.answer(200, batch.start_all(body, self.request_id(), start)), pace)

    def estimate_generation(self, body: EstimateRequest) -> Response[str]:
        """Say what a generation will cost and roughly how long it will take; nothing is bought."""
        return wire.answer(200, generations.estimate_cost(self.services, self.user(), body))

    def list_versions(self, video_id: VideoId, if_none_match: IfNoneMatch = None) -> Response[str]:
        """List the finished videos of a recording, newest first, with links; a new generation hides none of them."""
        listing = versions.listing(self.services, self.user(), video_id, if_none_match)
        return with_tag(listing.reply, listing.tag)

    def delete_version(self, video_id: VideoId, generation_id: GenerationId) -> Response[str]:
        """Delete one finished video; the recording and the other ones stay, and the record shows the newest of them."""
        return wire.answer(200, versions.delete(self.services, self.user(), video_id, generation_id))

    def captions_srt(self, video_id: VideoId, are_spoken: Spoken = False) -> Response[str]:
        """Return the finished video's captions as SubRip, called plain text for whoever accepts that only.

        With `spoken` they are as they are said, where the video's are translated.
        """
        reply = self._captions(video_id, "srt", are_spoken=are_spoken)
        if negotiation.prefers(self.accept(), media_types.PLAIN, media_types.RESULTS["srt"]):
            reply.headers["Content-Type"] = f"{media_types.PLAIN}; charset=utf-8"
        return reply

    def captions_vtt(self, video_id: VideoId, are_spoken: Spoken = False) -> Response[str]:
        """Return the finished video's captions as WebVTT; with `spoken` as they are said, where they are translated."""
        return self._captions(video_id, "vtt", are_spoken=are_spoken)

    def openapi(self) -> Response[str]:
        """Return this document."""
        return Response(200, wire.JSON, document(self.app, base_path(self.app.current_event)))

    def _show(self, video_id: str, if_none_match: str | None) -> Response[str]:
        view = videos.show(self.services, self.user(), video_id, if_none_match)
        headers = {"ETag": view.tag, "Cache-Control": PRIVATE}
        if view.running:
            headers["Retry-After"] = LOOK_LATER if view.waiting else LOOK_AGAIN
        return wire.answer(200, view.reply, headers) if view.reply else Response(304, body="", headers=headers)

    def _captions(self, video_id: str, kind: str, *, are_spoken: bool) -> Response[str]:
        user = self.user()
        text, content_type = generations.captions(self.services, user, video_id, kind, are_spoken=are_spoken)
        return Response(200, content_type, text, headers={"Vary": "Accept"})
