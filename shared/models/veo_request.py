"""The one place that says what is asked of Veo for a clip, and what that costs.

Values only; touches nothing. The stage that orders a clip and the estimate before the order both use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import Aspect
from shared.models import video_models


@dataclass(frozen=True)
class ClipOrder:
    """What is sent to Veo for one clip; seconds are what Veo sells."""

    model: str
    prompt: str
    negative_prompt: str
    seconds: int
    aspect_ratio: Aspect
    labels: Mapping[str, str]


def order(
    model_id: str,
    aspect_ratio: Aspect,
    seconds: float,
    *,
    prompt: str = "",
    negative_prompt: str = "",
    labels: Mapping[str, str] | None = None,
) -> ClipOrder:
    """Return the order of a clip that covers `seconds`; raise ModelRetired when the model cannot make it."""
    model = video_models.model(model_id)
    negative = negative_prompt if model.negative_prompt else ""
    return ClipOrder(model.id, prompt, negative, video_models.billed_seconds(model, seconds), aspect_ratio, labels or {})


def cost(clip_order: ClipOrder) -> float:
    """Return the USD that the order's clip costs when it is delivered."""
    return video_models.clip_cost(video_models.model(clip_order.model), clip_order.seconds)


def config(clip_order: ClipOrder) -> dict[str, Any]:
    """Return the order as the fields of google-genai's GenerateVideosConfig; sound is off, the voice is the film's."""
    fields = {
        "number_of_videos": 1,
        "duration_seconds": clip_order.seconds,
        "aspect_ratio": clip_order.aspect_ratio,
        "resolution": video_models.RESOLUTION,
        "person_generation": "allow_adult",
        "generate_audio": False,
        "labels": dict(clip_order.labels),
    }
    return fields | ({"negative_prompt": clip_order.negative_prompt} if clip_order.negative_prompt else {})
