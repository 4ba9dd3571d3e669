"""What a generation will cost and take, worked out before anything is bought.

Values only; touches nothing. The clips come from the function that builds the video models' requests.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from functions.api import progress
from shared.budget import pricing
from shared.build.edits import WishedPicture
from shared.choices.words import VideoGoal
from shared.errors import BudgetExceeded
from shared.film.picture_choices import SHOWN, PictureUse
from shared.http.requests import Choices
from shared.http.responses import Alternative, Costs, Estimate, GoalPrice
from shared.models import video_models
from shared.models.clip_request import ClipBrief, ClipRequest, clip_request
from shared.models.picture_request import still_usd
from shared.models.planner_models import request_cost
from shared.models.request_body import Picture
from shared.models.video_models import ModelSpec
from shared.recordings.limits import (
    LONGEST_CLIP,
    LONGEST_RECORDING,
    OVER,
    SHORTEST_CLIP,
    SHORTEST_PLANNED,
    SHORTEST_RECORDING,
)

# Bytes per second of a recording of unknown length: 64 kbit/s, so the guess is rather long than short.
GUESSED_RATE = 8_000
# The most bytes that a second may take by a media type, so that a size proves a length: MPEG audio of layer I has 448
# kbit/s, AAC 6144 bits for each of 8 channels and 1024 samples at 96 kHz, AMR 24 kbit/s. Any other may hold plain
# samples, of 8 channels at 192 kHz and 32 bits, and a video the picture of a master, of 1 Gbit/s.
MOST_RATE = {
    **dict.fromkeys(("audio/mpeg", "audio/mp3"), 56_000),
    **dict.fromkeys(("audio/aac", "audio/aacp", "audio/x-aac"), 576_000),
    **dict.fromkeys(("audio/amr", "audio/amr-wb"), 3_000),
}
MOST_RATE_OF_SOUND = 6_144_000
MOST_RATE_OF_ANY = 125_000_000
# What stands for an own picture that is a reference: the length that it forces is the same for every picture.
_SOME_PICTURE = Picture(b"", "image/jpeg")
# Bytes that a file may have besides: covers, chapters' pictures, notes.
BESIDES = 32_000_000


def orders(
    choices: Choices, default_model: str, seconds: float, pictures: Sequence[WishedPicture] = ()
) -> list[ClipRequest]:
    """Return the orders for a video of `seconds`: clips as long as the model makes them; ModelRetired if it cannot.

    What shows one of the own `pictures` itself is not ordered.
    """
    model = _model(choices, default_model)
    lengths = _scene_lengths(model, seconds)
    briefs = (
        ClipBrief(
            model.id,
            choices.aspect_ratio,
            length,
            resolution=choices.resolution,
            references=(_SOME_PICTURE,) if use == "reference" else (),
        )
        for length, use in zip(lengths, _uses(pictures, len(lengths)), strict=True)
        if use not in SHOWN
    )
    return [clip_request(brief) for brief in briefs]


def _model(choices: Choices, default_model: str) -> ModelSpec:
    return video_models.offer(choices.model or default_model, choices.aspect_ratio, choices.resolution)


def _scene_lengths(model: ModelSpec, seconds: float) -> list[float]:
    """Return the lengths of the scenes of a video of `seconds`, each as long as the model's clips."""
    whole, rest = divmod(round(seconds, 3), model.longest)
    return [float(model.longest)] * int(whole) + ([rest] if rest else []) or [seconds]


def _uses(pictures: Sequence[WishedPicture], scenes: int) -> list[PictureUse | None]:
    """Return what the picture of each scene is used for, None where it has none; they are spread as in a plan."""
    by_scene: dict[int, PictureUse] = {wish.scene: wish.use or "still" for wish in pictures if wish.scene is not None}
    other_uses: list[PictureUse] = [wish.use or "still" for wish in pictures if wish.scene is None]
    others = itertools.cycle(other_uses)
    return [by_scene[number] if number in by_scene else next(others, None) for number in range(1, scenes + 1)]


def _of_planner(choices: Choices, planner_model: str, recording_seconds: float, seconds: float) -> tuple[float, float]:
    """Return what the planning model costs for a video of so many seconds, usually and at most, in USD."""
    usual = request_cost(planner_model, *pricing.plan_tokens(recording_seconds))
    most = pricing.planning_ceiling(planner_model, recording_seconds)
    if choices.caption_language:
        usual += pricing.usual_translation(planner_model)
        most += pricing.most_translation(planner_model, seconds)
    return round(usual, 6), most


