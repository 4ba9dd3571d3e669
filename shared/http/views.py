"""The record as the API shows it: what is public of it, links that play, progress, and what is waited for.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from shared.provenance.sources import DigitalSource
from shared.video.public_record import (
    CostBreakdown,
    Failure,
    GenerationStatus,
    Moment,
    Part,
    PublicGeneration,
    PublicPreview,
    PublicTask,
    PublicVideo,
    Reason,
    Time,
)
from shared.video.take import TakeKind
from shared.video.timestamps import moment
from shared.video.version import PublicVersion

TIMES = {"created_at", "updated_at", "uploaded_at", "upload_date", "started_at", "completed_at", "finished_at"}


class Link(Part):
    """A presigned URL and when it stops working (ISO 8601)."""

    url: str
    expiresAt: Moment  # noqa: N815 - as the API's own names are written


class UploadView(Part):
    """Whether the recording has arrived; a form that was not used before `expiresAt` never will be."""

    status: Literal["waiting", "arrived", "expired"]
    expiresAt: Time = ""  # noqa: N815 - as the API's own names are written


class TaskReason(Reason):
    """Why a clip was put off, withheld or failed; `charged` is whether anything was bought for it, or may have been."""

    charged: bool = False


class TaskView(PublicTask):
    """A clip as the API shows it."""

    # Frozen, so a narrower type is sound.
    reason: TaskReason = TaskReason()  # pyright: ignore[reportIncompatibleVariableOverride]


class PreviewView(PublicPreview):
    """A draft, or a video of stills, with links to its files."""

    links: dict[str, Link] = Field(default={})


class SceneSource(Part):
    """How the picture that a scene shows came about: made by a `model`, or brought by its user as `image_id`.

    `digital_source` is IPTC's name of that: a composite where a model's clip begins with what was brought; empty for
    what was brought, of which nobody here knows it.
    """

    scene: str
    sequence: int
    kind: TakeKind
    model: str = ""
    image_id: str = ""
    digital_source: DigitalSource | Literal[""] = ""


class GenerationView(PublicGeneration):
    """The generation as the API shows it: percent done, roughly how many seconds are left, what it waits for, links.

    `preview` is the draft, or the video of stills, that a run has ended with; `provenance` says of each scene that has
    a take how its picture came about.
    """

    vertex_ai_tasks: list[TaskView] = Field(default=[])
    progress: int = 0
    seconds_left: int | None = None
    waiting_for: Literal["quota"] | None = None
    links: dict[str, Link] = Field(default={})
    preview: PreviewView | None = None
    provenance: list[SceneSource] = Field(default=[])


def legible_times(values: dict[str, Any]) -> dict[str, Any]:
    """Return a part's values with its times as RFC 3339 has them; one that nobody can read is empty."""
    return {name: _time(value) if name in TIMES else value for name, value in values.items()}


def _time(text: str) -> str:
    when = moment(text)
    return when.isoformat(timespec="milliseconds") if when else ""


class VersionView(PublicVersion):
    """A finished video as the API shows it, with links to its files, and its public link's path if there is one.

    `public_link_revision` is that of the cut that the link shows: an earlier one, until the video is shared anew.
    """

    public_link: str | None = None
    public_link_revision: int | None = None
    links: dict[str, Link] = Field(default={})


class SearchView(Part):
    """A search for moments that is over, of a video that has a generation besides: that is shown, and stays as it is.

    `degraded` says how what it chose differs from what was asked for.
    """

    generation_id: str
    status: GenerationStatus
    failure: Failure | None = None
    degraded: list[str] = Field(default=[])
    cost_breakdown: CostBreakdown = CostBreakdown()


class VideoView(PublicVideo):
    """The record as the API shows it: presigned URLs for s3:// ones, progress, the failure's next action.

    `versions` are the finished videos, newest first; a list leaves them out. `poster` is a picture of the newest.
    `search` is what became of the latest search for moments, where the generation is another one.
    """

    ai_generation_data: GenerationView | None = None
    upload: UploadView | None = None
    recording: Link | None = None
    poster: Link | None = None
    versions: list[PublicVersion] | None = None
    search: SearchView | None = None
