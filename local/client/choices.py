"""What `make` was told of a video, as the API takes it.

Touches nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

# The property of POST /ai-video that an option sets, by the option.
PROPERTIES: Mapping[str, str] = {
    "prompt": "prompt",
    "duration": "targetDuration",
    "style": "style",
    "aspect": "aspectRatio",
    "resolution": "resolution",
    "captions": "captions",
    "continuity": "continuity",
    "language": "languageCode",
    "budget": "budget",
    "model": "model",
    "goal": "goal",
}


def choices(namespace: argparse.Namespace) -> dict[str, Any]:
    """Return the body of POST /ai-video; what was left out is left to the API."""
    values = {name: getattr(namespace, option) for option, name in PROPERTIES.items()}
    return {name: value for name, value in values.items() if value is not None}
