"""The maker of drafts, each a file of exactly its scene's frames, and of the frame that a still is.

Runs ffmpeg in a folder it is given, and copies the bundled fonts there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from functions.draw_scene.animatic.film import FONTS, write_film
from functions.draw_scene.animatic.lettering import FONT_FOLDER
from functions.draw_scene.animatic.picture import compose_draft
from functions.draw_scene.animatic.spec import ClipSpec, Sketch
from shared.build.camera import PICTURE_FORMATS, cover
from shared.errors import ClipUnusable, RenderFailed
from shared.film import ffmpeg
from shared.film.ffmpeg import PNG

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


def whole_still(picture: bytes, size: tuple[int, int], folder: Path) -> Path:
    """Return the picture as the video's own frame of `size` pixels, a PNG in `folder`; raise ClipUnusable for none."""
    (folder / _PICTURE).write_bytes(picture)
    frame = ffmpeg.chain(ffmpeg.source(_PICTURE, formats=PICTURE_FORMATS)["v:0"], [*cover(size), *PNG])
    try:
        ffmpeg.run(ffmpeg.arguments([frame], _FRAME, **{"frames:v": 1}), cwd=folder, timeout=TIMEOUT)
    except RenderFailed as error:
        raise ClipUnusable(_UNREADABLE) from error
    return folder / _FRAME


def _clip_of(folder: Path, frames: int) -> Path:
    count = ffmpeg.packets([_CLIP], cwd=folder)[0].frames
    if count != frames:
        raise RenderFailed(f"The scene came out with {count} frames instead of {frames}.")
    return folder / _CLIP
