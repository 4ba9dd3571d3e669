"""What is asked of an image model for a picture, what each model can draw, and what that costs.

Values only; touches nothing. Sizes and tokens are those of Google's page of the model, prices those of litellm 1.110.2
(60 USD a million tokens of picture: 747, 1,120 and 1,680 of them), both read on 2026-11-26.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.contracts import Aspect
from shared.errors import ModelRetired
from shared.models.request_body import FrozenRequest, Picture, canonical, inline

Size = Literal["512", "1K", "2K"]
FLASH_IMAGE = "gemini-3.1-flash-image"


@dataclass(frozen=True)
class ImageSpec:
    """One image model, as it is sold: USD a picture by size, and how many pictures it takes as references."""

    id: str
    usd: Mapping[Size, float]
    references: int
    location: str


IMAGE_MODELS = {FLASH_IMAGE: ImageSpec(FLASH_IMAGE, {"512": 0.045, "1K": 0.0672, "2K": 0.101}, 14, "global")}


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
    if len(brief.references) > spec.references:
        raise ModelRetired(f"{spec.id} takes at most {spec.references} reference pictures.")
    body = {
        "prompt": brief.prompt,
        "references": [inline(picture) for picture in brief.references],
        "image_config": {"aspect_ratio": brief.aspect_ratio, "image_size": brief.size},
        "labels": dict(brief.labels),
    }
    return FrozenRequest(spec.id, spec.usd[brief.size], canonical(body))
