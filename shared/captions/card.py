"""A line of text over the picture that stands still: the hook, on a card, and the title of a cover, without one.

Pure functions, touches nothing; times are seconds from the start of the film, sizes are pixels of the frame.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shared.captions import ass
from shared.captions.brush import Brush, inline_color, plain_style
from shared.captions.face import Face
from shared.captions.faces import LATIN, face_of, width
from shared.captions.looks import INK, LOOKS, SIZES, WHITE
from shared.captions.phrases import in_capitals, in_phrases
from shared.choices.words import CaptionPosition
from shared.film.plan import Plan, Word
from shared.film.running_text import join_texts, language_of_script
from shared.film.word_times import clean_text

HOOK_SECONDS = 1.0
STYLE = "Card"
# The largest em, in parts of the picture's shorter side, and by how much it is lessened until the text has room.
_EM = 0.088
_LESS = 0.94
# A card's margins and its corners' radius in em.
_MARGIN = (0.55, 0.35)
_RADIUS = 0.3
# Where the text's middle is, by where captions stand, and its greatest height: parts of the picture's height.
_PLACES: Mapping[CaptionPosition, tuple[float, float]] = {
    "bottom": (0.4, 0.34),
    "top": (0.52, 0.34),
    "middle": (0.27, 0.2),
}
_COVER_PLACE = (0.66, 0.3)
# How many outlines an em holds, and from which lightness on a colour is read on dark ground.
_EDGE_IN_EM = 12
_LIGHT = 128
_HEAD_END = "\n[Events]\n"


@dataclass(frozen=True)
class _Lines:
    """The text in rows of one em, each a line high, both in pixels."""

    rows: tuple[str, ...]
    em: float
    line: float

    @property
    def height(self) -> float:
        """How high all rows are."""
        return len(self.rows) * self.line


def hook_events(plan: Plan, start: float, end: float, faces: Collection[Face], own_face: Face | None) -> str:
    """Return the events that show the plan's hook between two times; nothing where it has none, or none is due."""
    style = plan.options.caption_style
    until = min(HOOK_SECONDS, plan.frames / plan.frame_rate)
    times = ass.centiseconds(0, start, end), ass.centiseconds(until, start, end)
    if not style.hook or times[0] >= times[1]:
        return ""
    brush = _brush(plan, own_face)
    middle, height = _PLACES[style.position]
    lines = _lines(plan.publish.hook, plan, brush, height, faces)
    if lines is None:
        return ""
    ground = brush.accent if brush.look.word_box else _contrast(brush.text)
    center = round(plan.size[0] / 2), round(plan.size[1] * middle)
    return _event(times, 2, _plate(lines, brush, center, ground)) + _event(times, 3, _text(lines, brush, center, ""))


def cover_events(plan: Plan, seconds: float, faces: Collection[Face], own_face: Face | None) -> str:
    """Return the events that show the title of the plan's cover for so many seconds; nothing where it has none."""
    brush = _brush(plan, own_face)
    lines = _lines(plan.cover.text, plan, brush, _COVER_PLACE[1], faces)
    if lines is None:
        return ""
    center = round(plan.size[0] / 2), round(plan.size[1] * _COVER_PLACE[0])
    return _event((0, round(seconds * 100)), 3, _text(lines, brush, center, _contrast(brush.text)))


def with_events(document: str, events: str) -> str:
    """Return the document, which has a head, with the events of a card."""
    style = plain_style(STYLE, LATIN, 1, 0)
    return document.replace(_HEAD_END, f"\n{style.rstrip()}{_HEAD_END}", 1) + events


def _brush(plan: Plan, own_face: Face | None) -> Brush:
    mode = plan.options.captions
    look = LOOKS["words" if mode == "none" else mode]
    return Brush(look, plan.options.caption_style, plan.size, own_face=own_face)


