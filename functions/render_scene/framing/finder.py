"""Looks for faces in a clip that is cut to another shape, and has the scene cut by them.

Runs ffmpeg in the folder of the clip and writes frames there; starts the model's program. Where something of it fails,
the scene is cut as one in which nobody is seen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from functions.render_scene.core import Cut
from functions.render_scene.framing import centerface
from functions.render_scene.framing.crop import SeenFace, frames_to_look_at, share_before, trim_of
from shared.error_kinds import ReelwrightError
from shared.errors import RenderFailed
from shared.film import ffmpeg
from shared.models.video_models import FRAME_RATE
from shared.observability.log import logger
from shared.settings import child_variables

# Finds the faces in each of the frames in a file, of a size in pixels, three bytes a pixel; raises RenderFailed.
FaceFinder = Callable[[Path, tuple[int, int]], Sequence[Sequence[SeenFace]]]

TIMEOUT = 60.0
# The longer side of what the model is shown, in pixels.
LONG_SIDE = 640
_FRAMES = "frames.rgb"


def by_model(frames: Path, size: tuple[int, int]) -> list[list[SeenFace]]:
    """Return the faces that the model finds in each of the `frames`; raise RenderFailed where it cannot."""
    command = [sys.executable, "-P", "-m", centerface.__name__, str(frames), *map(str, size)]
    variables = {**child_variables(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        process = subprocess.run(command, env=variables, timeout=TIMEOUT, capture_output=True, check=True, text=True)
        return [[SeenFace(*face) for face in faces] for faces in json.loads(process.stdout)]
    except subprocess.CalledProcessError as error:
        raise RenderFailed(f"The finder of faces ended with {error.returncode}: {error.stderr[-500:]}") from error
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired) as error:
        raise RenderFailed(f"The finder of faces said nothing: {error}") from error


def cut_by_faces(cut: Cut, clip: Path, find: FaceFinder) -> Cut:
    """Return how the scene made of `clip`, or picture, is cut: by the faces in it, if something is cut away.

    Where they cannot be looked for it says so, and is of no rule: whoever renders the scene again looks again.
    """
    if not cut.rule:
        return cut
    try:
        info = ffmpeg.probe(clip, formats=cut.formats)
        trim = trim_of((info.width, info.height), cut.size)
        if trim is None:
            return cut
        size = _small((info.width, info.height))
        share = share_before(find(_sample(clip, cut, size), size), trim)
    except ReelwrightError as error:
        logger().warning("no faces looked for", extra={"sequence": cut.sequence, "error": str(error)})
        note = f"scene {cut.sequence}: faces could not be looked for, its picture is cut without regard to them"
        return replace(cut, rule="", degradations=(*cut.degradations, note))
    if share is None:
        return cut
    x, y = cut.place
    return replace(cut, place=(x, share) if trim.axis == "y" else (share, y))


def _sample(clip: Path, cut: Cut, size: tuple[int, int]) -> Path:
    """Write a few frames of what the scene shows, of that size, beside the clip; of a picture, the one there is."""
    numbers = (0,) if cut.move else frames_to_look_at(cut.frames)
    filters: list[ffmpeg.Filter] = [
        ("fps", {"fps": FRAME_RATE}),
        ("trim", {"end_frame": numbers[-1] + 1}),
        ("select", {"expr": "+".join(f"eq(n,{number})" for number in numbers)}),
        ("scale", {"w": size[0], "h": size[1]}),
        ("format", {"pix_fmts": "rgb24"}),
    ]
    frames = ffmpeg.chain(ffmpeg.source(clip.name, formats=cut.formats)["v:0"], filters)
    arguments = ffmpeg.arguments([frames], _FRAMES, f="rawvideo", fps_mode="passthrough")
    ffmpeg.run(arguments, cwd=clip.parent, timeout=TIMEOUT)
    return clip.parent / _FRAMES


def _small(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size in pixels in which a picture is shown to the model."""
    share = LONG_SIDE / max(size)
    width, height = (max(round(side * share / centerface.STEP), 1) * centerface.STEP for side in size)
    return width, height
