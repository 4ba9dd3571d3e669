"""Write a picture's layers to a folder and the ffmpeg arguments that move and encode them.

Touches the folder it is given.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from functions.draw_scene.animatic.card import script
from functions.draw_scene.animatic.paint import Layer
from functions.draw_scene.animatic.picture import Composition
from functions.draw_scene.animatic.spec import ClipSpec
from shared.build.camera import CameraPass, travel
from shared.film.ffmpeg import Filter

# What the folder of fonts is called where the film is made.
FONTS = "fonts"
CARD = "card.ass"
CLIP = "clip.mp4"
COLOUR = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
PIXELS = {"RGB": ("rgb24", "gbrp"), "RGBA": ("rgba", "gbrap")}


def write_film(picture: Composition, spec: ClipSpec, folder: Path) -> list[str]:
    """Return ffmpeg's arguments, to be run in `folder`, which now holds all that they name but the fonts."""
    images = [picture.background, *(layer.image for layer in picture.layers)]
    inputs: list[str] = []
    for index, image in enumerate(images):
        inputs += _write(image, folder / f"{index}.raw", spec.fps)
    (folder / CARD).write_text(script(picture.card, picture.canvas, spec.seconds), encoding="utf-8")
    graph = ";".join([_still(0, images[0], "v0"), *_moves(picture.layers), _end(spec, picture)])
    return [*inputs, "-filter_complex", graph, "-map", "[v]", *encoding(spec), CLIP]


def encoding(spec: ClipSpec) -> list[str]:
    """Return the output arguments of every clip: exact frames, H.264, ready to stream."""
    return [
        *("-frames:v", str(spec.frames), "-r", str(spec.fps)),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "1"),
        *("-video_track_timescale", "12288", "-movflags", "+faststart"),
    ]


def _write(image: Image.Image, path: Path, fps: int) -> list[str]:
    path.write_bytes(image.tobytes())
    pixels, _ = PIXELS[image.mode]
    size = f"{image.width}x{image.height}"
    return ["-f", "rawvideo", "-pix_fmt", pixels, "-s", size, "-r", str(fps), "-i", path.name]


def _still(index: int, image: Image.Image, label: str) -> str:
    # Read once and held: decoding the file again for every frame would cost more than all the rest.
    return f"[{index}]format={PIXELS[image.mode][1]},loop=loop=-1:size=1[{label}]"


def _moves(layers: list[Layer]) -> list[str]:
    """Return one overlay per layer. In gbrp, because yuv420 snaps positions to two pixels and judders."""
    steps: list[str] = []
    for index, layer in enumerate(layers):
        x = f"{layer.x}+floor({layer.drift}*n)" if layer.drift else str(layer.x)
        y = f"{layer.y}-({layer.rise})*n" if layer.rise else str(layer.y)
        when = "frame" if layer.drift or layer.rise else "init"
        steps.append(_still(index + 1, layer.image, f"m{index}"))
        steps.append(f"[v{index}][m{index}]overlay=x='{x}':y='{y}':format=gbrp:eval={when}[v{index + 1}]")
    return steps


def _end(spec: ClipSpec, picture: Composition) -> str:
    canvas = picture.canvas
    # A camera passes the picture as it was painted: what is enlarged afterwards costs less.
    flat = [f"scale={canvas.width}:{canvas.height}:out_color_matrix=bt709:out_range=tv", "format=yuv420p", COLOUR]
    larger = f"scale={spec.width}:{spec.height}"
    text = f"ass=f={CARD}:fontsdir={FONTS}"
    steps = [*flat, *_camera(spec, picture), larger, text, "setsar=1"]
    return f"[v{len(picture.layers)}]{','.join(steps)}[v]"


def _camera(spec: ClipSpec, picture: Composition) -> list[str]:
    if picture.move is None:
        return []
    size = (picture.canvas.width, picture.canvas.height)
    return [_text(travel(CameraPass(picture.move, spec.frames, size, spec.fps), "linear"))]


def _text(step: Filter) -> str:
    name, options = step
    return f"{name}=" + ":".join(f"{key}='{value}'" for key, value in options.items())
