"""Choose the type in which a card can be set: the style's own, or one that has the letters.

Reads the bundled fonts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from functions.draw_scene.animatic.styles import Style

FONT_FOLDER = Path(__file__).parent / "fonts"
FILES = {
    "Manrope ExtraBold": "Manrope-ExtraBold.ttf",
    "Lato Black": "Lato-Black.ttf",
    "Fredoka One": "FredokaOne-Regular.ttf",
    "Source Serif Pro Semibold": "SourceSerifPro-Semibold.ttf",
}
# No letter, so that what is drawn for it is what is drawn for any that a font lacks.
_NO_LETTER = "\uffff"
# In pixels.
_SIZE = 24


class Typeface(NamedTuple):
    """A font by its full name; `letters` is the mean width of a letter by its size."""

    font: str
    letters: float


# Latin letters of all of Europe, Greek and Cyrillic ones.
LARGEST = Typeface("Manrope ExtraBold", 0.41)


def face_for(text: str, style: Style) -> Typeface:
    """Return the style's own face where it has every letter of the text, else the one that has the most."""
    return Typeface(style.font, style.letters) if has_letters(style.font, text) else LARGEST


def has_letters(font: str, text: str) -> bool:
    """Return whether a font has every letter of the text."""
    return all(_has(font, letter) for letter in sorted(set(text)) if not letter.isspace())


@cache
def _has(font: str, letter: str) -> bool:
    return _picture_of(font, letter) != _picture_of(font, _NO_LETTER)


def _picture_of(font: str, letter: str) -> bytes:
    picture = Image.new("L", (_SIZE * 2, _SIZE * 2))
    ImageDraw.Draw(picture).text((_SIZE // 2, 0), letter, fill=255, font=_face(font))
    return picture.tobytes()


@cache
def _face(font: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FOLDER / FILES[font], _SIZE)
