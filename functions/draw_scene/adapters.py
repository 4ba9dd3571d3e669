"""The maker of clips: a painted scene, or a still picture that a camera passes, becomes a file of exactly its frames.

Runs ffmpeg in a folder it is given, and copies the bundled fonts there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from functions.draw_scene.animatic.film import FONTS, write_film
from functions.draw_scene.animatic.lettering import FONT_FOLDER
from functions.draw_scene.animatic.picture import compose_draft
from functions.draw_scene.animatic.spec import ClipSpec, Sketch
from shared.build.camera import PICTURE_FORMATS, CameraPass, cover, pass_over
from shared.errors import ClipUnusable, RenderFailed
from shared.film import ffmpeg
from shared.film.colours import TAG_BT709
from shared.film.ffmpeg import PNG, Filter

TIMEOUT = 240.0
_CLIP = "clip.mp4"
_FRAME = "frame.png"
_UNREADABLE = "The picture that was drawn is not one that can be read."
# Without an ending, so that what it is said to be is not believed.
_PICTURE = "picture"


def draft(spec: ClipSpec, sketch: Sketch, folder: Path) -> Path:
    """Return the drawn clip of a scene, in `folder`; raise RenderFailed unless it has exactly the scene's frames."""
    shutil.copytree(FONT_FOLDER, folder / FONTS)
    # One thread for the layers: with more they wait for each other longer than they draw.
    arguments = ["-filter_complex_threads", "1", *write_film(compose_draft(spec, sketch), spec, folder)]
    ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT)
    return _clip_of(folder, spec.frames)


def moving_still(picture: bytes, camera_pass: CameraPass, folder: Path) -> Path:
    """Return the clip of a camera that passes a picture (PNG, JPEG or WebP), in `folder`.

    Raises ClipUnusable when it is no picture, RenderFailed unless the clip has exactly the frames of `camera_pass`.
    """
    (folder / _PICTURE).write_bytes(picture)
    whole = ffmpeg.chain(ffmpeg.source(_PICTURE, formats=PICTURE_FORMATS)["v:0"], _filters(camera_pass))
    options = {"c:v": "libx264", "preset": "veryfast", "crf": 16, "pix_fmt": "yuv420p", "r": camera_pass.rate}
    arguments = ffmpeg.arguments([whole], _CLIP, **{"frames:v": camera_pass.frames}, **options)
    try:
        ffmpeg.run(arguments, cwd=folder, timeout=TIMEOUT)
    except RenderFailed as error:
        raise ClipUnusable(_UNREADABLE) from error
    return _clip_of(folder, camera_pass.frames)


def whole_still(picture: bytes, size: tuple[int, int], folder: Path) -> Path:
    """Return the picture as the video's own frame of `size` pixels, a PNG in `folder`; raise ClipUnusable for none."""
    (folder / _PICTURE).write_bytes(picture)
    frame = ffmpeg.chain(ffmpeg.source(_PICTURE, formats=PICTURE_FORMATS)["v:0"], [*cover(size), *PNG])
    try:
        ffmpeg.run(ffmpeg.arguments([frame], _FRAME, **{"frames:v": 1}), cwd=folder, timeout=TIMEOUT)
    except RenderFailed as error:
        raise ClipUnusable(_UNREADABLE) from error
    return folder / _FRAME


def _filters(camera_pass: CameraPass) -> list[Filter]:
    return [*pass_over(camera_pass), TAG_BT709]


def _clip_of(folder: Path, frames: int) -> Path:
    count = ffmpeg.packets([_CLIP], cwd=folder)[0].frames
    if count != frames:
        raise RenderFailed(f"The scene came out with {count} frames instead of {frames}.")
    return folder / _CLIP