def _lines(text: str, plan: Plan, brush: Brush, share: float, faces: Collection[Face]) -> _Lines | None:
    """Return the text in the fewest and most even rows that leave it large and within its height; None for none."""
    language = language_of_script(text) or plan.language_code
    words = in_phrases([Word(text=clean_text(each), start=0, end=0) for each in text.split()], language)
    spelt_words = in_capitals(words, language) if brush.look.is_upper else words
    texts = [word.text for word in ass.drawable(spelt_words, faces, brush.own_face)[0]]
    if not texts:
        return None
    room = plan.size[0] * (1 - 2 * brush.place.side)
    line = max((face_of(sign, brush.face) or brush.face).line_height for text in texts for sign in text)
    em = min(min(plan.size) * _EM * SIZES[plan.options.caption_style.size], room / max(_widths(texts, brush)))
    rows = _rows(texts, room / em, brush)
    while len(rows) * line * em > share * plan.size[1]:
        em *= _LESS
        rows = _rows(texts, room / em, brush)
    return _Lines(rows, em, line * em)


def _rows(texts: Sequence[str], room: float, brush: Brush) -> tuple[str, ...]:
    rows = _filled_rows(texts, room, brush)
    # As narrow as the same number of rows allows, so that none is left with a single word.
    while len(narrower := _filled_rows(texts, room * _LESS, brush)) == len(rows) and max(_widths(texts, brush)) < room:
        room *= _LESS
        rows = narrower
    return rows


def _filled_rows(texts: Sequence[str], room: float, brush: Brush) -> tuple[str, ...]:
    rows = [texts[0]]
    for text in texts[1:]:
        longer = join_texts([rows[-1], text])
        if width(longer, brush.face) <= room:
            rows[-1] = longer
        else:
            rows.append(text)
    return tuple(rows)


def _widths(texts: Sequence[str], brush: Brush) -> list[float]:
    return [width(text, brush.face) for text in texts]


def _text(lines: _Lines, brush: Brush, center: tuple[int, int], edge: str) -> str:
    """Return the text about its middle, with an outline of the colour `edge` unless that is ""."""
    face = brush.face
    sizes = rf"\fn{face.name}\fs{lines.em * face.line_height:.0f}\bord{lines.em / _EDGE_IN_EM if edge else 0:.1f}"
    colors = rf"\c{inline_color(brush.text)}\3c{inline_color(edge or brush.text)}"
    rows = r"\N".join(ass.with_faces(row, lines.em, brush) for row in lines.rows)
    return rf"{{\an5\pos({center[0]},{center[1]}){sizes}{colors}}}{rows}"


def _plate(lines: _Lines, brush: Brush, center: tuple[int, int], color: str) -> str:
    """Return a drawing of the card that the text stands on."""
    half_width = max(_widths(lines.rows, brush)) * lines.em / 2 + _MARGIN[0] * lines.em
    half_height = lines.height / 2 + _MARGIN[1] * lines.em
    x = [round(center[0] + sign * half_width) for sign in (-1, 1)]
    y = [round(center[1] + sign * half_height) for sign in (-1, 1)]
    r = round(_RADIUS * lines.em)
    outline = (
        f"m {x[0] + r} {y[0]} l {x[1] - r} {y[0]} b {x[1]} {y[0]} {x[1]} {y[0]} {x[1]} {y[0] + r} "
        f"l {x[1]} {y[1] - r} b {x[1]} {y[1]} {x[1]} {y[1]} {x[1] - r} {y[1]} "
        f"l {x[0] + r} {y[1]} b {x[0]} {y[1]} {x[0]} {y[1]} {x[0]} {y[1] - r} "
        f"l {x[0]} {y[0] + r} b {x[0]} {y[0]} {x[0]} {y[0]} {x[0] + r} {y[0]}"
    )
    return rf"{{\an7\pos(0,0)\bord0\c{inline_color(color)}\p1}}{outline}{{\p0}}"


def _event(times: tuple[int, int], layer: int, text: str) -> str:
    return f"Dialogue: {layer},{ass.clock(times[0])},{ass.clock(times[1])},{STYLE},,0,0,0,,{text}\n"


def _contrast(color: str) -> str:
    """Return the ground, or the outline, on which a text of the colour is read."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > _LIGHT else WHITE
