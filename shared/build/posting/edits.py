"""The edits of what a video is posted with: its title, the words, and the cover; one payload for each kind.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.client_values import Title
from shared.publishing.cover import CoverText
from shared.publishing.words import MOST_HASHTAGS, Description, Hashtag, Hook, PostTitle
from shared.wire import Wire


class ChangeTitle(Wire):
    """What the video is called."""

    op: Literal["title"]
    title: Title


class ChangePublish(Wire):
    """The words that the video is posted with; what is not named stays."""

    op: Literal["publish"]
    title: PostTitle | None = None
    hook: Hook | None = None
    description: Description | None = None
    hashtags: Annotated[list[Hashtag], Field(max_length=MOST_HASHTAGS)] | None = None


class ChangeCover(Wire):
    """The video's cover: its frame at a time, or the middle one of a scene, and a title in it; what is not named stays.

    A scene "" leaves the frame to the video, and a text "" is no title.
    """

    op: Literal["cover"]
    at: Annotated[float, Field(ge=0)] | None = None
    scene: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,40}$")] | None = None
    text: CoverText | None = None
