"""Make the video file that a clip's specification describes.

Touches a temporary folder and the child processes that draw and encode.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from functions.draw_scene.animatic.film import CLIP, FONTS, encoding
from functions.draw_scene.animatic.lettering import FONT_FOLDER
from functions.draw_scene.animatic.spec import ClipSpec
from local.emulators.google import paint_clip
from local.processes import python, runs
from local.processes.children import Children

ClipMaker = Callable[[ClipSpec, Children], bytes]

STILL = "still.png"
SOURCE = "source.mp4"
# Without an ending: what it is, is told by its content.
PICTURE = "picture"
# Frames in which a given first frame gives way to what the clip shows.
FADE = 12
FFMPEG = ("-hide_banner", "-loglevel", "error", "-y", "-nostdin")


def storyboard(spec: ClipSpec, children: Children) -> bytes:
    """Return an mp4 with the animated storyboard of the prompt. Raises ChildFailedError."""
    with runs.folder("storyboard-") as name:
        folder = Path(name)
        # Brought along under a short relative name: a path of this machine would need escaping in a filter.
        shutil.copytree(FONT_FOLDER, folder / FONTS)
        draw = python.command(paint_clip.__name__)
        arguments = json.loads(children.run(draw, folder, json.dumps(asdict(spec)).encode()))
        return _encode(arguments, folder, children)


def plain(spec: ClipSpec, children: Children) -> bytes:
    """Return an mp4 of one colour, made in a moment: for tests that count clips and do not look at them."""
    with runs.folder("clip-") as name:
        source = f"color=c=0x335566:s={spec.width}x{spec.height}:r={spec.fps}"
        return _encode(["-f", "lavfi", "-i", source, *encoding(spec), CLIP], Path(name), children)


def first_frame(clip: bytes, children: Children) -> bytes:
    """Return the first frame of a clip as a PNG file. Raises ChildFailedError."""
    with runs.folder("still-") as name:
        folder = Path(name)
        (folder / CLIP).write_bytes(clip)
        children.run([imageio_ffmpeg.get_ffmpeg_exe(), *FFMPEG, "-i", CLIP, "-frames:v", "1", STILL], folder)
        return (folder / STILL).read_bytes()


def begin_with(picture: bytes, clip: bytes, spec: ClipSpec, children: Children) -> bytes:
    """Return the clip with the picture as its first frame, which fades into what it shows. Raises ChildFailedError."""
    with runs.folder("opening-") as name:
        folder = Path(name)
        (folder / SOURCE).write_bytes(clip)
        (folder / PICTURE).write_bytes(picture)
        size = f"{spec.width}:{spec.height}"
        fill = f"scale={size}:force_original_aspect_ratio=increase:out_color_matrix=bt709:out_range=tv,crop={size}"
        hold = f"loop=loop=-1:size=1,setpts=N/{spec.fps}/TB"
        still = f"[1]{fill},format=yuva420p,{hold},fade=t=out:start_frame=1:nb_frames={FADE}:alpha=1[p]"
        # Held by a filter: the demuxer of pictures would look again and again at a file that it cannot read.
        inputs = ["-i", SOURCE, "-framerate", str(spec.fps), "-i", PICTURE]
        graph = f"{still};[0][p]overlay=shortest=1,setsar=1[v]"
        return _encode([*inputs, "-filter_complex", graph, "-map", "[v]", *encoding(spec), CLIP], folder, children)


def alike(make: ClipMaker) -> ClipMaker:
    """Return a maker that makes one clip of each length and size, whatever the prompt, and gives it again."""
    clips: dict[ClipSpec, bytes] = {}
    guard = threading.Lock()

    def again(spec: ClipSpec, children: Children) -> bytes:
        plan = replace(spec, prompt="", scene=0, scenes=0, seed=0)
        with guard:
            if plan not in clips:
                clips[plan] = make(plan, children)
        return clips[plan]

    return again


def _encode(arguments: list[str], folder: Path, children: Children) -> bytes:
    # One thread each: two clips are made at once, and between themselves they use two cores better.
    arguments = ["-filter_complex_threads", "1", *arguments]
    children.run([imageio_ffmpeg.get_ffmpeg_exe(), *FFMPEG, *arguments], folder)
    return (folder / CLIP).read_bytes()
