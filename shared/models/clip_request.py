"""The one place that says what is asked of a video model for a clip, and what that costs.

Values only; touches nothing. The stage that orders a clip and the estimate before the order both use it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.choices.words import Aspect, Resolution
from shared.errors import ModelRetired
from shared.models import video_models
from shared.models.request_body import FrozenRequest, Picture, canonical, inline
from shared.models.video_models import ModelSpec, Protocol

FIRST_FRAME_TAG = "<FIRST_FRAME>"


@dataclass(frozen=True)
class ClipBrief:
    """What a scene wants of a video model: a clip that covers `seconds`.

    `first_frame` is the picture that it begins with, `references` are pictures of people and things that it shows; no
    model takes both.
    """

    model: str
    aspect_ratio: Aspect
    seconds: float
    prompt: str = ""
    negative_prompt: str = ""
    resolution: Resolution = "720p"
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    first_frame: Picture | None = None
    references: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class ClipRequest(FrozenRequest):
    """What is sent for one clip; `seconds` are what is sold, `usd` what the clip costs when it is delivered."""

    seconds: int
    brief: ClipBrief = field(repr=False)


def clip_request(brief: ClipBrief) -> ClipRequest:
    """Return what is sent for a clip; raise ModelRetired when the model cannot make it."""
    spec = video_models.offer(brief.model, brief.aspect_ratio, brief.resolution)
    _check_pictures(spec, brief)
    seconds = video_models.billed_seconds(spec, brief.seconds, len(brief.references))
    usd = video_models.clip_cost(spec, seconds, brief.resolution)
    return ClipRequest(spec.id, usd, canonical(_BODIES[spec.protocol](spec, brief, seconds)), seconds, brief)


def _check_pictures(spec: ModelSpec, brief: ClipBrief) -> None:
    if brief.first_frame and not spec.first_frame:
        raise ModelRetired(f"{spec.id} takes no first frame.")
    if len(brief.references) > spec.references:
        raise ModelRetired(f"{spec.id} takes at most {spec.references} reference pictures.")
    if brief.first_frame and brief.references:
        raise ModelRetired(f"{spec.id} takes a first frame or reference pictures, not both.")


def _veo_body(spec: ModelSpec, brief: ClipBrief, seconds: int) -> dict[str, Any]:
    """Return the fields of google-genai's source and GenerateVideosConfig; sound is off, the voice is the film's."""
    config: dict[str, Any] = {
        "number_of_videos": 1,
        "duration_seconds": seconds,
        "aspect_ratio": brief.aspect_ratio,
        "resolution": brief.resolution,
        "person_generation": "allow_adult",
        "generate_audio": False,
        "labels": dict(brief.labels),
    }
    if brief.negative_prompt and spec.negative_prompt:
        config["negative_prompt"] = brief.negative_prompt
    body: dict[str, Any] = {"prompt": brief.prompt, "config": config}
    if brief.first_frame:
        body["first_frame"] = inline(brief.first_frame)
    if brief.references:
        body["references"] = [inline(picture) for picture in brief.references]
    return body


def _interactions_body(_spec: ModelSpec, brief: ClipBrief, seconds: int) -> dict[str, Any]:
    """Return the body of an interaction, but for how it is waited for; the model has no switch for sound."""
    pictures = (brief.first_frame,) if brief.first_frame else brief.references
    task = "image_to_video" if brief.first_frame else "reference_to_video" if brief.references else "text_to_video"
    # Of length only this form is taken on Vertex AI: a number is a 400 (googleapis/js-genai#1808).
    clip = {
        "type": "video",
        "aspect_ratio": brief.aspect_ratio,
        "resolution": brief.resolution,
        "duration": f"{seconds}s",
    }
    parts = [{"type": "image", **inline(picture)} for picture in pictures]
    # The tag says what the picture is for (google-gemini/gemini-skills#73).
    prompt = f"{FIRST_FRAME_TAG} {brief.prompt}" if brief.first_frame else brief.prompt
    return {
        "input": [*parts, {"type": "text", "text": prompt}] if parts else prompt,
        "response_format": [clip],
        "generation_config": {"video_config": {"task": task}},
        "labels": dict(brief.labels),
    }


_BODIES: dict[Protocol, Callable[[ModelSpec, ClipBrief, int], dict[str, Any]]] = {
    "veo": _veo_body,
    "interactions": _interactions_body,
}
