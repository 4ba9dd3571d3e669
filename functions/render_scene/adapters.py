"""The renderer: a clip and a cut become a file of exactly the wanted frames.

Runs ffmpeg in a folder it is given, and copies the bundled fonts there, and a logo and an own font from the bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from functions.render_scene import logo, typefaces
from functions.render_scene.core import CAPTION_FILE, FONT_FOLDER, Cut, filters, frame_filters, last_frame_filters
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build.camera import PICTURE_FORMATS
from shared.build.encoder import ENCODER
from shared.captions.face import Face
from shared.errors import ClipUnusable, RenderFailed, UnsupportedMedia
from shared.film import ffmpeg
from shared.film.colours import TAG_BT709
from shared.film.ffmpeg import JPEG, JPEG_FILE
from shared.film.media_headers import MediaInfo
from shared.film.plan import Plan
from shared.video.own_font import OwnFonts

TIMEOUT = 240.0
LOGO = "logo"
_RENDERED = "rendered.mp4"
_LAST_FRAME = "last.png"
_STILL = "still.jpg"


def clip_seconds(clip: Path) -> float:
    """Return how many seconds of picture `clip` holds; raise ClipUnusable when it is not a video."""
    try:
        info = ffmpeg.probe(clip)
        frames = ffmpeg.packets([clip.name], cwd=clip.parent)[0].frames
    except (UnsupportedMedia, RenderFailed) as error:
        raise ClipUnusable("The clip that was delivered is not a video.") from error
    if not info.has_video or not frames:
        raise ClipUnusable("The clip that was delivered has no picture.")
    return frames / info.fps if info.fps else info.seconds


def own_face(plan: Plan, bucket: Bucket) -> Face | None:
    """Return the face of the user's own font that the plan's captions are drawn in, if they are."""
    return OwnFonts(bucket, plan.video_id, plan.generation_id).face_of(plan)


def fetch_looks(plan: Plan, cut: Cut, bucket: Bucket, folder: Path) -> None:
    """Lay the scene's logo and the user's own font, those that it has, into the folder."""
    if cut.logo:
        key = media_keys.take(plan.video_id, plan.generation_id, cut.logo.take, "still")
        bucket.download(key, folder / LOGO)
    if cut.own_face:
        fonts = OwnFonts(bucket, plan.video_id, plan.generation_id)
        fonts.fetch(plan, typefaces.place(folder, FONT_FOLDER, cut.own_face))


def render(clip: Path, cut: Cut) -> Path:
    """Return the scene made of `clip`, or picture, beside it; raise RenderFailed unless it has the frames of `cut`."""
    work = clip.parent
    variables = _lay_out_captions(work, cut)
    picture = _with_logo(ffmpeg.chain(_source(clip, cut), filters(cut, _headers(clip, cut))), cut)
    arguments = ffmpeg.arguments([picture], _RENDERED, **{"frames:v": cut.frames}, **ENCODER)
    ffmpeg.run(arguments, cwd=work, timeout=TIMEOUT, variables=variables)
    frames = ffmpeg.packets([_RENDERED], cwd=work)[0].frames
    if frames != cut.frames:
        raise RenderFailed(f"Scene {cut.sequence} came out with {frames} frames instead of {cut.frames}.")
    return work / _RENDERED


def last_frame(clip: Path, cut: Cut) -> Path:
    """Return what the scene made of `clip` ends with: a PNG beside it; raise RenderFailed."""
    picture = ffmpeg.chain(_source(clip, cut), last_frame_filters(cut, _headers(clip, cut)))
    ffmpeg.run(ffmpeg.arguments([picture], _LAST_FRAME, **{"frames:v": 1}), cwd=clip.parent, timeout=TIMEOUT)
    return clip.parent / _LAST_FRAME


def still(clip: Path, cut: Cut, frame: int) -> Path:
    """Return a frame of the scene made of `clip`, with what is drawn over it: a JPEG beside it; raise RenderFailed."""
    work = clip.parent
    variables = _lay_out_captions(work, cut)
    picture = _with_logo(ffmpeg.chain(_source(clip, cut), frame_filters(cut, frame, _headers(clip, cut))), cut)
    jpeg = ffmpeg.arguments([ffmpeg.chain(picture, JPEG)], _STILL, **{"frames:v": 1, **JPEG_FILE})
    ffmpeg.run(jpeg, cwd=work, timeout=TIMEOUT, variables=variables)
    return work / _STILL


def _lay_out_captions(work: Path, cut: Cut) -> Mapping[str, str]:
    """Write what is drawn over the scene into the folder, and return the variables by which its fonts are found."""
    if not cut.captions:
        return {}
    (work / CAPTION_FILE).write_text(cut.captions, encoding="utf-8")
    return typefaces.lay_out(work, FONT_FOLDER)


def _with_logo(picture: ffmpeg.Stream, cut: Cut) -> ffmpeg.Stream:
    """Return the picture with its logo, if it has one, which lies beside the clip."""
    if cut.logo is None:
        return picture
    drawing = ffmpeg.chain(ffmpeg.source(LOGO, formats=PICTURE_FORMATS)["v:0"], logo.filters(cut.size))
    both = ffmpeg.join([picture, drawing], "overlay", **logo.overlay(cut.logo, cut.size))
    return ffmpeg.chain(both, [("format", {"pix_fmts": "yuv420p"}), TAG_BT709])


def _headers(clip: Path, cut: Cut) -> MediaInfo | None:
    """Return what the headers of a clip say; of a picture, whose decoder knows its colours, nothing."""
    return None if cut.move else ffmpeg.probe(clip)


def _source(clip: Path, cut: Cut) -> ffmpeg.Stream:
    return ffmpeg.source(clip.name, formats=cut.formats)["v:0"]
