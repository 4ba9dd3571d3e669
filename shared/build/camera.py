"""The slow move of a camera over a picture that stands still, as filters of ffmpeg.

Values only; touches nothing. `scale` and then `perspective`, whose corners may lie between pixels: what moves in whole
pixels, as `zoompan` and `crop` do, trembles when it is slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.film.camerawork import Move
from shared.film.ffmpeg import Filter
from shared.models.video_models import FRAME_RATE

MIDDLE = (0.5, 0.5)
# The share of the picture that is travelled a second, and the least and the most that a clip travels.
PACE = 0.02
LEAST = 0.04
MOST = 0.14
# What a picture that stands still may be, as ffmpeg calls it.
PICTURE_FORMATS = "png_pipe,jpeg_pipe,webp_pipe"


@dataclass(frozen=True)
class View:
    """What of a picture is seen, in shares of its sides: how much, and where in the room that this leaves."""

    size: float
    x: float = 0.5
    y: float = 0.5

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and lower edge."""
        left_edge = (1 - self.size) * self.x
        top_edge = (1 - self.size) * self.y
        return left_edge, top_edge, left_edge + self.size, top_edge + self.size


@dataclass(frozen=True)
class CameraPass:
    """A camera's pass over a picture: the move, how many frames of what size in pixels, and how many a second.

    `place` is how much of what is cut away of a picture of another shape lies to the left, and how much above.
    """

    move: Move
    frames: int
    size: tuple[int, int]
    rate: int = FRAME_RATE
    place: tuple[float, float] = MIDDLE

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.rate


def views(move: Move, seconds: float) -> tuple[View, View]:
    """Return what a camera that makes `move` for `seconds` sees at first and at last."""
    travel = min(max(PACE * seconds, LEAST), MOST)
    near = 1 - travel
    # The subject is in the upper two thirds, below which captions stand.
    closer = View(near, y=0.4)
    pans: dict[Move, tuple[View, View]] = {
        "push in": (View(1), closer),
        "pull out": (closer, View(1)),
        "pan left": (View(near, x=1), View(near, x=0)),
        "pan right": (View(near, x=0), View(near, x=1)),
        "tilt up": (View(near, y=1), View(near, y=0)),
        "tilt down": (View(near, y=0), View(near, y=1)),
        "orbit": (View(near, x=0), View(near * near, x=1, y=0.4)),
        # A picture that does not move at all looks like a fault.
        "hold": (View(1), View(1 - travel / 4, y=0.4)),
    }
    return pans[move]


def cover(size: tuple[int, int], place: tuple[float, float] = MIDDLE) -> list[Filter]:
    """Return the filters that make a picture of any size one of `size`, cut at `place` if too wide or too high."""
    width, height = size
    # Cut first: enlarged as a whole, a narrow strip of a picture would be kilometres long.
    part = {"w": f"max(1,min(iw,round(ih*{width}/{height})))", "h": f"max(1,min(ih,round(iw*{height}/{width})))"}
    return [
        ("format", {"pix_fmts": "gbrp"}),
        ("crop", {**part, **offset(place)}),
        ("scale", {"w": width, "h": height, "flags": "lanczos", "out_color_matrix": "bt709", "out_range": "tv"}),
        ("setsar", {"sar": 1}),
        ("format", {"pix_fmts": "yuv420p"}),
    ]


def offset(place: tuple[float, float]) -> dict[str, str]:
    """Return where ffmpeg's `crop` cuts, which cuts in the middle when nothing is said."""
    x, y = place
    return {} if place == MIDDLE else {"x": f"(iw-ow)*{x:g}", "y": f"(ih-oh)*{y:g}"}


def pass_over(camera_pass: CameraPass) -> list[Filter]:
    """Return the filters that make a picture of any size the pass of a camera over it, which has no end."""
    # Brought to its size once, and then held.
    hold: list[Filter] = [("loop", {"loop": -1, "size": 1}), ("setpts", {"expr": f"N/{camera_pass.rate}/TB"})]
    return [*cover(camera_pass.size, camera_pass.place), *hold, travel(camera_pass)]


def travel(camera_pass: CameraPass, interpolation: Literal["linear", "cubic"] = "cubic") -> Filter:
    """Return the filter that lets a picture that is held for a pass be seen as its camera sees it.

    Linear interpolation takes two thirds of the time of cubic, and is softer.
    """
    first, last = views(camera_pass.move, camera_pass.seconds)
    x_left, y_top, x_right, y_bottom = (
        _between(*pair, camera_pass.frames - 1) for pair in zip(first.edges, last.edges, strict=True)
    )
    corners = {"x0": x_left, "y0": y_top, "x1": x_right, "y1": y_top, "x2": x_left, "y2": y_bottom}
    corners |= {"x3": x_right, "y3": y_bottom}
    sides = {name: f"{'W' if name[0] == 'x' else 'H'}*({share})" for name, share in corners.items()}
    return ("perspective", {**sides, "interpolation": interpolation, "sense": "source", "eval": "frame"})


def _between(first: float, last: float, steps: int) -> str:
    """Return the expression of what goes evenly from `first` to `last`; `on` is the number of the frame, from 1."""
    return f"{first:.6f}+{last - first:.6f}*(on-1)/{max(steps, 1)}"
