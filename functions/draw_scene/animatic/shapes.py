"""Draw the outlines of land: ridges, soft hills, roofs and pines, as lists of points.

Touches nothing but the random source it is given.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from itertools import pairwise

from functions.draw_scene.animatic.paint import Point

House = tuple[float, float, int]


def ridge(rng: random.Random, width: int, foot: float, height: float, rough: float = 0.5) -> list[Point]:
    """Return a jagged line, by halving each stretch and nudging its middle."""
    heights = [rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)]
    nudge = 1.0
    for _ in range(8):
        midpoints: list[float] = []
        for left, right in pairwise(heights):
            midpoints += [left, (left + right) / 2 + rng.uniform(-nudge, nudge) * 0.5]
        heights = [*midpoints, heights[-1]]
        nudge *= rough
    low = min(heights)
    span = (max(heights) - min(heights)) or 1
    step = width / (len(heights) - 1)
    return [(index * step, foot - height * (value - low) / span) for index, value in enumerate(heights)]


def soft(rng: random.Random, width: int, foot: float, height: float, waves: int = 3) -> list[Point]:
    """Return a rolling line, the sum of a few waves."""
    parts = [(rng.uniform(0, math.tau), rng.uniform(0.6, 1.6) * k, 1 / k) for k in range(1, waves + 1)]
    total = sum(share for _, _, share in parts)

    def level(x: int) -> float:
        swing = sum(share * math.sin(phase + turns * math.tau * x / width) for phase, turns, share in parts)
        return foot - height * (0.5 + 0.5 * swing / total)

    return [(float(x), level(x)) for x in range(0, width + 8, 8)]


def houses(rng: random.Random, width: int, foot: float, height: float) -> list[House]:
    """Return a row of buildings: left edge, roof and width of each."""
    row: list[House] = []
    x = 0
    while x < width:
        breadth = rng.randrange(46, 120)
        row.append((x, foot - height * (rng.random() ** 1.5 * 0.85 + 0.15), breadth))
        x += breadth + rng.choice([0, 0, 6, 14])
    return row


def roofs(row: list[House], foot: float) -> list[Point]:
    """Return the outline of a row of buildings."""
    line: list[Point] = [(0, foot)]
    for x, roof, breadth in row:
        line += [(x, foot), (x, roof), (x + breadth, roof), (x + breadth, foot)]
    return line


def pines(rng: random.Random, width: int, line: list[Point], height: float) -> list[list[Point]]:
    """Return a row of pines standing on a line."""
    columns = [x for x, _ in line]
    trees: list[list[Point]] = []
    x = -20.0
    while x < width + 30:
        tall = height * rng.uniform(0.45, 1.0)
        ground = line[min(bisect_left(columns, x), len(line) - 1)][1] + 10
        trees.append(_pine(x, ground, tall))
        x += tall * 0.34 * rng.uniform(0.5, 1.25)
    return trees


def _pine(x: float, ground: float, tall: float) -> list[Point]:
    broad = tall * 0.34
    left: list[Point] = []
    for step in range(5):
        down = step / 5
        top = ground - tall * (1 - down)
        left += [(x - broad * down * 0.5 - 3, top), (x - broad * down * 0.3 - 2, top + tall * 0.03)]
    right = [(2 * x - px, py) for px, py in reversed(left)]
    return [*left, (x - broad * 0.5, ground), (x + broad * 0.5, ground), *right]