def estimate(
    choices: Choices,
    default_model: str,
    planner_model: str,
    recording_seconds: float,
    pictures: Sequence[WishedPicture] = (),
    *,
    has_times: bool = False,
) -> Estimate:
    """Return the estimate for a recording of this length, 0 for one of unknown length, with the own `pictures`.

    `has_times` says that a transcript of the user's own has, so that nothing is transcribed.
    """
    seconds = min(choices.target_duration, recording_seconds or choices.target_duration)
    model = _model(choices, default_model)
    uses = _uses(pictures, len(_scene_lengths(model, seconds)))
    clips = orders(choices, default_model, seconds, pictures)
    transcription = 0.0 if has_times else pricing.transcription(recording_seconds or seconds)
    planning, most_planning = _of_planner(choices, planner_model, recording_seconds or seconds, seconds)
    before = _PriceOfPlan(round(transcription + planning, 6), transcription + most_planning)
    rows = _alternatives(choices, seconds, before, pictures)
    stills = sum(map(_is_drawn, uses)), int((seconds + OVER) / SHORTEST_PLANNED) + 1
    video = _clips_usd(clips)
    usual = progress.usual_seconds(recording_seconds)
    hearing = 0 if has_times else usual["transcription"]
    making = progress.seconds_after_plan(progress.turns_of(len(clips), choices.continuity))
    total = round(transcription + planning + video, 6)
    return Estimate(
        model=model.id,
        seconds=seconds,
        clip_seconds=[clip.seconds for clip in clips],
        cost=Costs(transcription=transcription, scene_planning=planning, video_generation=video, total=total),
        generation_seconds=round(hearing + usual["scene_planning"] + making),
        within_budget=choices.budget is None or total <= choices.budget,
        alternatives=rows,
        goals=_goals(choices, stills, before, next(row for row in rows if row.model == model.id)),
    )


@dataclass(frozen=True)
class _PriceOfPlan:
    """What hearing and planning cost together, usually and at most, in USD."""

    usd: float
    most_usd: float

    def with_more(self, usd: float, most_usd: float) -> dict[str, float]:
        """Return both with what is made by the plan."""
        return {"usd": round(self.usd + usd, 6), "most_usd": round(self.most_usd + most_usd, 6)}


def _is_drawn(use: PictureUse | None) -> bool:
    """Return whether a still is drawn for a scene whose own picture is used so: what begins its clip is one."""
    return use in (None, "reference")


def _goals(choices: Choices, stills: tuple[int, int], before: _PriceOfPlan, video: Alternative) -> list[GoalPrice]:
    """Return what going as far as each goal costs, with so many stills usually and at most; a draft costs none."""
    still = still_usd(choices.aspect_ratio, choices.resolution)
    plan = before.with_more(0, 0)
    usd: dict[VideoGoal, dict[str, float]] = {
        "plan": plan,
        "draft": plan,
        "stills": before.with_more(still * stills[0], still * stills[1]),
        "video": {"usd": video.usd, "most_usd": video.most_usd},
    }
    return [GoalPrice(goal=goal, **prices) for goal, prices in usd.items()]


def _alternatives(
    choices: Choices, seconds: float, before: _PriceOfPlan, pictures: Sequence[WishedPicture]
) -> list[Alternative]:
    """Return what every model that makes such a video would bill, and what the whole would cost, cheapest first."""
    has_references = any(wish.use == "reference" for wish in pictures)
    specs = video_models.on_offer(choices.aspect_ratio, choices.resolution)
    models = [spec.id for spec in specs if spec.references or not has_references]
    rows = [
        Alternative(
            model=model_id,
            billed_seconds=sum(clip.seconds for clip in clips),
            **before.with_more(_clips_usd(clips), _most_usd(choices, model_id, seconds, has_references=has_references)),
        )
        for model_id, clips in ((name, orders(_made_by(choices, name), name, seconds, pictures)) for name in models)
    ]
    return sorted(rows, key=lambda row: row.usd)


def _most_usd(choices: Choices, model_id: str, seconds: float, *, has_references: bool) -> float:
    """Return the most that the clips of a video can cost by the model, however its plan cuts the scenes."""
    spec = video_models.model(model_id)
    seconds_billed = video_models.most_billed(spec, seconds + OVER, int(has_references))
    return video_models.clip_cost(spec, seconds_billed, choices.resolution)


def _made_by(choices: Choices, model_id: str) -> Choices:
    return choices.model_copy(update={"model": model_id})


def _clips_usd(clips: list[ClipRequest]) -> float:
    return round(sum(clip.usd for clip in clips), 6)


def check_affordable(choices: Choices, planner_model: str, least_seconds: float, *, has_times: bool = False) -> None:
    """Raise BudgetExceeded when the budget cannot even pay for hearing and planning a recording of `least_seconds`."""
    hearing = 0.0 if has_times else pricing.transcription(least_seconds)
    least = round(hearing + pricing.planning_ceiling(planner_model, least_seconds), 6)
    if choices.budget is not None and choices.budget < least:
        raise BudgetExceeded(
            f"Transcription and planning alone may cost {least:.4f} USD and the budget is {choices.budget:g} USD; "
            "nothing was started."
        )


def clip_length(excerpt_seconds: float) -> float:
    """Return the length that a video of the whole excerpt is asked for with."""
    return min(max(excerpt_seconds, SHORTEST_CLIP), LONGEST_CLIP)


def least_seconds(file_size: int, content_type: str) -> float:
    """Return the least that a recording of `file_size` bytes lasts, in seconds: what nobody could pay is refused."""
    kind = content_type.partition("/")[0]
    rate = MOST_RATE.get(content_type, MOST_RATE_OF_SOUND if kind == "audio" else MOST_RATE_OF_ANY)
    return min(max(SHORTEST_RECORDING, (file_size - BESIDES) / rate), LONGEST_RECORDING)


def guessed_seconds(file_size: int) -> float:
    """Return how long a recording of `file_size` bytes may be, in seconds."""
    return min(file_size / GUESSED_RATE, LONGEST_RECORDING)
