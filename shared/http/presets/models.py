"""Presets over the REST API: what a generation is begun with unless its request says otherwise.

Touches nothing; seconds and USD as in `shared.contracts`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.brand.choices import LONGEST_BUMPER, SHORTEST_BUMPER, Corner, MusicId, PresetName
from shared.choices.captions import CaptionStyle, Speakers
from shared.choices.words import Aspect, CaptionLanguage, CaptionMode, Continuity, Resolution, Style
from shared.contracts import LANGUAGE_PATTERN, Budget
from shared.film.picture_choices import ImageId
from shared.http.api_reply import ApiReply
from shared.http.requests import FOR_SALE, ApiBody, Choices


class PresetLogo(ApiBody):
    """A logo: an own picture, drawn small in a corner of every scene; what is transparent of it stays so."""

    image_id: ImageId
    corner: Corner = "top-right"


class PresetBumper(ApiBody):
    """An intro or outro: an own picture, shown for `seconds`, or a clip, which lasts no longer than it does itself."""

    image_id: ImageId
    seconds: Annotated[float, Field(ge=SHORTEST_BUMPER, le=LONGEST_BUMPER)] | None = None


class Preset(ApiBody):
    """PUT /presets/{presetName}: defaults for generations; what is left out has the API's own.

    Of `caption_style` a request may say some parts itself, and has the others from here.
    """

    style: Style | None = None
    target_duration: Annotated[float, Field(ge=5, le=60)] | None = None
    aspect_ratio: Aspect | None = None
    resolution: Resolution | None = None
    captions: CaptionMode | None = None
    caption_style: CaptionStyle | None = None
    caption_language: CaptionLanguage | None = None
    continuity: Continuity | None = None
    speakers: Speakers | None = None
    music: MusicId | None = None
    language_code: Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)] | None = None
    budget: Budget | None = None
    model: Annotated[str, StringConstraints(max_length=100), Field(json_schema_extra=FOR_SALE)] | None = None
    logo: PresetLogo | None = None
    intro: PresetBumper | None = None
    outro: PresetBumper | None = None


# What of a preset is a choice of POST /ai-video by the same name.
CHOICES = tuple(name for name in Preset.model_fields if name in Choices.model_fields)


class PresetView(ApiReply):
    """A preset by its name; `choices` are what PUT takes."""

    name: PresetName
    choices: Preset


class PresetShown(ApiReply):
    """One preset."""

    success: bool = True
    preset: PresetView


class PresetList(ApiReply):
    """All of the caller's presets, by their names."""

    success: bool = True
    presets: list[PresetView]
