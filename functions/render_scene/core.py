"""What a rendered scene must be: its frames, its filters, its encoder settings and what to say of a poor clip.

Pure functions, touches nothing; media lengths are seconds, picture sizes pixels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from functions.render_scene import logo
from functions.render_scene.framing import crop
from shared import media_keys
from shared.brand.choices import Logo
from shared.build.camera import MIDDLE, PICTURE_FORMATS, CameraPass, offset, pass_over
from shared.build.continuity import end_key, picture_key, still_move
from shared.build.encoder import ENCODER
from shared.captions import burnt_captions
from shared.captions.face import Face
from shared.captions.faces import FACES
from shared.film.camerawork import Framing, Move, read_camerawork
from shared.film.colours import TAG_BT709, to_bt709
from shared.film.ffmpeg import CLIP_FORMATS, PNG, Filter
from shared.film.media_headers import MediaInfo
from shared.film.plan import Plan
from shared.models.video_models import FRAME_RATE

CAPTION_FILE = "captions.ass"
FONT_FOLDER = "fonts"
# How much of what is cut away lies above, where a lower frame is cut from an upright clip in which no face is seen: the
# eyes of whoever is shown near are a third from its top, and a wide shot has its subject in the middle.
HEADROOM: Mapping[Framing, float] = {"close": 0.3, "medium": 0.25, "wide": 0.5, "detail": 0.5}
_BURN: Filter = ("ass", {"filename": CAPTION_FILE, "fontsdir": FONT_FOLDER})


@dataclass(frozen=True)
class Cut:
    """One scene to render: `frames` at the film's rate, `size` in pixels, `captions` an ASS document or empty.

    `move` is how a camera moves over it, where it is a picture that stands still; `logo` is drawn over it, if any.
    `own_face` is that of a font of the user's own, if the captions are drawn in one.
    `place` is how much of what is cut away of a clip or picture of another shape lies to the left, and how much above;
    `rule` names that by which faces decide on it, and is empty where they do not.
    """

    sequence: int
    frames: int
    size: tuple[int, int]
    captions: str
    degradations: tuple[str, ...]
    move: Move | None = None
    logo: Logo | None = None
    own_face: Face | None = None
    place: tuple[float, float] = MIDDLE
    rule: str = ""

    def digest(self, clip_key: str) -> str:
        """Return what tells the scene made of the clip at `clip_key` from any other, in hexadecimal.

        Two that are equal have the same frames, so that whoever finds one need not make it. Where faces decide, the
        place is still that of a scene in which nobody is seen: theirs follows from the clip by the rule.
        """
        parts = [clip_key, self.frames, self.size, self.captions, filters(self), ENCODER]
        if self.rule:
            parts.append(self.rule)
        if self.logo:
            parts += [self.logo.digest, logo.filters(self.size), logo.overlay(self.logo, self.size)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]

    @property
    def seconds(self) -> float:
        """The scene's length in seconds."""
        return self.frames / FRAME_RATE

    @property
    def formats(self) -> str:
        """What may be rendered, as ffmpeg calls it: a picture where a camera moves over it, else a clip."""
        return PICTURE_FORMATS if self.move else CLIP_FORMATS


def cut(plan: Plan, sequence: int, clip_key: str, faces: Collection[Face] = FACES, own_face: Face | None = None) -> Cut:
    """Return what to render for the scene numbered `sequence` of `plan`, of what lies at `clip_key`.

    Its captions are in the `faces` at hand, and in the user's own if there is one.
    """
    scene = plan.scene(sequence)
    start = scene.start_frame / FRAME_RATE
    end = scene.end_frame / FRAME_RATE
    document, note = burnt_captions.document(plan, start, end, faces, own_face)
    move = still_move(scene) if media_keys.is_still(clip_key) else None
    is_own = _is_own(plan, sequence, clip_key)
    headroom = HEADROOM[read_camerawork(scene.vertex_ai_prompt, sequence).framing]
    return Cut(
        sequence,
        scene.frames,
        plan.size,
        document,
        (note,) if note else (),
        move,
        plan.brand.logo,
        own_face,
        # An own picture is not what the prompt asks for.
        place=MIDDLE if is_own or plan.size == plan.clip_size else (MIDDLE[0], headroom),
        rule=crop.RULE if is_own or plan.size != plan.clip_size else "",
    )


