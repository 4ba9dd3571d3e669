"""What each Veo model can make and what it costs: the one table of video models.

Pure data and look-ups; touches nothing. Durations, aspects and resolutions are those of Google's own
vertex-ai-creative-studio configuration, prices those of the public price list as read on 2026-11-23; prices are with
sound, the published upper bound, because the price without sound is not published for every model.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import ModelRetired

DEFAULT_MODEL = "veo-3.1-fast-generate-001"
FRAME_RATE = 24
RESOLUTION = "720p"
NEGATIVE_PROMPT = "text, captions, subtitles, watermark, logo, speaking, lip movement, split screen, blurry"
# The same wishes said of what is to be seen, for the prompt of a model that takes no negative one.
CLEAN_PICTURE = "One continuous, sharply focused shot with a clean picture; lips stay closed."


@dataclass(frozen=True)
class VeoModel:
    """One model: seconds it sells, aspects and resolutions it makes, USD per second, requests per minute allowed.

    `negative_prompt` says whether it takes that parameter; Lite answers 400 to it (public reports). `retires` is the
    earliest day that a source gives; sources differ on the two GA models (2026-11-17 in litellm 1.110.2, not before
    2027-05-04 by a reader of Google's page), so ids are data and only Vertex AI's own answer retires one.
    """

    id: str
    clip_seconds: tuple[int, ...]
    aspects: tuple[str, ...]
    usd_per_second: dict[str, float]
    requests_per_minute: int
    negative_prompt: bool
    retires: str


_ASPECTS = ("9:16", "16:9")
MODELS = {
    model.id: model
    for model in (
        VeoModel(
            "veo-3.1-fast-generate-001",
            (4, 6, 8),
            _ASPECTS,
            {"720p": 0.10, "1080p": 0.12},
            50,
            True,
            "2027-05-04",
        ),
        VeoModel("veo-3.1-generate-001", (4, 6, 8), _ASPECTS, {"720p": 0.40, "1080p": 0.40}, 50, True, "2027-05-04"),
        VeoModel(
            "veo-3.1-lite-generate-001",
            (4, 6, 8),
            _ASPECTS,
            {"720p": 0.05, "1080p": 0.08},
            10,
            False,
            "preview",
        ),
    )
}
RETIRED = {"veo-2.0-generate-001": "2026-06-30", "veo-3.0-generate-001": "2026-06-30", "veo-2": "2026-06-30"}
RETIRED["veo-3.0-fast-generate-001"] = "2026-06-30"


def model(model_id: str) -> VeoModel:
    """Return the model called `model_id`; raise ModelRetired, naming the alternatives, when it is not for sale."""
    if model_id in MODELS:
        return MODELS[model_id]
    when = RETIRED.get(model_id)
    state = f"was retired on {when}" if when else "is unknown"
    raise ModelRetired(f"The video model {model_id} {state}; choose one of {', '.join(MODELS)}.")


def billed_seconds(of: VeoModel, seconds: float) -> int:
    """Return the shortest clip, in seconds, that `of` sells and that covers `seconds`; ModelRetired if none does."""
    for length in of.clip_seconds:
        if seconds <= length + 1e-6:
            return length
    raise ModelRetired(f"{of.id} makes at most {of.clip_seconds[-1]} seconds a clip, {seconds:.2f} were asked for.")


def clip_cost(of: VeoModel, seconds: int) -> float:
    """Return the USD that one clip of `seconds` billed seconds costs."""
    return round(of.usd_per_second[RESOLUTION] * seconds, 6)
