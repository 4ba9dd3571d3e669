"""What a file of a font is called, as far as its name goes.

Values only; touches nothing.
"""

from __future__ import annotations

from pathlib import Path

MEDIA_TYPES = {".ttf": "font/ttf", ".otf": "font/otf"}


def is_file(font: str) -> bool:
    """Return whether a font of captions is named as a file, and not as one that the API knows."""
    return Path(font).suffix.lower() in MEDIA_TYPES
