"""Paint the bands of land of a motif, from far to near, with the haze between them.

Touches memory only.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from functions.draw_scene.animatic import shapes
from functions.draw_scene.animatic.motifs import Motif, Strip
from functions.draw_scene.animatic.paint import (
    MARGIN,
    RGB,
    Canvas,
    Layer,
    Point,
    gradient,
    mask_of,
    mix,
    ramp,
    tint,
    under,
)
from functions.draw_scene.animatic.styles import Style

SPEEDS = (0.25, 0.5, 0.75, 1.0)
# The blur of a near band reaches this far below its outline, in pixels.
EDGE = 12
# How many glints of the light fall below it, not anywhere on the water.
BELOW_LIGHT = 0.6


@dataclass(frozen=True)
class Scenery:
    """What every band of one picture shares; colours run from far to near."""

    canvas: Canvas
    style: Style
    haze: RGB
    light: RGB
    land: tuple[RGB, RGB, RGB, RGB]
    orb_x: int
    night: bool
    rng: random.Random


@dataclass(frozen=True)
class Band:
    """One band: its depth (0 far .. 3 near), its foot and height in pixels, and its colour."""

    depth: int
    foot: float
    height: float
    colour: RGB


class Painted(NamedTuple):
    """A band's picture, where it starts, and from where down nothing shows through it (pixels from the top)."""

    image: Image.Image
    top: int
    solid: int


def paint_ground(scenery: Scenery, motif: Motif) -> list[Layer]:
    """Return the layers of land with their mist, from far to near."""
    # A motif with fewer bands than colours leaves out the farthest.
    offset = 1 if len(motif.strips) < len(SPEEDS) else 0
    bands = [_band(scenery, strip, index + offset) for index, strip in enumerate(motif.strips)]
    painters = [PAINTERS[_kind(strip, scenery.style)] for strip in motif.strips]
    pictures = [paint(scenery, band) for paint, band in zip(painters, bands, strict=True)]
    solid_tops = [below.solid for below in pictures[1:]] + [scenery.canvas.height]
    misty = scenery.style.mist and not motif.interior and motif.strips[1].kind != "water"
    layers: list[Layer] = []
    for index, (band, picture) in enumerate(zip(bands, pictures, strict=True)):
        image = _finish(picture.image, scenery.style, index)
        if misty and band is not bands[-1]:
            image = _mist(scenery, band, image, picture.top, index)
        # What nearer land covers would be work for ffmpeg in every frame, and seen by nobody.
        visible_height = max(1, min(image.height, solid_tops[index] + EDGE - picture.top))
        layers.append(Layer(image.crop((0, 0, image.width, visible_height)), -MARGIN, picture.top, SPEEDS[band.depth]))
    return layers


def _kind(strip: Strip, style: Style) -> str:
    return "soft" if style.flat and strip.kind == "ridge" else strip.kind


def _band(scenery: Scenery, strip: Strip, depth: int) -> Band:
    canvas = scenery.canvas
    start = canvas.height if strip.foot < 0 else canvas.horizon
    return Band(depth, start + strip.foot * canvas.unit, strip.height * canvas.unit, scenery.land[depth])


def _haze(scenery: Scenery, band: Band, share: float) -> RGB:
    return mix(band.colour, scenery.haze, share)


def _land(scenery: Scenery, line: list[Point], stops: list[RGB], top: float) -> Painted:
    """Return everything under the line, coloured from `top` down, fading into the haze at its foot."""
    start = max(0, int(top) - 4)
    width = scenery.canvas.wide
    height = scenery.canvas.height - start
    image = gradient(stops, width, height).convert("RGBA")
    image.putalpha(mask_of([under([(x, y - start) for x, y in line], width, height)], width, height))
    lowest = scenery.canvas.height if scenery.style.soft_edge else int(max(y for _, y in line))
    return Painted(image, start, lowest)


def _hill(outline: Callable[[random.Random, int, float, float], list[Point]]) -> Callable[[Scenery, Band], Painted]:
    def paint(scenery: Scenery, band: Band) -> Painted:
        line = outline(scenery.rng, scenery.canvas.wide, band.foot, band.height)
        foot = _haze(scenery, band, 0.35 if band.depth < 2 else 0.0)  # noqa: PLR2004 - only far bands
        return _land(scenery, line, [band.colour, foot], min(y for _, y in line))

    return paint


def _pines(scenery: Scenery, band: Band) -> Painted:
    width = scenery.canvas.wide
    line = shapes.soft(scenery.rng, width, band.foot, band.height * 0.3)
    trees = shapes.pines(scenery.rng, width, line, band.height)
    foot = _haze(scenery, band, 0.15 if band.depth < 3 else 0.0)  # noqa: PLR2004 - all but the nearest
    # The ground between the trunks has their colour: the fading begins below them.
    stops = [band.colour, band.colour, foot]
    land = _land(scenery, line, stops, min(y for tree in trees for _, y in tree))
    mask = mask_of([[(x, y - land.top) for x, y in tree] for tree in trees], width, land.image.height)
    return land._replace(image=Image.alpha_composite(land.image, tint(mask, band.colour)))


