"""A logo in a corner of the picture, above all else: how large, where, and the filters that draw it so.

Values only; touches nothing; sizes are pixels.
"""

from __future__ import annotations

from shared.brand.choices import Logo
from shared.film.ffmpeg import Filter

# The box that it fits into, and its distance from the edges, in parts of the picture's shorter side.
WIDTH = 0.26
HEIGHT = 0.14
MARGIN = 0.05


def filters(size: tuple[int, int]) -> list[Filter]:
    """Return the filters that bring any picture to a logo's size in a picture of that size."""
    short = min(size)
    fit = {"force_original_aspect_ratio": "decrease", "out_color_matrix": "bt709", "out_range": "tv"}
    return [
        ("format", {"pix_fmts": "rgba"}),
        ("scale", {"w": round(short * WIDTH), "h": round(short * HEIGHT), **fit}),
        ("format", {"pix_fmts": "yuva420p"}),
    ]


def overlay(logo: Logo, size: tuple[int, int]) -> dict[str, str]:
    """Return the options of the filter that draws it in its corner as long as the picture lasts."""
    margin = round(min(size) * MARGIN)
    height, side = logo.corner.split("-")
    x = str(margin) if side == "left" else f"W-w-{margin}"
    y = str(margin) if height == "top" else f"H-h-{margin}"
    return {"x": x, "y": y, "eof_action": "repeat"}
