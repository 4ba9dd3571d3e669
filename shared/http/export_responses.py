"""What the REST API answers about exports: the files that a video is edited on with, and where each of them is.

Touches nothing; seconds, bytes.
"""

from __future__ import annotations

from shared.http.api_reply import ApiReply
from shared.http.views import Link


class ExportFile(ApiReply):
    """A file of an export: its path in the archive, and either a `link` that it is fetched by or its `text`."""

    path: str
    media_type: str
    bytes: int
    link: Link | None = None
    text: str | None = None


class ExportView(ApiReply):
    """Everything that an editor needs of a plan's revision; `notes` tell in sentences what is not there yet.

    `name` is what the archive, or the folder, may be called.
    """

    video_id: str
    generation_id: str
    revision: int
    name: str
    seconds: float
    files: list[ExportFile]
    notes: list[str]


class ExportShown(ApiReply):
    """The export of a video."""

    success: bool = True
    export: ExportView
