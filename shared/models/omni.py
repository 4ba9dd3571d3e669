"""The adapter of the interactions protocol: a clip is one interaction, read by its id while it is made.

Touches Vertex AI. Where interactions are not taken in the background, the clip comes with the answer to its order.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx2
from google.genai import _interactions as sdk

from shared.aws.secrets import SecretStore
from shared.errors import ReelwrightError, SubmitOutcomeUnknown, VeoUnavailable
from shared.models.clip_request import ClipRequest
from shared.models.omni_answers import meaning
from shared.models.port import Handle, Lost, Reading, Running
from shared.models.vertex_calls import VertexVideoModel, free_call, paid_call
from shared.models.vertex_errors import ErrorReply, error_reply, order_error, reading_error, shape
from shared.models.vertex_words import Provider
from shared.models.video_models import INTERACTIONS, MODELS
from shared.models.video_models import OMNI as MODEL
from shared.observability.log import logger

OMNI = Provider("Gemini Omni", MODELS[MODEL].location)
# Seconds that an order may take whose clip comes with its answer, and any other call.
WITH_CLIP = 240.0
CALL = 60.0


class Omni(VertexVideoModel):
    """Gemini Omni, with the project and credentials of the deployment's secret."""

    def __init__(self, secrets: SecretStore) -> None:
        super().__init__(secrets, OMNI.location)
        self._waits_for_clips = False

    def _submit_once(self, request: ClipRequest) -> Handle:
        answer = self._create(request)
        if not answer.id:
            raise SubmitOutcomeUnknown("Gemini Omni answered the order without a name; the clip may have been bought.")
        reading = meaning(answer)
        return Handle(f"{INTERACTIONS}{answer.id}", None if isinstance(reading, Running) else reading)

    def _create(self, request: ClipRequest) -> Any:
        """Return the interaction that makes the clip, or has made it."""
        try:
            return self._send(request)
        except _BackgroundRefused:
            # Nothing was accepted. This process does not ask again whether it would be by now.
            self._waits_for_clips = True
            return self._send(request)

    def _send(self, request: ClipRequest) -> Any:
        client = self._clients.fresh()
        # The SDK would order the rest of an unfinished clip by itself; in the background it takes no such switch.
        form: dict[str, Any] = {"automatic_continuation": False, "timeout": WITH_CLIP}
        if not self._waits_for_clips:
            form = {"background": True, "timeout": CALL}
        with paid_call(OMNI.name):
            try:
                return client.interactions.create(model=request.model, store=True, **request.fields, **form)
            except sdk.APIError as error:
                raise self._order_error(error, request.model) from error

    def _order_error(self, error: sdk.APIError, model: str) -> Exception:
        if error.status_code is None:
            # The SDK wraps what broke the connection.
            return error.__cause__ if isinstance(error.__cause__, httpx2.HTTPError) else ValueError(str(error))
        reply = _reply(error.status_code, error.body)
        if _is_about_background(reply) and not self._waits_for_clips:
            return _BackgroundRefused()
        return order_error(reply, model, OMNI)

    def _read_once(self, handle: str) -> Reading:
        client = self._clients.for_looks()
        with free_call(OMNI.name):
            try:
                answer = client.interactions.get(handle.removeprefix(INTERACTIONS), timeout=CALL)
            except sdk.APIError as error:
                trouble = _reading_error(error)
                if isinstance(trouble, Lost):
                    return trouble
                raise trouble from error
        return meaning(answer)


def _reply(status: int, body: object) -> ErrorReply:
    reply = error_reply(status, body)
    if not reply.message:
        logger().warning("Gemini Omni refused without a message", extra={"status": status, "answer": shape(body)})
    return reply


class _BackgroundRefused(Exception):
    """Interactions are not taken in the background here; nothing was accepted."""


def _is_about_background(reply: ErrorReply) -> bool:
    return reply.status == HTTPStatus.BAD_REQUEST and "background" in reply.message.lower()


def _reading_error(error: sdk.APIError) -> Lost | ReelwrightError:
    if error.status_code is None or error.status_code < HTTPStatus.BAD_REQUEST:
        return VeoUnavailable("The connection to Gemini Omni broke while the interaction was read.")
    return reading_error(_reply(error.status_code, error.body), OMNI)
