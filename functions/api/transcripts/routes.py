"""The routes of a user's own transcripts: announce one, and see what was read of it.

Touches what the services touch; each method's signature is also what the OpenAPI document says of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from functions.api import wire
from functions.api.core import User
from functions.api.documented import LOCATION, ONE_VIDEO, Documented
from functions.api.event import base_path
from functions.api.routing import KEPT_FORM, PRIVATE, Key, Routing, VideoId
from functions.api.transcripts import transcripts
from shared.choices.captions import TRANSCRIPT_ID_PATTERN
from shared.http.refusals import TranscriptNotFound
from shared.http.requests import NewTranscript
from shared.http.transcripts.responses import TranscriptCreated, TranscriptShown

TranscriptId = Annotated[str, Path(alias="transcriptId", pattern=TRANSCRIPT_ID_PATTERN)]
_PATH = "/videos/<videoId>/transcripts"


class TranscriptRoutes(Routing):
    """The routes; their order and paths are in `transcript_table`."""

    def create_transcript(self, video_id: VideoId, body: NewTranscript, key: Key = None) -> Response[str]:
        """Make a record and a form for SRT, VTT or plain text: POST the form's fields, then the file.

        Then name it as `transcriptId` when the generation is started. With times nothing is transcribed; without them
        the recording is, and its captions show these words.
        """

        def act(user: User) -> tuple[BaseModel, Mapping[str, str]]:
            reply = transcripts.create(self.services, user, video_id, body)
            place = f"/videos/{video_id}/transcripts/{reply.transcript.transcript_id}"
            return reply, {"Location": f"{base_path(self.app.current_event)}{place}"}

        return self.once(key, body, 201, act, KEPT_FORM)

    def show_transcript(self, video_id: VideoId, transcript_id: TranscriptId) -> Response[str]:
        """Show a transcript; asked about after its upload, it is read, and is `ready` or `refused` with the reason."""
        reply = transcripts.show(self.services, self.user(), video_id, transcript_id)
        return wire.answer(200, reply, {"Cache-Control": PRIVATE})


def transcript_table(routes: TranscriptRoutes) -> tuple[Documented, ...]:
    """Return the part of the table of routes that these are."""
    return (
        Documented(
            "POST",
            _PATH,
            routes.create_transcript,
            "The record and its form",
            TranscriptCreated,
            201,
            ONE_VIDEO,
            LOCATION,
        ),
        Documented(
            "GET",
            f"{_PATH}/<transcriptId>",
            routes.show_transcript,
            "The transcript",
            TranscriptShown,
            errors=(*ONE_VIDEO, TranscriptNotFound),
        ),
    )
