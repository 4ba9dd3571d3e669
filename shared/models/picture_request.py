"""What is asked of an image model for a picture or a scene's still, what each model can draw, and what that costs.

Values only; touches nothing. The stage that draws stills and whoever tells their price before both use it. Sizes and
tokens are those of Google's page of the model, prices those of litellm 1.110.2 (60 USD a million tokens of picture:
747, 1,120 and 1,680 of them), both read on 2026-11-26.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.choices.words import Aspect, Resolution
from shared.errors import ModelRetired
from shared.film.plan import Plan
from shared.models.request_body import FrozenRequest, Picture, canonical, inline

Size = Literal["512", "1K", "2K"]
FLASH_IMAGE = "gemini-3.1-flash-image"
# The smallest size that is no smaller than the film's picture.
_SIZES: dict[Resolution, Size] = {"720p": "1K", "1080p": "2K"}
_ONE_FRAME = "One still frame of this shot, sharply focused, with a clean picture:"


@dataclass(frozen=True)
class ImageSpec:
    """One image model, as it is sold: USD a picture by size, its shapes, and how many pictures it takes as references.

    `retires` is the earliest day that a source gives, `requests_per_minute` the quota; `location` is Google's.
    """

    id: str
    retires: str
    usd: Mapping[Size, float]
    references: int
    location: str
    requests_per_minute: int
    aspects: tuple[Aspect, ...] = ("9:16", "16:9")


# No source names a day or a quota: the quota is that of Google's previews, and only Vertex AI's own answer retires it.
_SPECS = (
    ImageSpec(FLASH_IMAGE, "unknown", {"512": 0.045, "1K": 0.0672, "2K": 0.101}, 14, "global", requests_per_minute=10),
)
IMAGE_MODELS = {spec.id: spec for spec in _SPECS}


@dataclass(frozen=True)
class PictureBrief:
    """What a scene wants of a still: what it shows, of what shape, and pictures that it shall be like."""

    prompt: str
    aspect_ratio: Aspect
    model: str = FLASH_IMAGE
    size: Size = "1K"
    references: tuple[Picture, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


def picture_request(brief: PictureBrief) -> FrozenRequest:
    """Return what is sent for the picture; raise ModelRetired when the model cannot draw it."""
    spec = IMAGE_MODELS.get(brief.model)
    if spec is None:
        raise ModelRetired(f"The image model {brief.model} is unknown; choose one of {', '.join(IMAGE_MODELS)}.")
    if brief.aspect_ratio not in spec.aspects:
        raise ModelRetired(f"{spec.id} makes {' and '.join(spec.aspects)} only.")
    if brief.size not in spec.usd:
        raise ModelRetired(f"{spec.id} draws {', '.join(spec.usd)} only.")
    if len(brief.references) > spec.references:
        raise ModelRetired(f"{spec.id} takes at most {spec.references} reference pictures.")
    body = {
        "prompt": brief.prompt,
        "references": [inline(picture) for picture in brief.references],
        "image_config": {"aspect_ratio": brief.aspect_ratio, "image_size": brief.size},
        "labels": dict(brief.labels),
    }
    return FrozenRequest(spec.id, spec.usd[brief.size], canonical(body))


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


def still_usd(aspect_ratio: Aspect, resolution: Resolution) -> float:
    """Return the USD that a still costs in a video of that shape, whatever it shows."""
    return picture_request(PictureBrief("", aspect_ratio, size=_SIZES[resolution])).usd
