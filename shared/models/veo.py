"""The adapter of Veo's protocol: a clip is an operation, ordered by one call and read by others.

Touches Vertex AI. What an order raises says whether it was surely not accepted or may have been; reading is free, so
every passing trouble of it is VeoUnavailable and may be retried.
"""

from __future__ import annotations

import base64
from typing import Any

from google.genai import errors, types

from shared.errors import SubmitOutcomeUnknown
from shared.models import vertex_words
from shared.models.clip_request import ClipRequest
from shared.models.port import Handle, Lost, Reading
from shared.models.veo_answers import meaning
from shared.models.vertex_calls import VertexVideoModel, free_call, paid_call
from shared.models.vertex_errors import ErrorReply, order_error, reading_error
from shared.models.vertex_words import VEO


class Veo(VertexVideoModel):
    """Veo, with the project and credentials of the deployment's secret."""

    def _submit_once(self, request: ClipRequest) -> Handle:
        client = self._clients.fresh()
        with paid_call(VEO.name):
            try:
                operation = client.models.generate_videos(
                    model=request.model, source=_source(request.fields), config=_config(request.fields)
                )
            except errors.APIError as error:
                raise order_error(_reply(error), request.model) from error
        if not operation.name:
            raise SubmitOutcomeUnknown("Veo answered the order without an operation; the clip may have been bought.")
        return Handle(operation.name)

    def _read_once(self, handle: str) -> Reading:
        client = self._clients.for_looks()
        with free_call(VEO.name):
            try:
                operation = client.operations.get(types.GenerateVideosOperation.model_validate({"name": handle}))
            except errors.APIError as error:
                trouble = reading_error(_reply(error))
                if isinstance(trouble, Lost):
                    return trouble
                raise trouble from error
        return meaning(operation)


def _source(fields: dict[str, Any]) -> types.GenerateVideosSource:
    picture = fields.get("first_frame")
    return types.GenerateVideosSource(prompt=fields["prompt"], image=_image(picture) if picture else None)


def _config(fields: dict[str, Any]) -> types.GenerateVideosConfig:
    references = [
        types.VideoGenerationReferenceImage(
            image=_image(picture), reference_type=types.VideoGenerationReferenceType.ASSET
        )
        for picture in fields.get("references", ())
    ]
    return types.GenerateVideosConfig(**fields["config"], reference_images=references or None)


def _image(picture: dict[str, str]) -> types.Image:
    return types.Image(image_bytes=base64.b64decode(picture["data"]), mime_type=picture["mime_type"])


def _reply(error: errors.APIError) -> ErrorReply:
    # The library gives the body no type.
    reasons = vertex_words.reasons(getattr(error, "details", None))
    return ErrorReply(error.code, str(error.status), str(error.message or ""), reasons)
