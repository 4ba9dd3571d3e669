"""What settle decides: whether a record is still this execution's, and what its end is called.

Values only; touches nothing.
"""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict

from shared.record import GenerationData, VideoRecord


class Which(BaseModel):
    """The part of an execution status change that matters here."""

    model_config = ConfigDict(frozen=True)

    executionArn: str  # noqa: N815 - as EventBridge writes it


class Call(BaseModel):
    """What settle is called with: EventBridge's event, or the state machine's own call in the same shape.

    `id` is the same when the same call is repeated.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    detail: Which


def video_of(execution_input: str) -> str:
    """Return the video id in an execution's input, or nothing when the input is not one of ours."""
    try:
        found = json.loads(execution_input)
    except ValueError:
        return ""
    video = found.get("video_id") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return video if isinstance(video, str) else ""


def generation_of(record: VideoRecord | None, execution_arn: str) -> GenerationData | None:
    """Return the record's generation if it is this execution's; one started by hand has no execution of its own."""
    data = record.ai_generation_data if record else None
    return data if data and data.execution_arn in ("", execution_arn) else None
