"""The cover of a video: which of its frames it is, and the title in it.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.client_values import PLAIN
from shared.wire import Wire

COVER_TEXT_LIMIT = 80
CoverText = Annotated[str, StringConstraints(max_length=COVER_TEXT_LIMIT, strip_whitespace=True), PLAIN]


class Cover(Wire):
    """The frame at so many seconds of the film, without captions, and a title in it, "" for none.

    Without a time the video's poster is its cover; a title alone is in the middle frame of the first scene.
    """

    at: Annotated[float, Field(ge=0)] | None = None
    text: CoverText = ""

    @property
    def is_chosen(self) -> bool:
        """Whether a person has chosen anything of it."""
        return self.at is not None or bool(self.text)
