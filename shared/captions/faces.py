"""The faces that captions are drawn in: what each covers, and about how wide its letters are.

Values only, touches nothing; one em is the font's own unit. The files are those of `functions/render_scene/fonts` and
of `cjk_fonts` beside it, which not every installation has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from shared.captions.face import BROAD, Advances, Face, ranges
from shared.captions.wide_faces import CHINESE, CJK_FACES, EMOJI, IDEOGRAPHS_OF

# An emoji is wider than it is high, by its margins.
_EMOJI_WIDTH = 1.28
NARROW = frozenset(" '\".,:;!|()[]/-`ijlftrIJ’‘·")
WIDE = frozenset("mwMWNOQ@%&…ШЩЖЮФМшщжюфм")


LATIN = Face(
    "Noto Sans ExtraBold",
    1.362,
    ranges(
        "20-7e a0-3e1 3f0-52f 1c80-1c88 1d00-1df9 1dfb-1fff 2010-2027 202f-205e 2070-20bf 2100-215f 2c60-2c7f "
        "a720-a7bf fb00-fb06"
    ),
)
_ARABIC = ranges("600-61c 61e-6ff 750-77f fb50-fbc1 fbd3-fd3f fd50-fdc7 fdf0-fdfd fe70-fefc")
FACES = (
    Face("Noto Sans Arabic ExtraBold", 2.112, _ARABIC),
    Face("Noto Sans Hebrew ExtraBold", 1.36, ranges("591-5ea 5f0-5f4 fb1d-fb4f")),
    Face("Noto Sans Devanagari ExtraBold", 1.304, ranges("900-97f a8e0-a8ff")),
    Face("Noto Sans Thai ExtraBold", 1.511, ranges("e01-e5b")),
    LATIN,
    *CJK_FACES,
    EMOJI,
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
# What the faces below cover, each of them or some.
_LATIN_LETTERS = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0xB4), (0xB6, 0x13E), (0x141, 0x17E), (0x1E80, 0x1E85))
_MARKS = ((0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2026, 0x2026), (0x20AC, 0x20AC))
_VIETNAMESE = ((0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1EA0, 0x1EF9))
_CYRILLIC = ((0x400, 0x45F), (0x490, 0x493))
# The font that a style asks for; what it lacks is drawn in the others.
FONTS: Mapping[str, Face] = {
    "clean": Face(
        "Montserrat ExtraBold",
        1.562,
        (*_LATIN_LETTERS, *_MARKS, *_VIETNAMESE, *_CYRILLIC),
        Advances(narrow=0.56, wide=1.19, upper=0.87, lower=0.74),
    ),
    "loud": ANTON,
    "comic": Face(
        "Bangers Regular",
        1.757,
        (*_LATIN_LETTERS, *_MARKS, *_VIETNAMESE),
        Advances(narrow=0.45, wide=0.80, upper=0.53, lower=0.53),
    ),
    "serif": Face(
        "Playfair Display ExtraBold",
        1.41,
        (*_LATIN_LETTERS, *_MARKS, *_VIETNAMESE, *_CYRILLIC),
        Advances(narrow=0.48, wide=1.17, upper=0.84, lower=0.72),
    ),
    "hand": Face(
        "Caveat Bold",
        1.289,
        (*_LATIN_LETTERS, *_MARKS, *_CYRILLIC),
        Advances(narrow=0.42, wide=0.86, upper=0.68, lower=0.56),
    ),
    "typed": Face(
        "Space Mono Bold",
        1.481,
        (*_LATIN_LETTERS, *_MARKS, *_VIETNAMESE),
        Advances(narrow=0.62, wide=0.62, upper=0.62, lower=0.62),
    ),
}


def face_of(sign: str, base: Face = LATIN, language: str = "") -> Face | None:
    """Return the face that draws a letter: the base where it can, else the first that covers it, or None.

    Ideographs have the shapes of `language`, a code such as ja.
    """
    if base is not LATIN and base.covers(sign):
        return base
    face = _first_face(sign)
    return IDEOGRAPHS_OF.get(language, CHINESE) if face is CHINESE else face


@lru_cache(maxsize=4096)
def _first_face(sign: str) -> Face | None:
    return next((face for face in FACES if face.covers(sign)), None)


def joins(sign: str) -> bool:
    """Return whether a sign is drawn upon the one before it, and in its face."""
    return sign in "\u200c\u200d" or unicodedata.category(sign) in {"Mn", "Mc"}


def width(text: str, base: Face = LATIN) -> float:
    """Return about how wide `text` is, in em, rounded up; what the base does not cover is as broad as the others."""
    return sum(_advance(sign, base) for sign in text) or 1.0


def _advance(sign: str, base: Face) -> float:
    if unicodedata.category(sign) in {"Mn", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(sign) in {"F", "W"}:
        return _EMOJI_WIDTH if EMOJI.covers(sign) else 1.0
    advances = base.advances if base is LATIN or base.covers(sign) else BROAD
    if sign in NARROW:
        return advances.narrow
    return advances.wide if sign in WIDE else advances.upper if sign.isupper() else advances.lower
