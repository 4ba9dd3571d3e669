"""What the REST API answers of own pictures, clips, music and fonts.

Touches nothing; bytes, pixels, seconds, and times in ISO 8601.
"""

from __future__ import annotations

from typing import Literal

from shared.film.picture_choices import OwnKind
from shared.http.api_reply import ApiReply
from shared.http.responses import UploadForm
from shared.http.views import Link
from shared.video.public_record import Time


class ImageView(ApiReply):
    """A picture or clip as its owner is shown it: what it is by its content is known once it is `ready`.

    `reason` is why it was refused; a picture that was just deleted has its id and status only.
    """

    image_id: str
    status: Literal["waiting", "checking", "ready", "refused", "expired", "deleted"]
    filename: str = ""
    content_type: str = ""
    file_size: int = 0
    created_at: Time = ""
    kind: OwnKind | None = None
    width: int = 0
    height: int = 0
    seconds: float = 0
    reason: str = ""
    preview: Link | None = None


class ImageCreated(ApiReply):
    """A new record and the form for its file."""

    success: bool = True
    image: ImageView
    upload: UploadForm


class ImageShown(ApiReply):
    """One picture or clip."""

    success: bool = True
    image: ImageView


class ImageList(ApiReply):
    """A page of the caller's pictures, newest first; `next` is there when there are more."""

    success: bool = True
    images: list[ImageView]
    next: str | None = None


class MusicView(ApiReply):
    """Music as its owner is shown it; `seconds` are known once it is `ready`, and `reason` is why it was refused."""

    music_id: str
    status: Literal["waiting", "checking", "ready", "refused", "expired", "deleted"]
    filename: str = ""
    content_type: str = ""
    file_size: int = 0
    created_at: Time = ""
    seconds: float = 0
    reason: str = ""


class MusicCreated(ApiReply):
    """A new record and the form for its file."""

    success: bool = True
    music: MusicView
    upload: UploadForm


class MusicShown(ApiReply):
    """One piece of music."""

    success: bool = True
    music: MusicView


class MusicList(ApiReply):
    """A page of the caller's music, newest first; `next` is there when there is more."""

    success: bool = True
    pieces: list[MusicView]
    next: str | None = None


class FontView(ApiReply):
    """A font as its owner is shown it; `family` is known once it is `ready`, and `reason` is why it was refused."""

    font_id: str
    status: Literal["waiting", "checking", "ready", "refused", "expired", "deleted"]
    filename: str = ""
    content_type: str = ""
    file_size: int = 0
    created_at: Time = ""
    family: str = ""
    reason: str = ""


class FontCreated(ApiReply):
    """A new record and the form for its file."""

    success: bool = True
    font: FontView
    upload: UploadForm


class FontShown(ApiReply):
    """One font."""

    success: bool = True
    font: FontView


class FontList(ApiReply):
    """A page of the caller's fonts, newest first; `next` is there when there are more."""

    success: bool = True
    fonts: list[FontView]
    next: str | None = None
