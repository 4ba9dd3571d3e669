"""The parts of a plan's sheet, as a person may write them.

Values only; touches nothing.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared.choices.captions import Color, FontChoice, PictureLabel
from shared.choices.words import CaptionLanguage, CaptionPlatform, CaptionPosition, CaptionProfanity, CaptionSize


class SheetPart(BaseModel):
    """A part of the sheet: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _with_sign(value: Any) -> Any:
    return f"#{value}" if isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f]{6}", value) else value


class ExcerptSheet(SheetPart):
    """The part of the recording that the video is made of."""

    start: float
    end: float


class LookSheet(SheetPart):
    """What all scenes have in common."""

    people: str
    place: str
    palette: str


class CaptionSheet(SheetPart):
    """Their language, "" for the spoken one, and what their look is varied by; a colour may lack its #, which YAML
    takes for a comment's.
    """

    language: CaptionLanguage
    position: CaptionPosition
    platform: CaptionPlatform
    size: CaptionSize
    font: FontChoice
    color: Annotated[Color, BeforeValidator(_with_sign)]
    highlight: Annotated[Color, BeforeValidator(_with_sign)]
    profanity: CaptionProfanity
    label: PictureLabel
    hook: bool


class PostSheet(SheetPart):
    """What the video is posted with; hashtags are one text, with or without their signs."""

    title: str
    hook: str
    description: str
    hashtags: str


def _none_for_nothing(value: Any) -> Any:
    return None if value == "" else value


class CoverSheet(SheetPart):
    """The second of the film that the cover shows, empty where that is the video's choice, and its title."""

    at: Annotated[float | None, BeforeValidator(_none_for_nothing)]
    text: str


class SceneSheet(SheetPart):
    """What may be changed of a scene; `take` is what a person chose."""

    id: str
    end: float
    description: str
    prompt: str
    model: str
    take: str
