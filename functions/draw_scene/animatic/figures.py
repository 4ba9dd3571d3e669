"""Put the people of a scene into its picture, as silhouettes of the size that the framing gives them.

Touches memory only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from functions.draw_scene.animatic.paint import RGB, SS, Canvas, Layer, Point, mix, tint
from shared.film.camerawork import Framing


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that name somebody, and words that name several.
_SINGLE = _words(
    "man woman person he she boy girl child sailor worker writer farmer teacher doctor nurse baker cook chef driver "
    "artist musician singer player runner traveller traveler hiker mother father sister daughter brother son husband "
    "wife lady gentleman stranger friend neighbour neighbor fisherman scientist engineer student painter captain "
    "soldier king queen widow host guest somebody someone figure"
)
_SEVERAL = _words(
    "people men women friends couple family families crowd crowds they workers sailors children parents sisters "
    "brothers neighbours neighbors guests students players dancers lovers strangers hikers travellers travelers "
    "colleagues team group"
)


_PRONOUNS = _words("he she")
# Words by which somebody's hair is guessed; of anybody else it is drawn by lot.
_HE = _words("man men boy boys he his father fathers brother brothers son sons husband gentleman fisherman king")
_SHE = _words("woman women girl girls she her mother mothers sister sisters daughter wife lady queen maid widow")


class Stature(NamedTuple):
    """How large people are, in shares of the picture's height: a head, and where its top is.

    `apart` is the distance of two, in heads.
    """

    head: float
    top: float
    apart: float


# Whole in a wide shot, to the waist in a medium one, head and shoulders in a close one.
STATURES: dict[Framing, Stature] = {
    "wide": Stature(0.026, 0.475, 2.2),
    "medium": Stature(0.12, 0.40, 2.0),
    "close": Stature(0.185, 0.37, 1.7),
}
# A body in heads: how deep below the top of the head it ends, where the shoulders are widest, and half their width.
TALL = 7.2
NECK = 1.22
BROAD = 2.3
HALF = 0.98
# The sides below: half a width at a depth.
_SIDES = ((3.2, 0.86), (4.0, 0.80), (5.6, 0.66), (TALL, 0.50))
_ROUND = 12


def people_in(words: str) -> int:
    """Return how many people the words of a scene speak of: none, one, or two, who stand for any more."""
    vocabulary = _vocabulary(words)
    # Whoever is called "he" was named before.
    names = (vocabulary & _SINGLE) - _PRONOUNS
    return 2 if vocabulary & _SEVERAL or len(names) > 1 else 1 if vocabulary & _SINGLE else 0


def hair_in(words: str) -> tuple[str, ...]:
    """Return the ways in which the people of a scene may wear their hair."""
    vocabulary = _vocabulary(words)
    he = ("hat", "short") if vocabulary & _HE else ()
    she = ("bun", "long") if vocabulary & _SHE else ()
    return (*he, *she) or tuple(sorted(_HAIR))


def _vocabulary(words: str) -> set[str]:
    return set(re.findall(r"[a-z]+", words.lower()))


def figures(
    canvas: Canvas, framing: Framing, hair: list[str], colours: tuple[RGB, RGB], rng: random.Random
) -> list[Layer]:
    """Return a layer for each person, by the hair; dark with an edge of light (`colours`), and none beside a detail."""
    stature = STATURES.get(framing)
    if stature is None:
        return []
    middle = rng.uniform(0.44, 0.56) * canvas.width
    layers: list[Layer] = []
    for index, style in enumerate(hair):
        head = stature.head * canvas.height * rng.uniform(0.95, 1.05)
        x = middle + (index - (len(hair) - 1) / 2) * stature.apart * stature.head * canvas.height
        # They stand on the same ground, so the smaller one begins lower.
        top = (stature.top + stature.head * TALL) * canvas.height - TALL * head
        mask = _person(canvas, (x, top), head, style, whole=framing == "wide")
        layers.append(_with_light(mask, colours, head))
    return layers


def _with_light(mask: Image.Image, colours: tuple[RGB, RGB], head: float) -> Layer:
    """Return a silhouette with the light of the sky on one of its edges."""
    dark, light = colours
    width = max(1, round(head * 0.03))
    edge = ImageChops.subtract(mask, ImageChops.offset(mask, -width, width)).filter(ImageFilter.GaussianBlur(width / 2))
    picture = tint(mask, dark)
    picture.alpha_composite(tint(edge.point([int(value * 0.7) for value in range(256)]), mix(light, dark, 0.2)))
    picture.putalpha(mask)
    return Layer(picture)


def _person(canvas: Canvas, place: Point, head: float, hair: str, *, whole: bool) -> Image.Image:
    """Return the mask of a person, the top of whose head is at `place`; a head is so many pixels high."""
    mask = Image.new("L", (canvas.width * SS, canvas.height * SS))
    draw = ImageDraw.Draw(mask)
    x, top = (value * SS for value in place)
    size = head * SS

    def box(left: float, upper: float, right: float, lower: float) -> list[float]:
        return [x + left * size, top + upper * size, x + right * size, top + lower * size]

    draw.polygon([(x + across * size, top + down * size) for across, down in _body()], fill=255)
    if whole:
        draw.polygon([(x + across * size, top + down * size) for across, down in _GAP], fill=0)
        # What they stand on, also where the picture has water there.
        draw.pieslice(box(-4.5, TALL - 0.3, 4.5, TALL + 1.2), 180, 360, fill=255)
    draw.rounded_rectangle(box(-0.2, 0.7, 0.2, 1.6), 0.1 * size, fill=255)
    draw.ellipse(box(-0.36, 0, 0.36, 1), fill=255)
    draw.ellipse(box(-0.39, -0.05, 0.39, 0.72), fill=255)
    _HAIR[hair](draw, box, size)
    return mask.reduce(SS)


# Between the legs.
_GAP = ((0.0, 4.3), (0.13, TALL), (-0.13, TALL))


def _body() -> list[Point]:
    """Return the outline of shoulders, trunk and legs, in heads."""
    steps = [step / _ROUND for step in range(_ROUND + 1)]
    shoulders = [(HALF * (1 - (1 - t) ** 2.4) ** (1 / 2.4), NECK + (BROAD - NECK) * t) for t in steps]
    side = [*shoulders, *((half, depth) for depth, half in _SIDES)]
    return [*side, *((-across, down) for across, down in reversed(side))]


Box = Callable[[float, float, float, float], list[float]]


def _short(_draw: ImageDraw.ImageDraw, _box: Box, _size: float) -> None:
    """Add nothing to the hair that everybody has."""


def _long(draw: ImageDraw.ImageDraw, box: Box, size: float) -> None:
    draw.rounded_rectangle(box(-0.45, 0.2, 0.45, 1.1), 0.2 * size, fill=255)


def _bun(draw: ImageDraw.ImageDraw, box: Box, _size: float) -> None:
    draw.ellipse(box(-0.19, -0.27, 0.19, 0.1), fill=255)


def _hat(draw: ImageDraw.ImageDraw, box: Box, size: float) -> None:
    draw.rounded_rectangle(box(-0.36, -0.2, 0.36, 0.3), 0.2 * size, fill=255)
    draw.ellipse(box(-0.62, 0.14, 0.62, 0.32), fill=255)


_HAIR: dict[str, Callable[[ImageDraw.ImageDraw, Box, float], None]] = {
    "short": _short,
    "long": _long,
    "bun": _bun,
    "hat": _hat,
}
