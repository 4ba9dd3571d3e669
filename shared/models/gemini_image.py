"""The adapter of Gemini's image models: a picture is the answer to one paid request.

Touches Vertex AI. A request that was broken off may have been charged, so nobody repeats it by itself.
"""

from __future__ import annotations

import base64
from typing import Any

from google.genai import errors, types

from shared.aws.secrets import SecretStore
from shared.errors import VeoFailed
from shared.models import vertex, vertex_words
from shared.models.picture_request import IMAGE_MODELS, PictureBrief, picture_request
from shared.models.port import Filtered
from shared.models.request_body import FrozenRequest, Picture
from shared.models.vertex_calls import paid_call, with_fresh_secret
from shared.models.vertex_errors import ErrorReply, order_error
from shared.models.vertex_words import Provider

NAME = "Gemini's image model"
# How an answer ends whose picture the safety filter withholds (google-genai's FinishReason).
_WITHHELD = frozenset(
    {
        *("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION"),
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"),
    }
)


class GeminiImage:
    """An image model, with the project and credentials of the deployment's secret."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets
        # All of them are sold at one place.
        (self._location,) = {spec.location for spec in IMAGE_MODELS.values()}
        self._clients = vertex.VertexClients(secrets, self._location)

    def request(self, brief: PictureBrief) -> FrozenRequest:
        """Return what is sent for the picture; raise ModelRetired if it cannot be made."""
        return picture_request(brief)

    def draw(self, request: FrozenRequest) -> Picture | Filtered:
        """Return the picture; raise VeoFailed when none was made, else as the port says."""
        return meaning(with_fresh_secret(self._secrets, lambda: self._draw_once(request)))

    def _draw_once(self, request: FrozenRequest) -> types.GenerateContentResponse:
        fields = request.fields
        client = self._clients.fresh()
        with paid_call(NAME):
            try:
                return client.models.generate_content(
                    model=request.model, contents=_contents(fields), config=_config(fields)
                )
            except errors.APIError as error:
                # The library gives the body no type.
                reasons = vertex_words.reasons(getattr(error, "details", None))
                reply = ErrorReply(error.code, str(error.status), str(error.message or ""), reasons)
                raise order_error(reply, request.model, Provider(NAME, self._location)) from error


def meaning(answer: types.GenerateContentResponse) -> Picture | Filtered:
    """Return the picture of an answer, or that it was withheld; raise VeoFailed when there is neither."""
    feedback = answer.prompt_feedback
    if feedback and feedback.block_reason:
        return Filtered(f"{feedback.block_reason.value}: {feedback.block_reason_message or ''}", is_prompt_blocked=True)
    (candidate, *_) = answer.candidates or [types.Candidate()]
    for part in reversed((candidate.content.parts if candidate.content else None) or []):
        # What the model draws while it thinks is not the picture.
        if part.inline_data and part.inline_data.data and not part.thought:
            return Picture(part.inline_data.data, part.inline_data.mime_type or "image/png")
    reason = candidate.finish_reason.value if candidate.finish_reason else "no reason given"
    if reason in _WITHHELD:
        return Filtered(f"{reason}: {candidate.finish_message or ''}")
    raise VeoFailed(f"{NAME} drew no picture ({reason}).")


def _contents(fields: dict[str, Any]) -> types.Content:
    pictures = [
        types.Part.from_bytes(data=base64.b64decode(each["data"]), mime_type=each["mime_type"])
        for each in fields["references"]
    ]
    return types.Content(role="user", parts=[*pictures, types.Part(text=fields["prompt"])])


def _config(fields: dict[str, Any]) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        response_modalities=["IMAGE"],
        image_config=types.ImageConfig(**fields["image_config"]),
        labels=fields["labels"] or None,
    )
