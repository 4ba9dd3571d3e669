"""A font of a user's own, as captions know it: what its face is called, and how that is written down.

Values only; touches nothing.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from shared.captions.face import Face

FACE = TypeAdapter(Face)


def own_name(font_id: str) -> str:
    """Return what the face of a user's font is called in documents, where no bundled one is called so."""
    return f"Own{font_id} Regular"
