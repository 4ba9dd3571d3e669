"""A user's font, looked into within bounds and stored anew: its outlines and what lays them out, under a name of ours.

Reads and writes files in a folder that it is given; fontTools and FreeType read files that may be hostile.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

from fontTools.fontBuilder import FontBuilder  # pyright: ignore[reportMissingTypeStubs]
from fontTools.ttLib import TTFont, TTLibError  # pyright: ignore[reportMissingTypeStubs]
from PIL import ImageFont

from functions.check_image import font_tables
from shared.brand import own_keys
from shared.captions.face import Advances, Face, Ranges
from shared.captions.faces import NARROW, WIDE
from shared.captions.own_face import FACE, own_name
from shared.errors import UnsupportedMedia

# What fontTools raises for files that are damaged, or made to be.
_BROKEN = (
    *(TTLibError, OSError, ValueError, EOFError, struct.error, LookupError, TypeError, AttributeError, AssertionError),
    *(OverflowError, ZeroDivisionError, MemoryError, RuntimeError),
)
# What is stored: what draws letters and lays them out. Hints of how to fit them to few pixels are no part of it, nor
# colours, nor what makes one font of many weights: such a font is what it is when nobody asks for a weight.
_TAGS = "head hhea hmtx maxp OS/2 cmap name post glyf loca CFF GDEF GSUB GPOS kern"
_STORED = frozenset(tag.ljust(4) for tag in _TAGS.split())
_NAMES = {"copyright": 0, "trademark": 7, "licenseDescription": 13, "licenseInfoURL": 14}
_LONGEST_NAME = 2000
_FAMILY = (16, 1)
_LONGEST_FAMILY = 80
# OS/2's fsType: the licence allows no embedding at all, some, or that of bitmaps only.
_RESTRICTED = 0x0002
_LESS_RESTRICTED = 0x000C
_BITMAPS_ONLY = 0x0200
_LEAST_UNITS = 16
_MOST_UNITS = 16384
# In em: no font has other lines, nor letters that are as wide.
_LINES = (0.5, 4.0)
_WIDEST = 4.0
_PIXELS = 64
_SEEN = "AaGgQq08"


@dataclass(frozen=True)
class OwnFont:
    """A font as it is stored: its file, that of what captions must know of it, and what its family is called."""

    file: Path
    face_file: Path
    family: str


def plain_font(upload: Path, folder: Path, font_id: str) -> OwnFont:
    """Return the font in `upload` as it is stored under its id, in `folder`.

    Raises UnsupportedMedia when it is none, damaged, may not be embedded, or lacks letters of basic Latin.
    """
    content = upload.read_bytes()
    font_tables.require_bounded(content)
    file = folder / own_keys.FONT_FILE
    try:
        with TTFont(upload, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
            family, face = _store(font, file, own_name(font_id))
    except UnsupportedMedia:
        raise
    except _BROKEN as error:
        raise UnsupportedMedia("The font is damaged, or its end is missing.") from error
    _require_drawn(file)
    face_file = folder / own_keys.FACE_FILE
    face_file.write_bytes(FACE.dump_json(face))
    return OwnFont(file, face_file, family)


def _store(font: TTFont, file: Path, name: str) -> tuple[str, Face]:
    """Write the font under the name, and return what its family was called, and what captions must know of it."""
    # Of ours: those that the file has for its glyphs need not be one for each.
    font.setGlyphOrder([f"g{index:05d}" for index in range(_table(font, "maxp").numGlyphs)])
    _require_licence(_table(font, "OS/2").fsType)
    glyphs = _glyphs(font)
    face = Face(name, _line_height(font), _ranges(sorted(glyphs)), _advances(font, glyphs))
    if "glyf" in font:
        font_tables.require_few_parts(_table(font, "glyf"), font.getGlyphOrder())
    family = next((text for number in _FAMILY if (text := _name(font, number))), "")[:_LONGEST_FAMILY]
    notices = {key: text for key, number in _NAMES.items() if (text := _name(font, number))}
    for tag in {*font.keys()} - _STORED - {"GlyphOrder"}:
        del font[tag]
    builder: Any = FontBuilder(font=font)
    builder.setupCharacterMap(glyphs)
    file_name = name.replace(" ", "-")
    names = {"familyName": name, "styleName": "Regular", "uniqueFontIdentifier": name, "fullName": name}
    builder.setupNameTable({**names, "psName": file_name, **notices})
    builder.setupPost(keepGlyphNames=False)
    font.save(file)
    return family, face


def _table(font: TTFont, tag: str) -> Any:
    return font[tag]


def _name(font: TTFont, number: int) -> str:
    text = str(_table(font, "name").getDebugName(number) or "")
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST_NAME].strip()


def _require_licence(embedding: int) -> None:
    is_restricted = embedding & _RESTRICTED and not embedding & _LESS_RESTRICTED
    if is_restricted or embedding & _BITMAPS_ONLY:
        raise UnsupportedMedia("The font's licence does not let it be embedded; choose one that may be.")


def _glyphs(font: TTFont) -> dict[int, str]:
    """Return the names of the glyphs by their signs' codes; raise UnsupportedMedia when basic Latin is not whole."""
    order: list[str] = font.getGlyphOrder()
    every: Mapping[int, str] = font.getBestCmap() or {}
    names = {*order[1:]}
    glyphs = {code: name for code, name in every.items() if code >= ord(" ") and name in names}
    missing = [sign for sign in ascii_letters + digits if ord(sign) not in glyphs]
    if missing:
        raise UnsupportedMedia(f"The font has no {missing[0]}; captions need all of A to Z, a to z and 0 to 9.")
    return glyphs


