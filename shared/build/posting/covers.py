"""Where the cover of a video is drawn: of which scene, at which of its frames, and where that picture lies.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from shared import media_keys
from shared.film.plan import Plan


@dataclass(frozen=True)
class CoverFrame:
    """A frame of a scene, counted from the scene's first one."""

    sequence: int
    frame: int


def frame_of(plan: Plan) -> CoverFrame | None:
    """Return the frame that the plan's cover shows; None where its poster is the cover.

    A time after the film's end, which may have moved since it was chosen, is that of its last frame.
    """
    if not plan.cover.is_chosen:
        return None
    if plan.cover.at is None:
        return CoverFrame(1, plan.scenes[0].frames // 2)
    at = min(round(plan.cover.at * plan.frame_rate), plan.frames - 1)
    scene = next(each for each in plan.scenes if at < each.end_frame)
    return CoverFrame(scene.sequence, at - scene.start_frame)


def key_of(plan: Plan, frame: CoverFrame, rendered_key: str) -> str:
    """Return the key of the cover, beside its scene at `rendered_key`, which is known by all else that it shows."""
    options = plan.options
    parts = [frame.frame, plan.cover.text, options.captions, options.caption_style.model_dump()]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return media_keys.cover(rendered_key, digest)
