"""A user's clip, decoded within bounds and stored anew: upright, at the video's rate, without sound or anything else.

Runs ffmpeg in a folder that it is given, on a file that may be hostile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from functions.check_image import core
from shared.errors import RenderFailed, UnsupportedMedia
from shared.film import ffmpeg
from shared.film.colours import TAG_BT709, from_hdr, to_bt709
from shared.film.ffmpeg import PNG, Filter
from shared.film.media_headers import MediaInfo
from shared.models.video_models import FRAME_RATE
from shared.video.own_image import LONGEST_OWN_CLIP

# Seconds for the whole of it; a minute as phones record it takes about two.
TIMEOUT = 480.0
_CLIP = "clip.mp4"
_FRAME = "frame.png"
# As ffmpeg calls them.
_CONTAINER = "mov,mp4,m4a,3gp,3g2,mj2"
_SOUNDLESS: dict[str, str | int | float] = {
    **{"c:v": "libx264", "preset": "veryfast", "crf": 18, "pix_fmt": "yuv420p"},
    **{"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact", "movflags": "+faststart"},
}


@dataclass(frozen=True)
class OwnClip:
    """A clip as it is stored: the file, how many seconds it lasts, and its first frame."""

    file: Path
    seconds: float
    first_frame: Image.Image


def plain_clip(upload: Path, folder: Path) -> OwnClip:
    """Return the clip in `upload` as it is stored, in `folder`.

    Raises UnsupportedMedia when it is damaged, no clip, too long or too large, and FfmpegCrashed.
    """
    info = _require_clip(upload)
    try:
        with ffmpeg.at_hand(upload) as file:
            moving = ffmpeg.chain(ffmpeg.source(str(file), formats="mov")["V:0"], _filters(info))
            target = str((folder / _CLIP).resolve())
            # A little more than may be: what is longer is refused, and not cut off.
            longest = LONGEST_OWN_CLIP + 2 * core.ROUNDING
            ffmpeg.run(ffmpeg.arguments([moving], target, t=longest, **_SOUNDLESS), cwd=folder, timeout=TIMEOUT)
        seconds = ffmpeg.packets([_CLIP], cwd=folder)[0].frames / FRAME_RATE
    except RenderFailed as error:
        raise UnsupportedMedia("The file has no moving picture that can be decoded.") from error
    core.require_whole(seconds, info.seconds)
    return OwnClip(folder / _CLIP, seconds, _first_frame(folder))


def _require_clip(upload: Path) -> MediaInfo:
    """Return what the clip's headers say; raise UnsupportedMedia when it is none."""
    info = ffmpeg.probe(upload)
    if info.container != _CONTAINER:
        raise UnsupportedMedia(f"The file is none of {core.ACCEPTED}.")
    if not info.has_video:
        raise UnsupportedMedia("The file has no moving picture.")
    core.require_size(info.width, info.height)
    core.require_short(info.seconds)
    return info


def _filters(info: MediaInfo) -> list[Filter]:
    side = core.CLIP_SIDE
    # Both sides even, as the encoder wants them; never enlarged.
    share = f"min(1,{side}/max(iw,ih))"
    size = {"w": f"max(2,2*trunc(iw*sar*{share}/2))", "h": f"max(2,2*trunc(ih*{share}/2))", "flags": "lanczos"}
    hdr = from_hdr(info)
    # Made small first: a picture of high dynamic range is worked on in floating point.
    scale: Filter = ("scale", size if hdr else {**size, **to_bt709(info)})
    return [("fps", {"fps": FRAME_RATE}), scale, *hdr, ("setsar", {"sar": 1}), TAG_BT709]


def _first_frame(folder: Path) -> Image.Image:
    frame = ffmpeg.chain(ffmpeg.source(_CLIP, formats="mov")["v:0"], [*PNG])
    ffmpeg.run(ffmpeg.arguments([frame], _FRAME, **{"frames:v": 1}), cwd=folder, timeout=TIMEOUT)
    with Image.open(folder / _FRAME, formats=("PNG",)) as frame_file:
        return frame_file.convert("RGB")
