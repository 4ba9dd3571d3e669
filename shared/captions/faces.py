"""The faces that captions are drawn in: what each covers, and about how wide its letters are.

Values only, touches nothing; one em is the font's own unit. The files are those of `functions/render_scene/fonts`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NARROW = frozenset(" '\".,:;!|()[]/-`ijlftrIJ’‘·")
_WIDE = frozenset("mwMWNOQ@%&…ШЩЖЮФМшщжюфм")


@dataclass(frozen=True)
class Advances:
    """How far the letters of a kind carry a line on, in em, at most or nearly so."""

    narrow: float
    wide: float
    upper: float
    lower: float


_BROAD = Advances(narrow=0.40, wide=0.95, upper=0.74, lower=0.63)


@dataclass(frozen=True)
class Face:
    """A bundled font: its full name, its line height in em (ASS sizes are line heights), what it covers."""

    name: str
    line_height: float
    ranges: tuple[tuple[int, int], ...]
    advances: Advances = _BROAD


LATIN = Face(
    "Noto Sans ExtraBold",
    1.362,
    (
        *((0x20, 0x7E), (0xA0, 0x52F), (0x1C80, 0x1C88), (0x1D00, 0x1FFF), (0x2010, 0x2027), (0x202F, 0x205E)),
        *((0x2070, 0x20BF), (0x2100, 0x215F), (0x2212, 0x2212), (0x2C60, 0x2C7F), (0xA720, 0xA7BF), (0xFB00, 0xFB06)),
    ),
)
FACES = (
    Face("Noto Sans Arabic ExtraBold", 2.112, ((0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFD), (0xFE70, 0xFEFC))),
    Face("Noto Sans Hebrew ExtraBold", 1.36, ((0x591, 0x5F4), (0xFB1D, 0xFB4F))),
    Face("Noto Sans Devanagari ExtraBold", 1.304, ((0x900, 0x97F), (0xA8E0, 0xA8FF))),
    Face("Noto Sans Thai ExtraBold", 1.511, ((0xE01, 0xE5B),)),
    LATIN,
)
# A condensed face for posters; what it lacks is drawn in the others.
ANTON = Face(
    "Anton Regular",
    1.733,
    (
        *((0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x1F8, 0x21B), (0x1E80, 0x1E85), (0x1EA0, 0x1EF9)),
        *((0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2026, 0x2026), (0x20AC, 0x20AC)),
    ),
    Advances(narrow=0.47, wide=0.77, upper=0.56, lower=0.54),
)


def face_of(sign: str, base: Face = LATIN) -> Face | None:
    """Return the face that draws a letter: the base where it can, else the first that covers it, or None."""
    return base if base is not LATIN and _covers(base, sign) else _first_face(sign)


@lru_cache(maxsize=4096)
def _first_face(sign: str) -> Face | None:
    return next((face for face in FACES if _covers(face, sign)), None)


def _covers(face: Face, sign: str) -> bool:
    code = ord(sign)
    return any(first <= code <= last for first, last in face.ranges)


def joins(sign: str) -> bool:
    """Return whether a sign is drawn upon the one before it, and in its face."""
    return sign in "\u200c\u200d" or unicodedata.category(sign) in {"Mn", "Mc"}


def width(text: str, base: Face = LATIN) -> float:
    """Return about how wide `text` is, in em, rounded up; what the base does not cover is as broad as the others."""
    return sum(_advance(sign, base) for sign in text) or 1.0


def _advance(sign: str, base: Face) -> float:
    if unicodedata.category(sign) in {"Mn", "Cf"}:
        return 0.0
    advances = base.advances if base is LATIN or _covers(base, sign) else _BROAD
    if sign in _NARROW:
        return advances.narrow
    return advances.wide if sign in _WIDE else advances.upper if sign.isupper() else advances.lower