def _is_own(plan: Plan, sequence: int, clip_key: str) -> bool:
    """Return whether the scene's own picture or clip lies at the key."""
    scene = plan.scene(sequence)
    return scene.picture is not None and clip_key == picture_key(plan, scene, scene.picture)


def as_clip(plan: Plan, target: Cut) -> Cut:
    """Return the scene in the shape in which clips are made, without captions: what the next clip begins with."""
    return replace(target, size=plan.clip_size, captions="", place=MIDDLE)


def filters(target: Cut, clip: MediaInfo | None = None) -> list[Filter]:
    """Return the filters that make any clip or picture the wanted one: crop, colours, exact frames, captions.

    What the headers of the `clip` do not say of its colours is taken as `shared.film.colours` says.
    """
    move = target.move and CameraPass(target.move, target.frames, target.size, place=target.place)
    plain: list[Filter] = [
        *(pass_over(move) if move else _moving(target, clip)),
        TAG_BT709,
        ("trim", {"end_frame": target.frames}),
        ("setpts", {"expr": "PTS-STARTPTS"}),
    ]
    return [*plain, _BURN] if target.captions else plain


def frame_filters(target: Cut, frame: int, clip: MediaInfo | None) -> list[Filter]:
    """Return the filters that make of any clip or picture one frame of its scene, with what is drawn over it."""
    # What is drawn is there from the first moment on, which this frame's then is.
    only: Filter = ("trim", {"start_frame": frame, "end_frame": frame + 1})
    plain = [*filters(replace(target, captions=""), clip), only, ("setpts", {"expr": "PTS-STARTPTS"})]
    return [*plain, _BURN] if target.captions else plain


def _moving(target: Cut, clip: MediaInfo | None) -> list[Filter]:
    """Return the filters that bring a clip to the video's rate and size; it holds its last frame where it is short."""
    width, height = target.size
    cover = {"force_original_aspect_ratio": "increase", **(to_bt709(clip) if clip else {})}
    return [
        ("fps", {"fps": FRAME_RATE}),
        ("scale", {"w": width, "h": height, **cover}),
        ("crop", {"w": width, "h": height, **offset(target.place)}),
        ("setsar", {"sar": 1}),
        ("format", {"pix_fmts": "yuv420p"}),
        ("tpad", {"stop_mode": "clone", "stop_duration": round(target.seconds + 1, 3)}),
    ]


def last_frame_filters(target: Cut, clip: MediaInfo | None) -> list[Filter]:
    """Return the filters that make of any clip or picture what its scene ends with."""
    last: Filter = ("trim", {"start_frame": target.frames - 1})
    return [*filters(target, clip), last, *PNG]


def last_frame_key(plan: Plan, target: Cut, clip_key: str) -> str:
    """Return where the scene's last picture belongs; nothing unless the next scene's clip begins with it."""
    is_followed = plan.options.continuity == "chain" and target.sequence < len(plan.scenes)
    # No clip follows a draft, or a still that is not the user's own.
    is_drawn = not media_keys.is_take(clip_key) or (target.move and not _is_own(plan, target.sequence, clip_key))
    return end_key(plan.scene(target.sequence), clip_key) if is_followed and not is_drawn else ""


def frozen_frame_notes(target: Cut, clip_seconds: float) -> tuple[str, ...]:
    """Return the message about a clip that is more than half a frame shorter than its scene, if it is."""
    missing = target.seconds - clip_seconds
    if missing <= 0.5 / FRAME_RATE:
        return ()
    return (f"scene {target.sequence}: the clip was {max(missing, 0.1):.1f} s short, its last frame is held",)
