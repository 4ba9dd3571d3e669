"""A font, as captions know it. Values only, touches nothing."""

from __future__ import annotations

from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]


def ranges(text: str) -> Ranges:
    """Return the ranges that are written in hexadecimal, a single sign without a hyphen."""
    pairs = (part.partition("-") for part in text.split())
    return tuple((int(first, 16), int(last or first, 16)) for first, _, last in pairs)


@dataclass(frozen=True)
class Advances:
    """How far the letters of a kind carry a line on, in em, at most or nearly so."""

    narrow: float
    wide: float
    upper: float
    lower: float


BROAD = Advances(narrow=0.40, wide=0.95, upper=0.74, lower=0.63)


@dataclass(frozen=True)
class Face:
    """A font: its full name, its line height in em (ASS sizes are line heights), what it covers."""

    name: str
    line_height: float
    ranges: Ranges
    advances: Advances = BROAD

    @property
    def file(self) -> str:
        """The name of its file: NotoSansThai-ExtraBold.ttf for Noto Sans Thai ExtraBold."""
        *family, weight = self.name.split()
        return f"{''.join(family)}-{weight}.ttf"

    def covers(self, sign: str) -> bool:
        """Return whether the font has a glyph for a sign."""
        code = ord(sign)
        return any(first <= code <= last for first, last in self.ranges)