def _line_height(font: TTFont) -> float:
    """Return the height of a line in em, as libass measures it; raise UnsupportedMedia when it is none."""
    units: int = _table(font, "head").unitsPerEm
    if not _LEAST_UNITS <= units <= _MOST_UNITS:
        raise UnsupportedMedia("The font's measures are wrong.")
    metrics = _table(font, "OS/2")
    height = (metrics.usWinAscent + metrics.usWinDescent) / units
    least, most = _LINES
    if not least <= height <= most:
        raise UnsupportedMedia("The font's measures are wrong.")
    return round(height, 3)


def _ranges(codes: Sequence[int]) -> Ranges:
    starts = [code for code, before in zip(codes, (-1, *codes), strict=False) if code != before + 1 or before < 0]
    ends = [code for code, after in zip(codes, (*codes[1:], -1), strict=True) if after != code + 1]
    return tuple(zip(starts, ends, strict=True))


def _advances(font: TTFont, glyphs: Mapping[int, str]) -> Advances:
    """Return how far the letters of each kind carry a line on; raise UnsupportedMedia for letters that are too wide."""
    units: int = _table(font, "head").unitsPerEm
    metrics = _table(font, "hmtx")
    signs = [chr(code) for code in range(0x20, 0x7F) if code in glyphs]
    widths = {sign: metrics[glyphs[ord(sign)]][0] / units for sign in signs}
    if max(widths.values()) > _WIDEST:
        raise UnsupportedMedia("The font's measures are wrong.")
    plain_signs = [sign for sign in signs if sign not in NARROW | WIDE]

    def widest(those: Sequence[str]) -> float:
        return round(max(widths[sign] for sign in those), 3)

    return Advances(
        narrow=widest([sign for sign in signs if sign in NARROW]),
        wide=widest([sign for sign in signs if sign in WIDE]),
        upper=widest([sign for sign in plain_signs if sign.isupper()]),
        lower=widest([sign for sign in plain_signs if not sign.isupper()]),
    )


def _require_drawn(file: Path) -> None:
    """Raise UnsupportedMedia unless FreeType, which draws captions, has an outline of a likely size for letters."""
    try:
        font = ImageFont.truetype(file, _PIXELS, layout_engine=ImageFont.Layout.BASIC)
        boxes = [font.getbbox(sign) for sign in _SEEN]
    except (OSError, ValueError) as error:
        raise UnsupportedMedia("The font is damaged, or its end is missing.") from error
    most = _WIDEST * _PIXELS
    if any(not (0 < right - left < most and 0 < bottom - top < most) for left, top, right, bottom in boxes):
        raise UnsupportedMedia("The font's letters have no outlines that can be drawn.")
