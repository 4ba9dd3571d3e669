"""The edits of what is said in a video, and by whom: one payload for each kind.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.choices.captions import SpeakerLabel
from shared.client_values import PLAIN, VISIBLE, WHOLE
from shared.wire import Wire

# Speakers whose names one edit changes: as many as Amazon Transcribe tells apart.
MOST_NAMES = 30
WordText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, strip_whitespace=True),
    PLAIN,
    Field(json_schema_extra=VISIBLE),
]
SpeakerName = Annotated[str, StringConstraints(max_length=30, strip_whitespace=True), PLAIN]
Index = Annotated[int, Field(ge=0), WHOLE]


class NameSpeakers(Wire):
    """What speakers are called in captions and subtitles, by their labels; "" is no name, who is not named stays."""

    op: Literal["speakers"]
    speakers: Annotated[dict[SpeakerLabel, SpeakerName], Field(min_length=1, max_length=MOST_NAMES)]


class CorrectWord(Wire):
    """A misheard word; several words in place of one share its time."""

    op: Literal["word"]
    index: Index
    text: WordText


class JoinWords(Wire):
    """A word and the next one are one."""

    op: Literal["join"]
    index: Index


class DeleteWord(Wire):
    """A word that nobody said."""

    op: Literal["delete"]
    index: Index