def _city(scenery: Scenery, band: Band) -> Painted:
    row = shapes.houses(scenery.rng, scenery.canvas.wide, band.foot, band.height)
    foot = _haze(scenery, band, 0.35 if band.depth < 2 else 0.0)  # noqa: PLR2004 - only far bands
    land = _land(scenery, shapes.roofs(row, band.foot), [band.colour, foot], min(roof for _, roof, _ in row))
    _windows(ImageDraw.Draw(land.image), scenery, band, row, land.top)
    return land


def _windows(draw: ImageDraw.ImageDraw, scenery: Scenery, band: Band, row: list[shapes.House], start: int) -> None:
    window_light = mix(scenery.light, band.colour, 0.15 + 0.18 * (3 - band.depth))
    share = 0.34 if scenery.night or scenery.style.bar else 0.16
    lowest = min(int(band.foot) + 120, scenery.canvas.height)
    for x, roof, breadth in row:
        for y in range(int(roof) + 14, lowest, 22):
            for left in range(int(x) + 9, int(x) + breadth - 10, 17):
                if scenery.rng.random() < share:
                    draw.rectangle([left, y - start, left + 7, y - start + 10], fill=(*window_light, 255))


def _water(scenery: Scenery, band: Band) -> Painted:
    far = (scenery.land[1], 0.35)
    near = mix(scenery.land[2], scenery.land[3], 0.2)
    return _sea(scenery, band, [mix(scenery.haze, *far), near], None)


def _swell(scenery: Scenery, band: Band) -> Painted:
    far = (scenery.land[1], 0.6)
    near = mix(scenery.land[2], scenery.land[3], 0.55)
    crest = shapes.soft(scenery.rng, scenery.canvas.wide, 26, 22, 4)
    return _sea(scenery, band, [mix(scenery.haze, *far), near], crest)


def _sea(scenery: Scenery, band: Band, stops: list[RGB], crest: list[Point] | None) -> Painted:
    start = int(band.foot)
    width = scenery.canvas.wide
    height = scenery.canvas.height - start
    image = gradient(stops, width, height).convert("RGBA")
    if crest:
        image.putalpha(mask_of([under(crest, width, height)], width, height, 190))
    glints = Image.new("RGBA", image.size)
    _glints(ImageDraw.Draw(glints), scenery, width, height)
    # The swell lets the water behind it shine through.
    return Painted(Image.alpha_composite(image, glints), start, scenery.canvas.height if crest else start)


def _glints(draw: ImageDraw.ImageDraw, scenery: Scenery, width: int, height: int) -> None:
    rng = scenery.rng
    for _ in range(150):
        near = rng.random() ** 1.3
        y = int(near * height * 0.8) + 6
        length = int(18 + 110 * near * rng.random())
        under_sun = scenery.orb_x + MARGIN / 2 + rng.gauss(0, 40 + 250 * near)
        x = int(under_sun) if rng.random() < BELOW_LIGHT else rng.randrange(width)
        box = [x, y, x + length, y + 1 + int(3 * near)]
        draw.rounded_rectangle(box, radius=2, fill=(*scenery.light, int(60 + 90 * (1 - near))))


def _finish(image: Image.Image, style: Style, index: int) -> Image.Image:
    """Return the layer as the style's lens or brush would leave it: blurred far and near, or soft at its edges."""
    if style.soft_edge:
        edge = image.getchannel("A").filter(ImageFilter.GaussianBlur(style.soft_edge))
        image.putalpha(edge.point([int(value * 0.93) for value in range(256)]))
    blur = {0: style.far_blur, 1: style.far_blur / 2, 3: style.near_blur}.get(index, 0.0)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def _mist(scenery: Scenery, band: Band, image: Image.Image, start: int, index: int) -> Image.Image:
    height = int(260 * scenery.canvas.unit)
    mask = ramp((0, 255, 0), image.width, height, 0.30 - 0.07 * index)
    top = min(int(band.foot - band.height * 0.25), scenery.canvas.height - height)
    image.alpha_composite(tint(mask, mix(scenery.haze, scenery.light, 0.3)), (0, max(0, top - start)))
    return image


PAINTERS: dict[str, Callable[[Scenery, Band], Painted]] = {
    "ridge": _hill(shapes.ridge),
    "soft": _hill(shapes.soft),
    "pine": _pines,
    "city": _city,
    "water": _water,
    "swell": _swell,
}
