"""What a person may choose of the captions in the picture: their look, what it is varied by, and who speaks in them.

Values only; touches nothing. Speakers' labels are those of Amazon Transcribe: spk_0, spk_1, and so on.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, get_args

from pydantic import PlainValidator, StringConstraints, WithJsonSchema

from shared.choices.words import (
    FEWEST_SPEAKERS,
    MOST_SPEAKERS,
    OWN_FONT_PATTERN,
    CaptionFont,
    CaptionPlatform,
    CaptionPosition,
    CaptionProfanity,
    CaptionSize,
)
from shared.wire import Wire

_FONT_NAMES: tuple[str, ...] = get_args(CaptionFont)


def is_own_font(font: str) -> bool:
    """Return whether a font of captions is one of the user's own."""
    return font not in _FONT_NAMES


def _font(value: object) -> str:
    if isinstance(value, str) and (value in _FONT_NAMES or re.fullmatch(OWN_FONT_PATTERN, value)):
        return value
    raise ValueError(f"must be {', '.join(_FONT_NAMES)}, or the id of a font of your own")


_FONTS_SCHEMA: dict[str, Any] = {"type": "string", "pattern": f"^({'|'.join(_FONT_NAMES)}|[0-9a-f]{{20}})$"}
FontChoice = Annotated[str, PlainValidator(_font), WithJsonSchema(_FONTS_SCHEMA)]
# A transcript of the user's own, which the captions show.
TRANSCRIPT_ID_PATTERN = r"^[0-9a-f]{16}$"
TranscriptId = Annotated[str, StringConstraints(pattern=TRANSCRIPT_ID_PATTERN)]
Color = Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{6})?$")]
# What stands in a corner of the picture, such as "AI-generated": one line, without what ASS takes for a tag.
PictureLabel = Annotated[str, StringConstraints(max_length=30, pattern=r"^[^\x00-\x1f\x7f-\x9f{}\\]*$")]


class CaptionStyle(Wire):
    """How a look is varied: place, whose buttons it keeps clear of, size, font; a colour "" is the look's own.

    `label` stands in a corner of every scene that shows what a model has made, "" for none. `hook` shows the hook of
    the words that the video is posted with as a card over its first second.
    """

    position: CaptionPosition = "bottom"
    platform: CaptionPlatform = "none"
    size: CaptionSize = "medium"
    font: FontChoice = "look"
    color: Color = ""
    highlight: Color = ""
    profanity: CaptionProfanity = "shown"
    label: PictureLabel = ""
    hook: bool = False


PLAIN_STYLE = CaptionStyle()

LABEL_PATTERN = r"^spk_[0-9]{1,2}$"
SpeakerLabel = Annotated[str, StringConstraints(pattern=LABEL_PATTERN)]


def _number(value: object) -> bool | int:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in range(FEWEST_SPEAKERS, MOST_SPEAKERS + 1):
        return int(value)
    raise ValueError(f"must be true, or a number from {FEWEST_SPEAKERS} to {MOST_SPEAKERS}")


_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "boolean"}, {"type": "integer", "minimum": FEWEST_SPEAKERS, "maximum": MOST_SPEAKERS}]
}
# Whether speakers are told apart, or how many there are: true leaves the number to Amazon Transcribe.
Speakers = Annotated[bool | int, PlainValidator(_number), WithJsonSchema(_SCHEMA)]


def number_of(label: str) -> int:
    """Return the number in a label; 0 where there is none."""
    digits = re.search(r"[0-9]{1,4}$", label)
    return int(digits[0]) if digits else 0
