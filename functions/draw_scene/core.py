"""What to draw of a scene, and what it is known by: a draft, or the pass of a camera over a still.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from functions.draw_scene.animatic.spec import ClipSpec, Sketch
from shared.build.camera import CameraPass
from shared.film.camerawork import read_camerawork
from shared.film.plan import Plan
from shared.models.request_body import canonical
from shared.models.video_models import FRAME_RATE

# What is drawn anew counts up: the clip of an earlier edition is not the one that is wanted.
EDITION = 1


@dataclass(frozen=True)
class DraftOrder:
    """A draft that is to be drawn."""

    spec: ClipSpec
    sketch: Sketch

    @property
    def digest(self) -> str:
        """What tells this draft from any other, in hexadecimal."""
        return _digest({"edition": EDITION, "spec": asdict(self.spec), "sketch": asdict(self.sketch)})


@dataclass(frozen=True)
class StillOrder:
    """The pass of a camera over a picture that is known as a take."""

    picture: str
    camera_pass: CameraPass

    @property
    def digest(self) -> str:
        """What tells this clip from any other, in hexadecimal."""
        return _digest({"edition": EDITION, "picture": self.picture, "pass": asdict(self.camera_pass)})


def draft_order(plan: Plan, sequence: int) -> DraftOrder:
    """Return the draft of a scene: equal plans give equal drafts."""
    scene = plan.scene(sequence)
    width, height = plan.size
    seconds = _frames(plan, sequence) / FRAME_RATE
    spec = ClipSpec(scene.vertex_ai_prompt, seconds, width, height, sequence, len(plan.scenes))
    camerawork = read_camerawork(scene.vertex_ai_prompt, sequence)
    return DraftOrder(spec, Sketch(camerawork, scene.scene_description, scene.visual_style))


def still_order(plan: Plan, sequence: int, prompt: str, picture: str) -> StillOrder:
    """Return the clip of a scene's still, which was drawn of `prompt` and is known as `picture`."""
    size = plan.size
    return StillOrder(picture, CameraPass(read_camerawork(prompt, sequence).move, _frames(plan, sequence), size))


def _frames(plan: Plan, sequence: int) -> int:
    scene = plan.scene(sequence)
    return scene.end_frame - scene.start_frame


def _digest(values: dict[str, object]) -> str:
    return hashlib.sha256(canonical(values).encode()).hexdigest()
