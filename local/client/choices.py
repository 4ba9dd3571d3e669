"""What a command was told of the videos to make, as the API takes it.

Touches nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from local.client.own import font_files
from shared.choices.captions import CaptionStyle

# The property of POST /ai-video that an option sets, by the option.
PROPERTIES: Mapping[str, str] = {
    "prompt": "prompt",
    "duration": "targetDuration",
    "style": "style",
    "aspect": "aspectRatio",
    "resolution": "resolution",
    "captions": "captions",
    "caption_style": "captionStyle",
    "caption_language": "captionLanguage",
    "continuity": "continuity",
    "language": "languageCode",
    "speakers": "speakers",
    "budget": "budget",
    "model": "model",
    "goal": "goal",
}


def choices(namespace: argparse.Namespace) -> dict[str, Any]:
    """Return what POST /ai-video, or one for clips, takes; what was left out, or no option says, is left to the API."""
    values = {**vars(namespace), "caption_style": caption_style(namespace)}
    return {name: value for option, name in PROPERTIES.items() if (value := values.get(option)) is not None}


def caption_style(namespace: argparse.Namespace) -> dict[str, str | bool] | None:
    """Return what the options say of the captions' style, as the API takes it; None when they say nothing.

    A font that is a file has no id yet, and is left out.
    """
    values = {name: getattr(namespace, f"caption_{name}") for name in CaptionStyle.model_fields}
    if values["font"] and font_files.is_file(values["font"]):
        values["font"] = None
    return {name: value for name, value in values.items() if value is not None} or None
