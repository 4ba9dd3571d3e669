"""Hold the few painting moves that every layer is made of.

Touches memory only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

RGB = tuple[int, int, int]
Point = tuple[float, float]

# Shapes are drawn at twice their size and shrunk: Pillow itself does not smooth edges.
SS = 2
# A layer is this much wider than the picture, in pixels, which is the room for its drift.
MARGIN = 240


@dataclass(frozen=True)
class Canvas:
    """The size in pixels that pictures are painted at; plans are measured in 1280ths of its height."""

    width: int
    height: int

    @property
    def unit(self) -> float:
        """Pixels for one planned unit of height."""
        return self.height / 1280

    @property
    def wide(self) -> int:
        """The width of a layer that drifts."""
        return self.width + MARGIN

    @property
    def horizon(self) -> int:
        """Where land begins, in pixels from the top."""
        return int(self.height * 0.60)


@dataclass(frozen=True)
class Layer:
    """A picture at a place, with its drift to the right and upwards in pixels per frame."""

    image: Image.Image
    x: int = 0
    y: int = 0
    drift: float = 0.0
    rise: int = 0


def rgb(text: str) -> RGB:
    """Return the colour of `#rrggbb`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(colour: RGB, other: RGB, share: float) -> RGB:
    """Return `colour` with `share` (0..1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def gradient(stops: Sequence[RGB], width: int, height: int) -> Image.Image:
    """Return a vertical gradient through the stops, top to bottom, eased between them."""
    column = Image.new("RGB", (1, 256))
    for y in range(256):
        place = y / 255 * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        share = place - index
        column.putpixel((0, y), mix(stops[index], stops[index + 1], share * share * (3 - 2 * share)))
    # Smooth downwards only: sideways it is one colour, and filtering that would cost the most.
    column = column.resize((1, height), Image.Resampling.BICUBIC)
    return column.resize((width, height), Image.Resampling.NEAREST)


def ramp(levels: Sequence[int], width: int, height: int, strength: float) -> Image.Image:
    """Return a vertical mask through the levels (0..255), times `strength`."""
    mask = gradient([(level, level, level) for level in levels], width, height).convert("L")
    return mask.point([int(value * strength) for value in range(256)])


def glow(picture: Image.Image, centre: tuple[int, int], radius: int, colour: RGB, strength: float) -> Image.Image:
    """Return the picture with a soft round light on it."""
    fall = [int(255 * strength * max(0.0, 1 - value / 181) ** 2) for value in range(256)]
    size = (2 * radius, 2 * radius)
    mask = Image.radial_gradient("L").resize(size, Image.Resampling.BICUBIC).point(fall)
    light = Image.new("RGB", picture.size)
    light.paste(Image.new("RGB", size, colour), (centre[0] - radius, centre[1] - radius), mask)
    return ImageChops.screen(picture, light)


def tint(mask: Image.Image, colour: RGB) -> Image.Image:
    """Return one colour, as opaque as the mask says."""
    picture = Image.new("RGBA", mask.size, colour)
    picture.putalpha(mask)
    return picture


def mask_of(shapes: Sequence[Sequence[Point]], width: int, height: int, level: int = 255) -> Image.Image:
    """Return a smooth mask of filled polygons."""
    mask = Image.new("L", (width * SS, height * SS))
    draw = ImageDraw.Draw(mask)
    for shape in shapes:
        draw.polygon([(x * SS, y * SS) for x, y in shape], fill=level)
    return mask.reduce(SS)


def under(line: Sequence[Point], width: int, height: int) -> list[Point]:
    """Return the polygon between a line and the lower edge."""
    return [*line, (width, line[-1][1]), (width, height), (0, height)]
