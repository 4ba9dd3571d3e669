"""Come closer to painted scenery: the same layers, seen from nearer, and drifting as a camera passes them.

Touches memory only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image

from functions.draw_scene.animatic.paint import MARGIN, Canvas, Layer
from shared.film.camerawork import Framing, Move

# How many times larger things are than in a wide shot.
LARGER: dict[Framing, float] = {"wide": 1.0, "medium": 1.3, "close": 1.7, "detail": 2.3}
# Which way scenery passes, to the right or to the left, and how fast beside a film's own drift.
PASSING: dict[Move, float] = {"pan left": 0.5, "pan right": -0.5, "orbit": -0.5}
# Where nearer shots look, in shares of the room that they leave above and below: at the land, or at a room's table.
EYE_LEVEL = {False: 0.56, True: 0.86}


@dataclass(frozen=True)
class Viewpoint:
    """What of a canvas is seen: `x` and `y` are its upper left corner in pixels, `larger` how many times it grows."""

    canvas: Canvas
    x: float
    y: float
    larger: float


def viewpoint(canvas: Canvas, framing: Framing, aside: float, *, indoors: bool) -> Viewpoint:
    """Return where a shot is seen from; `aside` is the share of the room beside it that is on its left."""
    larger = LARGER[framing]
    rest = 1 - 1 / larger
    return Viewpoint(canvas, canvas.width * rest * aside, canvas.height * rest * EYE_LEVEL[indoors], larger)


def enlarge_still(picture: Image.Image, view: Viewpoint) -> Image.Image:
    """Return what the viewpoint sees of a picture as large as the canvas."""
    width = view.canvas.width
    height = view.canvas.height
    box = (view.x, view.y, view.x + width / view.larger, view.y + height / view.larger)
    return picture.resize((width, height), Image.Resampling.BICUBIC, box)


def pass_by(layer: Layer, move: Move, frames: int) -> Layer:
    """Return a layer of land that passes as the camera moves, and stands where the camera does not pass it."""
    most = MARGIN / frames
    drift = min(max(layer.drift * PASSING.get(move, 0.0), -most), most)
    # To the left it begins where, at the end, the layer's right edge is that of the picture.
    return replace(layer, x=layer.x - int(min(drift, 0) * frames), drift=drift)


def enlarge(layer: Layer, view: Viewpoint) -> Layer:
    """Return what the viewpoint sees of a layer, with the room that its drift needs on either side."""
    image = layer.image
    top = max(0, int(view.y) - layer.y)
    bottom = min(image.height, int(view.y + view.canvas.height / view.larger) + 1 - layer.y)
    if bottom <= top:
        return Layer(image.crop((0, 0, 1, 1)), -1, -1)
    part = image.crop((0, top, image.width, bottom))
    size = (round(part.width * view.larger), max(1, round(part.height * view.larger)))
    x = round((layer.x - view.x) * view.larger)
    y = round((layer.y + top - view.y) * view.larger)
    return Layer(part.resize(size, Image.Resampling.BICUBIC), x, y, layer.drift * view.larger)
