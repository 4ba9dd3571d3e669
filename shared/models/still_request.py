"""What is asked of an image model for the still of a planned scene, and what that costs.

Values only; touches nothing. The stage that draws it and whoever tells its price before both use it.
"""

from __future__ import annotations

from shared.contracts import Resolution
from shared.film.plan import Plan
from shared.models.picture_request import PictureBrief, Size, picture_request

# The smallest size that is no smaller than the film's picture.
_SIZES: dict[Resolution, Size] = {"720p": "1K", "1080p": "2K"}
_ONE_FRAME = "One still frame of this shot, sharply focused, with a clean picture:"


def still_brief(plan: Plan, sequence: int, prompt: str = "") -> PictureBrief:
    """Return what a scene wants of an image model; `prompt` is in place of the plan's."""
    return PictureBrief(
        prompt=f"{_ONE_FRAME} {prompt or plan.scene(sequence).vertex_ai_prompt}",
        aspect_ratio=plan.options.aspect_ratio,
        size=_SIZES[plan.options.resolution],
        labels={"video_id": plan.video_id.lower(), "scene": str(sequence), "scenes": str(len(plan.scenes))},
    )


def still_price(plan: Plan, sequence: int) -> float:
    """Return the USD that the still of a scene costs when it is drawn."""
    return picture_request(still_brief(plan, sequence)).usd
