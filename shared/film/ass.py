"""Captions as an ASS document for one scene: which letters can be drawn, how large, where, and when.

Pure functions, touches nothing; sizes are pixels of the frame, one em is the font's own unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from shared.film.captions import CaptionLine
from shared.film.plan import Word
from shared.film.running_text import join_texts, stand_close
from shared.film.word_times import READ_OF_WORD

Size = tuple[int, int]
BOTTOM = 0.20
SIDE = 0.12
HIGHLIGHT_PERCENT = 106
WHITE = "&HFFFFFF&"
YELLOW = "&H00E6FF&"
NO_GLYPHS = "captions were not burnt in: the bundled fonts have no glyphs for this script"
SOME_MISSING = "some words are missing from the burnt-in captions: the bundled fonts have no glyphs for them"
# The em in pixels, by caption mode, for an upright and for a lying frame, whose shorter side has this many pixels.
_SHORT_SIDE = 720
_EM = {"words": (60, 52), "lines": (46, 44)}
_NARROW = frozenset(" '\".,:;!|()[]/-`ijlftrIJ’‘·")
_WIDE = frozenset("mwMWNOQ@%&…ШЩЖЮФМшщжюфм")


@dataclass(frozen=True)
class Face:
    """A bundled font: its full name, its line height in em (ASS sizes are line heights), what it covers."""

    name: str
    line_height: float
    ranges: tuple[tuple[int, int], ...]


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
_HEADER = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Caption,{font},{size},&H00FFFFFF,&H00FFFFFF,&H00101010,&H80000000,0,0,0,0,100,100,0,0,1,{outline},2,2,\
{side},{side},{bottom},-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def drawable(words: Sequence[Word]) -> tuple[list[Word], str]:
    """Return the words with only what the bundled fonts can draw, and what a person must know about the rest.

    The words are none when most of their letters have no glyph; the message is empty when nothing is lost.
    """
    read = [word.text[:READ_OF_WORD] for word in words]
    signs = [sign for text in read for sign in text if sign.isalnum()]
    missing = sum(_face(sign) is None for sign in signs)
    if signs and missing * 2 > len(signs):
        return [], NO_GLYPHS
    texts = ["".join(sign for sign in text if _face(sign) or _joins(sign)) for text in read]
    drawable_words = [
        word.model_copy(update={"text": text}) for word, text in zip(words, texts, strict=True) if text.strip()
    ]
    return drawable_words, SOME_MISSING if missing else ""


def document(lines: Sequence[CaptionLine], *, start: float, end: float, size: Size, mode: str) -> str:
    """Return the captions of one scene, which runs from `start` to `end` seconds of the film.

    `mode` is "words" (an event a word, the spoken one highlighted) or "lines" (an event a line). A caption that
    crosses a cut is in both scenes, each with its part.
    """
    width, height = size
    em = round(_EM[mode][width > height] * min(size) / _SHORT_SIDE)
    room = width * (1 - 2 * SIDE) / em
    header = _HEADER.format(
        width=width,
        height=height,
        font=LATIN.name,
        size=round(em * LATIN.line_height),
        outline=round(em / 12),
        side=round(width * SIDE),
        bottom=round(height * BOTTOM),
    )
    events = (
        f"Dialogue: 0,{_clock(first)},{_clock(last)},Caption,,0,0,0,,{_text(line, current, em, room)}\n"
        for line in lines
        for current, first, last in _moments(line, mode, start, end)
    )
    return header + "".join(events)


def _moments(line: CaptionLine, mode: str, start: float, end: float) -> Iterator[tuple[int, int, int]]:
    """Yield (index of the highlighted word or -1, first, last) in centiseconds of the scene, empty ones left out."""
    marks = [line.start, *(word.start for word in line.words[1:]), line.end] if mode == "words" else []
    spans = list(pairwise(marks)) or [(line.start, line.end)]
    for index, (begins, ends) in enumerate(spans):
        first, last = (_centiseconds(time, start, end) for time in (begins, ends))
        if last > first:
            yield (index if mode == "words" else -1), first, last


def _centiseconds(time: float, start: float, end: float) -> int:
    return round((min(max(time, start), end) - start) * 100)


def _text(line: CaptionLine, current: int, em: int, room: float) -> str:
    texts = [word.text for word in line.words]
    rows = _rows(texts, room)
    widest = max(_width(join_texts([texts[at] for at in row])) for row in rows)
    size = round(em * min(1.0, room / widest), 1)
    return r"\N".join(_row(texts, row, current, size) for row in rows)


def _rows(texts: Sequence[str], room: float) -> list[range]:
    """Return the words as one row, or as the two most even ones when one would be wider than `room` em."""
    whole = range(len(texts))
    if len(texts) == 1 or _width(join_texts(texts)) <= room:
        return [whole]
    cut = min(whole[1:], key=lambda at: max(_width(join_texts(texts[:at])), _width(join_texts(texts[at:]))))
    return [whole[:cut], whole[cut:]]


def _row(texts: Sequence[str], row: range, current: int, em: float) -> str:
    # A hair of a space as tall as the highlight keeps the rows from jumping when the highlight moves between them.
    text = rf"{{\fs{em * LATIN.line_height:.0f}\bord{em / 12:.1f}\fscx1\fscy{HIGHLIGHT_PERCENT}}}\h{{\fscx100\fscy100}}"
    for at in row:
        gap = "" if at == row[0] or stand_close(texts[at - 1], texts[at]) else " "
        text_with_faces = _with_faces(texts[at], em)
        text += gap + (_highlight(text_with_faces) if at == current else text_with_faces)
    return text


def _highlight(text: str) -> str:
    scale = rf"\fscx{HIGHLIGHT_PERCENT}\fscy{HIGHLIGHT_PERCENT}"
    return rf"{{\c{YELLOW}{scale}}}{text}{{\c{WHITE}\fscx100\fscy100}}"


def _with_faces(text: str, em: float) -> str:
    """Return `text` with each script in its own face; an ASS size is a line height, so it changes with the face."""
    faces: list[Face] = []
    for sign in text:
        faces.append(faces[-1] if faces and _joins(sign) else _face(sign) or LATIN)
    out = ""
    for face, run in groupby(zip(faces, text, strict=True), key=lambda pair: pair[0]):
        part = "".join(sign for _, sign in run)
        out += part if face is LATIN else _switch(face, em) + part + _switch(LATIN, em)
    return out


def _switch(face: Face, em: float) -> str:
    return rf"{{\fn{face.name}\fs{em * face.line_height:.0f}}}"


@lru_cache(maxsize=4096)
def _face(sign: str) -> Face | None:
    code = ord(sign)
    return next((face for face in FACES if any(first <= code <= last for first, last in face.ranges)), None)


def _joins(sign: str) -> bool:
    return sign in "\u200c\u200d" or unicodedata.category(sign) in {"Mn", "Mc"}


def _width(text: str) -> float:
    """Return about how wide `text` is, in em, measured on the Latin face and rounded up for the others."""
    return sum(_advance(sign) for sign in text) or 1.0


def _advance(sign: str) -> float:
    if unicodedata.category(sign) in {"Mn", "Cf"}:
        return 0.0
    if sign in _NARROW:
        return 0.40
    return 0.95 if sign in _WIDE else 0.74 if sign.isupper() else 0.63


def _clock(centiseconds: int) -> str:
    seconds, rest = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"
