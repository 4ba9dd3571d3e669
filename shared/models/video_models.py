"""What each video model can make and what it costs: the one table of video models.

Pure data and look-ups; touches nothing. Lengths, ratios and resolutions of Veo are those of Google's own
vertex-ai-creative-studio configuration, its prices those of the public price list as read on 2026-11-23: with sound,
the published upper bound, because the price without is not published for every model. Omni is sold by video tokens,
5,792 a second at 720p for 12 USD a million (litellm 1.110.2), and at 1080p for half as much again (the lists of three
resellers, read 2026-11-26), both rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from shared.choices.words import Aspect, Resolution
from shared.errors import ModelRetired
from shared.recordings.limits import SHORTEST_PLANNED

# How a model is spoken to; each protocol has one adapter.
Protocol = Literal["veo", "interactions"]
DEFAULT_MODEL = "veo-3.1-fast-generate-001"
OMNI = "gemini-omni-1.2-flash"
FRAME_RATE = 24
NEGATIVE_PROMPT = "text, captions, subtitles, watermark, logo, speaking, lip movement, split screen, blurry"
# The same wishes said of what is to be seen, for the prompt of a model that takes no negative one.
CLEAN_PICTURE = "One continuous, sharply focused shot with a clean picture; lips stay closed."
# What the names of Omni's clips begin with, where Veo's are paths of operations.
INTERACTIONS = "interactions/"


@dataclass(frozen=True)
class ModelSpec:
    """One model, as it is sold.

    `clip_seconds` are the lengths of clips, in rising order; `usd_per_second` has the resolutions that are sold;
    `requests_per_minute` is the quota. `negative_prompt` and `first_frame` say whether it takes one, `references` how
    many pictures of people or things, with which it makes clips of `reference_seconds` only; `has_silence` says whether
    clips can be had without sound. `location` is Google's, or empty for the one that the secret names.

    `retires` is the earliest day that a source gives; sources differ on the two GA models of Veo (2026-11-17 in litellm
    1.110.2, not before 2027-05-04 by a reader of Google's page), so ids are data and only Vertex AI's own answer
    retires one.
    """

    id: str
    retires: str
    usd_per_second: Mapping[Resolution, float]
    protocol: Protocol = "veo"
    clip_seconds: tuple[int, ...] = (4, 6, 8)
    aspects: tuple[Aspect, ...] = ("9:16", "16:9")
    requests_per_minute: int = 50
    negative_prompt: bool = True
    first_frame: bool = True
    references: int = 3
    reference_seconds: tuple[int, ...] = (8,)
    has_silence: bool = True
    location: str = ""

    @property
    def longest(self) -> int:
        """The longest clip, in seconds."""
        return self.clip_seconds[-1]

    def lengths(self, references: int = 0) -> tuple[int, ...]:
        """Return the lengths of clips, in seconds, that are sold with so many reference pictures."""
        return self.reference_seconds if references else self.clip_seconds


_SPECS = (
    ModelSpec("veo-3.1-fast-generate-001", "2027-05-04", {"720p": 0.10, "1080p": 0.12}),
    ModelSpec("veo-3.1-generate-001", "2027-05-04", {"720p": 0.40, "1080p": 0.40}),
    # It answers 400 to a negative prompt (public reports), and takes no reference pictures.
    ModelSpec(
        "veo-3.1-lite-generate-001",
        "preview",
        {"720p": 0.05, "1080p": 0.08},
        requests_per_minute=10,
        negative_prompt=False,
        references=0,
        reference_seconds=(),
    ),
    # The quota is not published: that of Google's previews.
    ModelSpec(
        OMNI,
        "unknown",
        {"720p": 0.07, "1080p": 0.105},
        protocol="interactions",
        clip_seconds=tuple(range(3, 16)),
        requests_per_minute=10,
        negative_prompt=False,
        references=6,
        reference_seconds=tuple(range(3, 16)),
        has_silence=False,
        location="global",
    ),
)
MODELS = {spec.id: spec for spec in _SPECS}
RETIRED = {"veo-2.0-generate-001": "2026-06-30", "veo-3.0-generate-001": "2026-06-30", "veo-2": "2026-06-30"}
RETIRED["veo-3.0-fast-generate-001"] = "2026-06-30"


def model(model_id: str) -> ModelSpec:
    """Return the model called `model_id`; raise ModelRetired, naming the alternatives, when it is not for sale."""
    if model_id in MODELS:
        return MODELS[model_id]
    when = RETIRED.get(model_id)
    state = f"was retired on {when}" if when else "is unknown"
    raise ModelRetired(f"The video model {model_id} {state}; choose one of {', '.join(MODELS)}.")


def on_offer(aspect: Aspect, resolution: Resolution) -> list[ModelSpec]:
    """Return the models that make pictures of this shape and size."""
    return [spec for spec in MODELS.values() if aspect in spec.aspects and resolution in spec.usd_per_second]


def offer(model_id: str, aspect: Aspect, resolution: Resolution) -> ModelSpec:
    """Return the model called `model_id`; raise ModelRetired unless it makes pictures of this shape and size."""
    spec = model(model_id)
    if aspect not in spec.aspects:
        raise ModelRetired(f"{spec.id} makes {' and '.join(spec.aspects)} only.")
    if resolution not in spec.usd_per_second:
        raise ModelRetired(f"{spec.id} makes {' and '.join(spec.usd_per_second)} only.")
    return spec


def billed_seconds(of: ModelSpec, seconds: float, references: int = 0) -> int:
    """Return the shortest clip, in seconds, that `of` sells and that covers `seconds`; ModelRetired if none does."""
    lengths = of.lengths(references)
    for length in lengths:
        if seconds <= length + 1e-6:
            return length
    most = f"at most {lengths[-1]} seconds a clip" if lengths else "no clip by reference pictures"
    raise ModelRetired(f"{of.id} makes {most}, {seconds:.2f} were asked for.")


def most_billed(of: ModelSpec, seconds: float, references: int = 0) -> int:
    """Return the most seconds at which the clips of any plan of `seconds` are billed; each clip is billed whole.

    A scene is SHORTEST_PLANNED or longer, or fits into no clip together with either neighbour: one before a longer
    neighbour is counted with that, and one at the very end by itself.
    """
    lengths = of.lengths(references)
    shares = [length / max(SHORTEST_PLANNED, before) for before, length in pairwise((0, *lengths))]
    # A scene that is too short, and its neighbour, last longer than the longest clip together.
    pair = (lengths[0] + lengths[-1]) / of.longest
    return math.ceil(round(max(*shares, pair) * seconds, 6)) + lengths[0]


def clip_cost(of: ModelSpec, seconds: int, resolution: Resolution = "720p") -> float:
    """Return the USD that one clip of `seconds` billed seconds costs."""
    return round(of.usd_per_second[resolution] * seconds, 6)


def protocol_of(handle: str) -> Protocol:
    """Return how the model is spoken to whose clip has this name."""
    return "interactions" if handle.startswith(INTERACTIONS) else "veo"
