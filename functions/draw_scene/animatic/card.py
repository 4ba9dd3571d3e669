"""Set the storyboard card (that it is a preview, which scene, what it shows) as an ASS subtitle script.

Touches nothing.
"""

from __future__ import annotations

import math
from string import Template
from typing import NamedTuple

from functions.draw_scene.animatic.paint import Canvas

EDGE = 56
TAG_SIZE = 24
# The card ends this far from the top, so that captions and picture keep the rest.
LOWEST = 300
MEASURE = 608
# Letter sizes for the scene text, largest first; the first that fits is used.
SIZES = (46, 42, 38, 34, 30, 26)
LEADING = 1.05

_SCRIPT = Template("""[Script Info]
ScriptType: v4.00+
PlayResX: $width
PlayResY: $height
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, \
MarginV, Encoding
Style: Tag,Lato,$tag_size,&H00FFFFFF,&H00FFFFFF,&H00000000,&H96000000,1,0,0,0,100,100,3,0,1,0,1,7,56,56,0,1
Style: Body,$font,46,&H00FFFFFF,&H00FFFFFF,&H60000000,&H78000000,0,0,0,0,100,100,0,0,1,0,2,7,56,$right,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
$events
""")


class Card(NamedTuple):
    """What is written: `left` and `right` of the head line, `body` under it, in `font`, on `accent` (`#rrggbb`).

    `largest` is the size of its letters in pixels at most; `marks` are drawn on the picture, as texts of ASS;
    `pale` is how transparent the right of the head line is, from 00 to FF.
    """

    left: str
    right: str
    body: str
    font: str
    letters: float
    accent: str
    bar: int
    largest: int = SIZES[0]
    marks: tuple[str, ...] = ()
    pale: str = "50"


def heading(scene: int, scenes: int) -> str:
    """Return the left of the head line: the place in the film where it is known."""
    if not scene:
        return "STORYBOARD"
    total = rf"{{\c&HFFFFFF&\alpha&H50&}}  /  {scenes:02d}" if scenes else ""
    return f"SCENE {scene:02d}{total}"


def script(card: Card, canvas: Canvas, seconds: float) -> str:
    """Return the whole ASS script for a clip of this length."""
    measure = min(canvas.width - 2 * EDGE, int(MEASURE * 1.4))
    return _SCRIPT.substitute(
        width=canvas.width,
        height=canvas.height,
        tag_size=TAG_SIZE,
        font=card.font,
        right=canvas.width - EDGE - measure,
        events="\n".join(_events(card, canvas, seconds, measure)),
    )


def _events(card: Card, canvas: Canvas, seconds: float, measure: int) -> list[str]:
    top = (56 if canvas.height > canvas.width else 30) + int(card.bar * canvas.unit) // 2
    right = canvas.width - EDGE
    rule = top + 40
    body = top + 58
    accent = _colour(card.accent)
    size = _size(card, measure, LOWEST * max(canvas.unit, 0.7) - body)
    moves = rf"{{\an7\move({EDGE},{body + 14},{EDGE},{body},0,500)\fad(500,0)\fs{size}}}"
    grow = rf"\clip(0,0,{EDGE},{canvas.height})\t(0,900,\clip(0,0,{EDGE + 104},{canvas.height}))"
    long = canvas.width - 2 * EDGE
    lines = (
        ("Tag", rf"{{\an7\pos({EDGE},{top})\fad(350,0)\c{accent}}}{card.left}"),
        ("Tag", rf"{{\an9\pos({right},{top})\fad(350,0)\alpha&H{card.pale}&}}{card.right}"),
        ("Tag", rf"{{\an7\pos({EDGE},{rule})\p1\bord0\shad0\c{accent}{grow}}}m 0 0 l 104 0 104 5 0 5{{\p0}}"),
        ("Tag", rf"{{\an7\pos({EDGE},{rule + 2})\p1\bord0\shad0\alpha&HC0&}}m 0 0 l {long} 0 {long} 1 0 1{{\p0}}"),
        ("Body", f"{moves}{_plain(card.body)}"),
        *(("Tag", mark) for mark in card.marks),
    )
    return [f"Dialogue: 0,0:00:00.00,{_time(seconds)},{style},,0,0,0,,{text}" for style, text in lines]


def _size(card: Card, measure: int, room: float) -> int:
    """Return the largest letter size, in pixels, whose lines fit the room below the head line."""
    for size in (size for size in SIZES if size <= card.largest):
        # Words do not fill their lines, so some room is lost.
        lines = math.ceil(len(card.body) * card.letters * size * 1.12 / measure)
        if lines * size * LEADING <= room:
            return size
    return SIZES[-1]


def _colour(text: str) -> str:
    return f"&H{text[5:7]}{text[3:5]}{text[1:3]}&".upper()


def _plain(text: str) -> str:
    # Braces and backslashes would be read as commands.
    return text.replace("{", "(").replace("}", ")").replace("\\", "/")


def _time(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"0:{int(minutes):02d}:{rest:05.2f}"
