"""What to draw of a scene as its draft, and what that is known by.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from functions.draw_scene.animatic.spec import ClipSpec, Sketch
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
        drawing = {"edition": EDITION, "spec": asdict(self.spec), "sketch": asdict(self.sketch)}
        return hashlib.sha256(canonical(drawing).encode()).hexdigest()


def draft_order(plan: Plan, sequence: int) -> DraftOrder:
    """Return the draft of a scene: equal plans give equal drafts."""
    scene = plan.scene(sequence)
    width, height = plan.size
    spec = ClipSpec(scene.vertex_ai_prompt, scene.frames / FRAME_RATE, width, height, sequence, len(plan.scenes))
    camerawork = read_camerawork(scene.vertex_ai_prompt, sequence)
    return DraftOrder(spec, Sketch(camerawork, scene.scene_description, scene.visual_style))
