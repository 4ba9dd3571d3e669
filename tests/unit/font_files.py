"""Fonts as their makers write them, small, and with one thing about them wrong: letters are blocks of half an em."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from string import ascii_letters, digits
from typing import Any

from fontTools.fontBuilder import FontBuilder  # pyright: ignore[reportMissingTypeStubs]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # pyright: ignore[reportMissingTypeStubs]

UNITS = 1000
LETTERS = f" {ascii_letters}{digits}.,!?'"
Change = Callable[[Any], object]


def font(change: Change | None = None, letters: str = LETTERS, block: int = 500) -> bytes:
    """Return a font of the letters, each a block, after a change of what its builder has."""
    names = {sign: f"u{ord(sign)}" for sign in letters}
    builder: Any = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(sign): name for sign, name in names.items()})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for sign, name in names.items():
        pen = TTGlyphPen(None)
        if sign != " " and block:
            for index, point in enumerate([(50, 0), (50, 700), (block, 700), (block, 0)]):
                (pen.lineTo if index else pen.moveTo)(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(usWinAscent=800, usWinDescent=200, fsType=0)
    builder.setupNameTable({"familyName": "Acme Blocks", "styleName": "Bold"})
    builder.setupPost()
    if change:
        change(builder)
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def with_table(content: bytes, tag: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """Return the font with other bytes in a table, which lies at its end then."""
    out = bytearray(content)
    for place in _rows(content):
        if content[place : place + 4] == tag:
            start, length = struct.unpack_from(">LL", content, place + 8)
            table = edit(content[start : start + length])
            struct.pack_into(">LL", out, place + 8, len(content), len(table))
            return bytes(out + table)
    raise LookupError(tag)


def with_all_tables_in_one_place(content: bytes) -> bytes:
    """Return the font whose every table is said to be all of the file."""
    out = bytearray(content)
    for place in _rows(content):
        struct.pack_into(">LL", out, place + 8, 0, len(content))
    return bytes(out)


def map_of(first: int, last: int) -> bytes:
    """Return a `cmap` of one group of codes, which is said to be so long."""
    group = struct.pack(">LLL", first, last, 1)
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + struct.pack(">HHLLL", 12, 0, 28, 0, 1) + group


def _rows(content: bytes) -> list[int]:
    (count,) = struct.unpack_from(">H", content, 4)
    return [12 + 16 * index for index in range(count)]
