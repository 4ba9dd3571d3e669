"""What `make` was told of a video, as the API takes it.

Touches nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from local.client import caption_options

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
    """Return the body of POST /ai-video; what was left out is left to the API."""
    values = {**vars(namespace), "caption_style": caption_options.style(namespace)}
    return {name: values[option] for option, name in PROPERTIES.items() if values[option] is not None}
