"""How words become running text: with spaces between them, or without in scripts that write none.

Values only; touches nothing. The ranges are those of Unicode's blocks for scripts that UAX #14 breaks by dictionary or
by ideograph.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

_Ranges = tuple[tuple[int, int], ...]
# Chinese characters, kana, bopomofo, Yi, and the full-width forms: their numbers stand close as well.
_EAST_ASIAN: _Ranges = (
    *((0x2E80, 0x2FDF), (0x3001, 0x312F), (0x3190, 0x9FFF), (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F)),
    *((0xFF01, 0xFF9F), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF)),
)
# Thai, Lao, Tibetan, Myanmar, Khmer, Tai Le, New Tai Lue, Tai Tham, Balinese, Javanese and what extends them.
_SOUTH_EAST_ASIAN: _Ranges = (
    *((0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19FF), (0x1A20, 0x1AAF)),
    *((0x1B00, 0x1B7F), (0xA980, 0xA9FF), (0xAA60, 0xAA7F)),
)
# Scripts of one language, or of one that is by far the largest; kana before the Chinese characters among them.
_LANGUAGES: dict[str, _Ranges] = {
    "ja-JP": ((0x3041, 0x30FF),),
    "ko-KR": ((0xAC00, 0xD7A3),),
    "zh-CN": ((0x4E00, 0x9FFF),),
    "th-TH": ((0x0E01, 0x0E5B),),
    "hi-IN": ((0x0900, 0x097F),),
    "he-IL": ((0x0591, 0x05F4),),
    "el-GR": ((0x0370, 0x03FF),),
}
# Of a text's letters, so that a single foreign word decides nothing.
_SHARE = 0.2


def join_texts(texts: Iterable[str]) -> str:
    """Return words, or longer pieces, as running text; empty ones leave no trace."""
    pieces = [text for text in texts if text]
    text = pieces[0] if pieces else ""
    for before, right in pairwise(pieces):
        text += right if stand_close(before, right) else f" {right}"
    return text


def columns(text: str) -> int:
    """Return how many letters' width a text takes: a Chinese or Korean sign, or an emoji, that of two."""
    return sum(2 if unicodedata.east_asian_width(sign) in {"F", "W"} else 1 for sign in text)


def stand_close(before: str, right: str) -> bool:
    """Return whether no space is written between two words, neither of them empty."""
    sides = (_edge(reversed(before)), _edge(right))
    if any(_within(sign, _EAST_ASIAN) for sign in sides):
        return all(_within(sign, _EAST_ASIAN) or sign.isdecimal() for sign in sides)
    return all(_within(sign, _SOUTH_EAST_ASIAN) for sign in sides)


def language_of_script(text: str) -> str:
    """Return the language of a text as its signs alone tell it, "" where many languages are written so."""
    letters = [sign for sign in text if sign.isalpha()]
    for code, ranges in _LANGUAGES.items():
        if sum(_within(sign, ranges) for sign in letters) > _SHARE * len(letters):
            return code
    return ""


def _edge(signs: Iterable[str]) -> str:
    """Return the first sign that is more than a mark or a format character upon another, or a blank."""
    return next((sign for sign in signs if unicodedata.category(sign) not in {"Mn", "Me", "Cf"}), " ")


def _within(sign: str, ranges: _Ranges) -> bool:
    return any(first <= ord(sign) <= last for first, last in ranges)
