"""Paint the inside of a room: a wall with a window cut out, a table, a mug and some books.

Touches memory only.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from functions.draw_scene.animatic.ground import Scenery
from functions.draw_scene.animatic.paint import RGB, SS, Layer, glow, mix

BLACK = (0, 0, 0)


@dataclass(frozen=True)
class RoomPlan:
    """Where things are, in pixels at the size painted: window box, table top, where mug and books may stand."""

    window: tuple[int, int, int, int]
    table: int
    mug: tuple[int, int]
    books: tuple[int, int]


# Rooms by "wider than high": a wide window, and a narrow one on either side.
PLANS = {
    False: (
        RoomPlan((96, 330, 624, 930), 1004, (150, 250), (400, 470)),
        RoomPlan((60, 330, 380, 880), 960, (80, 180), (430, 500)),
        RoomPlan((340, 330, 660, 930), 1040, (420, 500), (80, 150)),
    ),
    True: (
        RoomPlan((330, 222, 950, 560), 604, (390, 480), (720, 800)),
        RoomPlan((120, 222, 620, 540), 584, (180, 280), (820, 900)),
        RoomPlan((660, 222, 1160, 560), 624, (880, 960), (280, 360)),
    ),
}


def paint_room(scenery: Scenery, scene: int) -> Layer:
    """Return the wall in front of the view, with the window's light on it; scene by scene (0: unknown) another room."""
    canvas = scenery.canvas
    plans = PLANS[canvas.width > canvas.height]
    plan = plans[scene % len(plans)] if scene else scenery.rng.choice(plans)
    wall = scenery.land[3]
    picture = Image.new("RGBA", (canvas.width * SS, canvas.height * SS), (*wall, 255))
    draw = ImageDraw.Draw(picture)
    _window(draw, plan, mix(wall, scenery.light, 0.22))
    _rectangle(draw, (0, plan.table + 6, canvas.width, canvas.height), mix(wall, BLACK, 0.35))
    _rectangle(draw, (0, plan.table, canvas.width, plan.table + 12), mix(wall, scenery.light, 0.35))
    _mug(draw, scenery.rng.randrange(*plan.mug), plan.table, mix(scenery.light, scenery.land[1], 0.25))
    covers = (scenery.land[1], scenery.land[0], mix(scenery.light, scenery.land[1], 0.5))
    _books(draw, scenery.rng.randrange(*plan.books), plan.table, covers)
    return Layer(_light(picture.reduce(SS), plan, scenery))


def _light(picture: Image.Image, plan: RoomPlan, scenery: Scenery) -> Image.Image:
    left, top, right, bottom = plan.window
    centre = ((left + right) // 2, (top + bottom) // 2)
    radius = int(640 * scenery.canvas.unit)
    shine = glow(Image.new("RGB", picture.size), centre, radius, scenery.light, 0.35)
    lighter = ImageChops.screen(picture.convert("RGB"), shine)
    lighter.putalpha(picture.getchannel("A"))
    return lighter


def _rectangle(draw: ImageDraw.ImageDraw, box: tuple[float, ...], colour: RGB | tuple[int, ...]) -> None:
    draw.rectangle([value * SS for value in box], fill=colour)


def _round_rectangle(draw: ImageDraw.ImageDraw, box: tuple[float, ...], radius: int, colour: RGB) -> None:
    draw.rounded_rectangle([value * SS for value in box], radius=radius * SS, fill=colour)


def _window(draw: ImageDraw.ImageDraw, plan: RoomPlan, frame: RGB) -> None:
    left, top, right, bottom = plan.window
    middle = (left + right) / 2
    half = (top + bottom) / 2
    _round_rectangle(draw, (left - 26, top - 26, right + 26, bottom + 26), 10, frame)
    for x0, x1 in ((left, middle - 8), (middle + 8, right)):
        for y0, y1 in ((top, half - 8), (half + 8, bottom)):
            _rectangle(draw, (x0, y0, x1, y1), (0, 0, 0, 0))


def _mug(draw: ImageDraw.ImageDraw, x: int, table: int, colour: RGB) -> None:
    _round_rectangle(draw, (x, table - 84, x + 110, table + 4), 16, colour)
    handle = [value * SS for value in (x + 90, table - 68, x + 150, table - 14)]
    draw.arc(handle, -95, 95, fill=colour, width=12 * SS)


def _books(draw: ImageDraw.ImageDraw, x: int, table: int, covers: tuple[RGB, ...]) -> None:
    for index, colour in enumerate(covers):
        left = x - 10 * index % 24
        lower = table + 2 - 26 * index
        _round_rectangle(draw, (left, lower - 24, x + 170 - 8 * index, lower), 5, colour)
