"""The record as the API shows it: with links that play instead of places, progress, and what is waited for.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shared.record import GenerationData, Part, VideoRecord


class Link(Part):
    """A presigned URL and when it stops working (ISO 8601)."""

    url: str
    expiresAt: str  # noqa: N815 - as the API's own names are written


class UploadView(Part):
    """Whether the recording has arrived; a form that was not used before `expiresAt` never will be."""

    status: Literal["waiting", "arrived", "expired"]
    expiresAt: str = ""  # noqa: N815 - as the API's own names are written


class GenerationView(GenerationData):
    """The generation as the API shows it: percent done, roughly how many seconds are left, what it waits for, links."""

    progress: int = 0
    seconds_left: int | None = None
    waiting_for: Literal["quota"] | None = None
    links: dict[str, Link] = Field(default={})


class VideoView(VideoRecord):
    """The record as the API shows it: presigned URLs for s3:// ones, progress, the failure's next action."""

    ai_generation_data: GenerationView | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    upload: UploadView | None = None
    recording: Link | None = None
