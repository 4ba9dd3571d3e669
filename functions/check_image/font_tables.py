"""What a font's file may hold before a parser takes it at its word: few tables that share nothing, and few codes.

Values only; touches nothing. A code is a sign's number in Unicode; lengths are bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

from shared.errors import UnsupportedMedia

_FONTS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_PACKED = (b"wOFF", b"wOF2")
_COLLECTION = b"ttcf"
_MOST_TABLES = 64
_MOST_NAMES = 1000
_MOST_MAPS = 64
# Of all maps together: four that name every sign.
_MOST_CODES = 4 * 0x110000
_DEEPEST = 8
_MOST_PARTS = 512
_NEEDED = (b"head", b"hhea", b"hmtx", b"maxp", b"cmap", b"name", b"OS/2")
_OUTLINES = (b"glyf", b"CFF ")
_DAMAGED = "The font is damaged, or its end is missing."


def require_bounded(content: bytes) -> None:
    """Raise UnsupportedMedia unless it is a TTF or OTF font that cannot grow to more than it is when it is read."""
    _require_font(content[:4])
    try:
        tables = dict(_tables(content))
        if sum(len(table) for table in tables.values()) > len(content):
            raise UnsupportedMedia(_DAMAGED)
        if not all(tag in tables for tag in _NEEDED):
            raise UnsupportedMedia("The font lacks a part that captions need: it is damaged, or of an old kind.")
        if not any(tag in tables for tag in _OUTLINES):
            raise UnsupportedMedia("The font's letters have no outlines that can be drawn.")
        if struct.unpack_from(">H", tables[b"name"], 2)[0] > _MOST_NAMES:
            raise UnsupportedMedia(_DAMAGED)
        if sum(_codes(tables[b"cmap"])) > _MOST_CODES:
            raise UnsupportedMedia("The font says that it has more signs than there are.")
    except struct.error as error:
        raise UnsupportedMedia(_DAMAGED) from error


def require_few_parts(glyphs: Any, names: Sequence[str]) -> None:
    """Raise UnsupportedMedia when a letter is made of others that are made of others, and so on, without a sane end."""
    sizes: dict[str, int] = {}
    for name in names:
        if _parts(glyphs, name, sizes, 0) > _MOST_PARTS:
            raise UnsupportedMedia("The font's letters are made of too many parts.")


def _parts(glyphs: Any, name: str, sizes: dict[str, int], depth: int) -> int:
    if depth > _DEEPEST:
        raise UnsupportedMedia("The font's letters are made of too many parts.")
    if name not in sizes:
        # As it is stored: to unpack all outlines of a large font takes minutes.
        parts: list[str] = glyphs.glyphs[name].getComponentNames(glyphs)
        sizes[name] = 1 + sum(_parts(glyphs, part, sizes, depth + 1) for part in parts)
    return sizes[name]


def _require_font(head: bytes) -> None:
    if not head:
        raise UnsupportedMedia("The file is empty.")
    if head in _PACKED:
        raise UnsupportedMedia("The font is packed for web pages; upload it as a TTF or OTF file.")
    if head == _COLLECTION:
        raise UnsupportedMedia("The file holds several fonts; upload one of them as a TTF or OTF file.")
    if head not in _FONTS:
        raise UnsupportedMedia("The file is no TTF or OTF font.")


def _tables(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    (count,) = struct.unpack_from(">H", content, 4)
    if not 0 < count <= _MOST_TABLES:
        raise UnsupportedMedia(_DAMAGED)
    for index in range(count):
        tag, _, start, length = struct.unpack_from(">4sLLL", content, 12 + 16 * index)
        if start + length > len(content):
            raise UnsupportedMedia(_DAMAGED)
        yield tag, content[start : start + length]


def _codes(table: bytes) -> Iterator[int]:
    """Yield how many codes each map says that it has, whatever of them is true."""
    (count,) = struct.unpack_from(">H", table, 2)
    if count > _MOST_MAPS:
        raise UnsupportedMedia(_DAMAGED)
    for index in range(count):
        (start,) = struct.unpack_from(">L", table, 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", table, start)
        if kind == 4:  # noqa: PLR2004  as OpenType numbers them
            segments = struct.unpack_from(">H", table, start + 6)[0] // 2
            ends = struct.unpack_from(f">{segments}H", table, start + 14)
            starts = struct.unpack_from(f">{segments}H", table, start + 16 + 2 * segments)
        elif kind in (8, 12, 13):
            at = start + (12 if kind != 8 else 8204)  # noqa: PLR2004
            (groups,) = struct.unpack_from(">L", table, at)
            values = struct.unpack_from(f">{3 * groups}L", table, at + 4)
            starts = values[::3]
            ends = values[1::3]
        else:
            continue
        yield sum(max(0, end - start + 1) for start, end in zip(starts, ends, strict=True))
