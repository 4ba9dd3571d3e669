"""Paint what is above the horizon: sky, sun or moon, stars and clouds.

Touches memory only.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from functions.draw_scene.animatic.paint import MARGIN, RGB, SS, Canvas, Layer, glow, gradient, mix, tint
from functions.draw_scene.animatic.styles import Style

WHITE = (255, 255, 255)


def orb_place(canvas: Canvas, moon: bool, rng: random.Random) -> tuple[int, int]:
    """Return where the sun or the moon stands, in pixels."""
    x = int(canvas.width * rng.uniform(0.25, 0.75))
    y = int(canvas.height * rng.uniform(0.44, 0.56))
    return (x, int(canvas.height * 0.35)) if moon else (x, y - int(150 * canvas.unit))


@dataclass(frozen=True)
class Sky:
    """What the sky shows: its colours from top to horizon, its light, and where the sun or the moon stands."""

    colours: list[RGB]
    light: RGB
    orb: tuple[int, int]
    night: bool


def paint_sky(canvas: Canvas, style: Style, sky: Sky, rng: random.Random) -> Image.Image:
    """Return the still background, sun or moon and stars included."""
    picture = gradient(sky.colours, canvas.width, canvas.height)
    moon = sky.night and not style.flat
    if style.glows:
        below = (sky.orb[0], sky.orb[1] + int(150 * canvas.unit))
        picture = glow(picture, below, int(640 * canvas.unit), sky.light, 0.5)
        picture = glow(picture, sky.orb, int(330 * canvas.unit), sky.light, 0.55 if moon else 0.7)
    radius = int(rng.randint(52, 84) * max(canvas.unit, 0.7) * (0.7 if moon else 1))
    picture.paste(mix(sky.light, WHITE, 0.25), (0, 0), _orb(canvas, sky.orb, radius, moon, rng))
    if sky.night:
        _stars(picture, rng)
    return _add_grain(picture, style)


def _orb(canvas: Canvas, centre: tuple[int, int], radius: int, moon: bool, rng: random.Random) -> Image.Image:
    mask = Image.new("L", (canvas.width * SS, canvas.height * SS))
    draw = ImageDraw.Draw(mask)
    _disc(draw, centre[0], centre[1], radius, 255)
    if moon:
        bite = radius * rng.uniform(0.35, 0.6)
        _disc(draw, centre[0] + bite, centre[1] - bite * 0.4, radius, 0)
    return mask.reduce(SS)


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, level: int) -> None:
    box = [(x - radius) * SS, (y - radius) * SS, (x + radius) * SS, (y + radius) * SS]
    draw.ellipse(box, fill=level)


def _stars(picture: Image.Image, rng: random.Random) -> None:
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(170):
        x = rng.randrange(picture.width)
        y = int(rng.random() ** 1.4 * picture.height * 0.62)
        size = rng.choice([1, 1, 1, 2])
        draw.ellipse([x, y, x + size, y + size], fill=(*WHITE, int(255 * rng.uniform(0.25, 0.95))))


def _add_grain(picture: Image.Image, style: Style) -> Image.Image:
    strength, share = style.grain
    if not strength:
        return picture
    tile = _noise(strength, picture.size)
    return Image.blend(picture, ImageChops.overlay(picture, Image.merge("RGB", [tile] * 3)), share)


def _noise(strength: int, size: tuple[int, int]) -> Image.Image:
    # Pillow's own noise cannot be seeded, and the same prompt must give the same picture.
    rng = random.Random(strength)
    bell = [max(0, min(255, round(rng.gauss(128, strength)))) for _ in range(256)]
    grains = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    return grains.point(bell)


def clouds(canvas: Canvas, style: Style, light: RGB, rng: random.Random) -> Layer:
    """Return a slow bank of clouds."""
    width = canvas.wide
    height = int(640 * canvas.unit)
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    for _ in range(4 if style.flat else 7):
        x = rng.randrange(width)
        y = int(rng.randrange(90, 420) * canvas.unit)
        size = rng.uniform(0.6, 1.3) * max(canvas.unit, 0.7)
        (_puff if style.flat else _wisps)(draw, x, y, size, rng)
    if not style.flat:
        mask = mask.filter(ImageFilter.GaussianBlur(11))
    strength = 0.95 if style.flat else 0.6
    mask = mask.point([int(value * strength) for value in range(256)])
    return Layer(tint(mask, mix(light, WHITE, 0.5)), -MARGIN, int(330 * canvas.unit), 0.25)


def _puff(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, _: random.Random) -> None:
    for step in range(5):
        radius = size * (46 - 10 * abs(step - 2))
        centre = x + step * 44 * size
        draw.ellipse([centre - radius, y - radius, centre + radius, y + radius], fill=235)
    draw.rounded_rectangle([x - 30 * size, y, x + 210 * size, y + 38 * size], radius=20 * size, fill=235)


def _wisps(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, rng: random.Random) -> None:
    for _ in range(9):
        across = size * rng.uniform(60, 150)
        down = across * rng.uniform(0.10, 0.2)
        cx = x + rng.uniform(-150, 150) * size
        cy = y + rng.uniform(-22, 22) * size
        draw.ellipse([cx - across, cy - down, cx + across, cy + down], fill=rng.randrange(60, 150))
