"""What a person may choose of the captions in the picture: their look, and what it is varied by.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.wire import Wire

CaptionMode = Literal["words", "karaoke", "box", "reveal", "big", "outline", "lines", "classic", "none"]
CaptionPosition = Literal["top", "middle", "bottom"]
CaptionPlatform = Literal["none", "tiktok", "reels", "shorts"]
CaptionSize = Literal["small", "medium", "large"]
# A mood each; "look" is the font that the look itself is drawn in.
CaptionFont = Literal["look", "clean", "loud", "comic", "serif", "hand", "typed"]
CaptionProfanity = Literal["shown", "masked"]
Color = Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{6})?$")]


class CaptionStyle(Wire):
    """How a look is varied: place, whose buttons it keeps clear of, size, font; a colour "" is the look's own."""

    position: CaptionPosition = "bottom"
    platform: CaptionPlatform = "none"
    size: CaptionSize = "medium"
    font: CaptionFont = "look"
    color: Color = ""
    highlight: Color = ""
    profanity: CaptionProfanity = "shown"


PLAIN_STYLE = CaptionStyle()
