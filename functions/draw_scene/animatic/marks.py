"""Draw how the camera moves, as storyboards do: an arrow, or the frame that it closes in on, in ASS's own language.

Touches nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from functions.draw_scene.animatic.paint import Canvas
from shared.film.camerawork import Move

# In pixels: half an arrow's length and thickness, the sides of its head, and of the corners of a frame.
LONG = 150
THICK = 9
HEAD = 40
CORNER = 52
STROKE = 6
# How many times farther from the middle than a corner its arrow stands.
FARTHER = 1.34
# The size of an arrow beside a corner, in percent.
SHORT = 42


class Room(NamedTuple):
    """Where marks stand between card and captions, in shares of the picture's sides: heights, and half a frame."""

    middle: float
    low: float
    half_width: float
    half_height: float


ROOMS = {False: Room(0.45, 0.61, 0.26, 0.115), True: Room(0.375, 0.5, 0.15, 0.115)}

_CORNERS = ((-1, -1), (1, -1), (-1, 1), (1, 1))
_NECK = LONG - HEAD
_SHAFT = (
    f"m {-LONG} -2 l {_NECK} {-THICK} {_NECK} {-HEAD // 2 - THICK} {LONG} 0 {_NECK} {HEAD // 2 + THICK} "
    f"{_NECK} {THICK} {-LONG} 2"
)
# Half an ellipse that swings to the right in front of the subject.
_SWING = "m -170 -34 b -170 34 60 62 128 12 l 108 -14 176 -30 162 40 142 26 b 60 92 -176 66 -176 -34"
_LOOK = r"\bord2\shad0\c&HFFFFFF&\3c&H201810&\alpha&H14&\3a&H70&"


def marks(move: Move, canvas: Canvas) -> list[str]:
    """Return what shows the move, each a text that ASS draws."""
    painter = _PAINTERS.get(move)
    return painter(canvas) if painter else []


def _shape(points: str, place: tuple[float, float], turn: float = 0, percent: int = 100) -> str:
    """Return points as they are drawn at a place, turned counter-clockwise by so many degrees."""
    x, y = (round(value) for value in place)
    where = rf"\an7\pos({x},{y})\org({x},{y})\frz{turn:.0f}\fscx{percent}\fscy{percent}\fad(400,0)"
    return rf"{{{where}{_LOOK}\p1}}{points}{{\p0}}"


def _room(canvas: Canvas) -> Room:
    return ROOMS[canvas.width > canvas.height]


def _level(turn: int) -> Callable[[Canvas], list[str]]:
    return lambda canvas: [_shape(_SHAFT, (canvas.width / 2, canvas.height * _room(canvas).low), turn)]


def _upright(turn: int) -> Callable[[Canvas], list[str]]:
    return lambda canvas: [_shape(_SHAFT, (canvas.width * 0.88, canvas.height * _room(canvas).middle), turn)]


def _swinging(canvas: Canvas) -> list[str]:
    return [_shape(_SWING, (canvas.width / 2, canvas.height * _room(canvas).low))]


def _frame(*, inwards: bool) -> Callable[[Canvas], list[str]]:
    return lambda canvas: [shape for corner in _CORNERS for shape in _corner(canvas, *corner, inwards=inwards)]


def _corner(canvas: Canvas, right: int, down: int, *, inwards: bool) -> list[str]:
    """Return a corner of the frame, and the arrow that points at it or away from it."""
    room = _room(canvas)
    across = right * room.half_width * canvas.width
    along = down * room.half_height * canvas.height
    middle = (canvas.width / 2, canvas.height * room.middle)
    place, beside = ((middle[0] + across * far, middle[1] + along * far) for far in (1, FARTHER))
    long = (-right * CORNER, -down * CORNER)
    thin = (-right * STROKE, -down * STROKE)
    points = f"m 0 0 l {long[0]} 0 {long[0]} {thin[1]} {thin[0]} {thin[1]} {thin[0]} {long[1]} 0 {long[1]}"
    turn = math.degrees(math.atan2(-along, across)) + (180 if inwards else 0)
    return [_shape(points, place), _shape(_SHAFT, beside, turn, SHORT)]


_PAINTERS: dict[Move, Callable[[Canvas], list[str]]] = {
    "push in": _frame(inwards=True),
    "pull out": _frame(inwards=False),
    "pan left": _level(180),
    "pan right": _level(0),
    "tilt up": _upright(90),
    "tilt down": _upright(270),
    "orbit": _swinging,
}
