"""Paint what lies over a picture: dust in the air, and the shade at its edges that text can stand on.

Touches memory only.
"""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from functions.draw_scene.animatic.paint import RGB, Canvas, Layer, ramp, tint
from functions.draw_scene.animatic.styles import Style

# The heights of dust specks in pixels: many fine ones, or a few round ones.
FINE = (2, 2, 3, 3, 4, 6, 9)
ROUND = (4, 5, 7, 10)
LARGE = 6


def dust(canvas: Canvas, style: Style, colour: RGB, rising: bool, rng: random.Random) -> Layer:
    """Return a tile two pictures high of soft specks, which scrolls by one pixel a frame."""
    mask = Image.new("L", (canvas.width, canvas.height * 2))
    draw = ImageDraw.Draw(mask)
    sizes = ROUND if style.flat else FINE
    for _ in range(46 if style.flat else 70):
        x = rng.randrange(canvas.width)
        y = rng.randrange(canvas.height)
        radius = rng.choice(sizes)
        level = rng.randrange(50, 170) if radius < LARGE else rng.randrange(24, 70)
        for top in (y, y + canvas.height):
            draw.ellipse([x - radius, top - radius, x + radius, top + radius], fill=level)
    image = tint(mask.filter(ImageFilter.GaussianBlur(1.2)), colour)
    return Layer(image, 0, 0, rise=1) if rising else Layer(image, 0, -canvas.height, rise=-1)


def shade(canvas: Canvas, style: Style) -> Layer:
    """Return the vignette, the shade behind the card and the style's black bars."""
    mask = _vignette(canvas, style.vignette)
    scrim = ramp((225, 120, 0), canvas.width, int(460 * canvas.unit), style.scrim)
    mask.paste(ImageChops.lighter(mask.crop((0, 0, *scrim.size)), scrim), (0, 0))
    picture = tint(mask, (0, 0, 0))
    bar = int(style.bar * canvas.unit)
    if bar:
        draw = ImageDraw.Draw(picture)
        draw.rectangle([0, 0, canvas.width, bar], fill=(0, 0, 0, 255))
        draw.rectangle([0, canvas.height - bar, canvas.width, canvas.height], fill=(0, 0, 0, 255))
    return Layer(picture)


def _vignette(canvas: Canvas, strength: float) -> Image.Image:
    width = canvas.width
    height = canvas.height
    large = Image.radial_gradient("L").resize((int(width * 1.5), int(height * 1.5)), Image.Resampling.BICUBIC)
    left = width // 4
    top = height // 4
    levels = [min(255, int(max(0, value - 70) * strength)) for value in range(256)]
    return large.crop((left, top, left + width, top + height)).point(levels)
