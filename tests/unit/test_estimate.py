"""The estimate is made of the very orders that Veo would be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import costs
from functions.api import estimate
from functions.generate_scene.core import SceneOrder
from shared.budget import pricing
from shared.build.edits import WishedPicture
from shared.choices.words import Aspect, Continuity, Resolution
from shared.errors import BudgetExceeded
from shared.film.picture_choices import PictureUse
from shared.http import media_types
from shared.http.requests import Choices
from shared.models import video_models
from shared.models.clip_request import clip_request
from shared.models.picture_request import PictureBrief, Size, picture_request
from shared.models.planner_models import request_cost
from shared.recordings.limits import LONGEST_RECORDING, SHORTEST_RECORDING
from shared.video.record import VertexAiTask
from tests.unit.cloud_fixtures import MODEL as VEO
from tests.unit.cloud_fixtures import plan, scene


@pytest.mark.parametrize("model", sorted(video_models.MODELS))
@pytest.mark.parametrize("aspect", ["9:16", "16:9"])
@pytest.mark.parametrize("seconds", [5.0, 15.0, 29.5, 60.0])
def test_an_estimated_clip_is_the_order_that_its_scene_would_place(model: str, aspect: Aspect, seconds: float) -> None:
    choices = Choices(model=model, aspect_ratio=aspect, target_duration=seconds)
    foreseen = estimate.orders(choices, "", seconds)
    options = plan().options.model_copy(update={"aspect_ratio": aspect})
    scenes = tuple(scene(n + 1).model_copy(update={"veo_seconds": clip.seconds}) for n, clip in enumerate(foreseen))
    film_plan = plan().model_copy(update={"model": model, "options": options, "scenes": scenes})
    tasks = [VertexAiTask(sequence=planned_scene.sequence) for planned_scene in film_plan.scenes]
    briefs = [SceneOrder(film_plan, task, 1, "u", "").brief("") for task in tasks]
    orders = [clip_request(replace(brief, labels={}, negative_prompt="")) for brief in briefs]
    assert [request.digest for request in foreseen] == [request.digest for request in orders]
    forecast = estimate.estimate(choices, "", "gpt-6-luna", seconds)
    assert forecast.cost.video_generation == pytest.approx(sum(order.usd for order in orders))
    assert sum(forecast.clip_seconds) >= seconds


# Hearing takes 25 s and a tenth of the recording, planning 15 s, all clips at once 100 s, and joining 20 s; of a chain,
# each clip after the first takes 100 s more.
@pytest.mark.parametrize(
    ("continuity", "model", "lengths", "clips", "whole_seconds"),
    [
        ("none", VEO, (30, 600), 4, 25 + 60 + 15 + 100 + 20),
        ("still", VEO, (30, 600), 4, 25 + 60 + 15 + 100 + 20),
        ("chain", VEO, (30, 600), 4, 25 + 60 + 15 + 400 + 20),
        ("none", VEO, (8, 20), 1, 25 + 2 + 15 + 100 + 20),
        ("chain", VEO, (8, 20), 1, 25 + 2 + 15 + 100 + 20),
        # A recording that is shorter than the video asked for is used whole.
        ("chain", VEO, (60, 20), 3, 25 + 2 + 15 + 300 + 20),
        # Of a length that nobody knows yet.
        ("chain", VEO, (16, 0), 2, 25 + 15 + 200 + 20),
        ("none", video_models.OMNI, (30, 40), 2, 25 + 4 + 15 + 100 + 20),
        ("chain", video_models.OMNI, (30, 40), 2, 25 + 4 + 15 + 200 + 20),
    ],
)
def test_the_clips_of_a_chain_take_one_after_another_what_others_take_at_once(
    continuity: Continuity, model: str, lengths: tuple[int, int], clips: int, whole_seconds: int
) -> None:
    target_seconds, recording_seconds = lengths
    choices = Choices(model=model, target_duration=target_seconds, continuity=continuity)
    forecast = estimate.estimate(choices, "", "gpt-6-luna", recording_seconds)
    assert (len(forecast.clip_seconds), forecast.generation_seconds) == (clips, whole_seconds)


@pytest.mark.parametrize("content_type", [*sorted(media_types.RECORDINGS), "", "text/html"])
@given(size=st.integers(0, 2_000_000_000))
def test_a_size_proves_no_length_that_a_recording_could_be_shorter_than(content_type: str, size: int) -> None:
    seconds = estimate.least_seconds(size, content_type)
    assert SHORTEST_RECORDING <= seconds <= LONGEST_RECORDING
    # The largest of each kind that anybody was seen to upload: kbit/s, and what pictures take besides.
    kbit = MOST_SEEN.get(content_type, 12_288 if content_type.startswith("audio/") else 900_000)
    lasts = (size - 10_000_000) * 8 / (kbit * 1000)
    assert seconds <= max(SHORTEST_RECORDING, lasts)


MOST_SEEN = {
    **dict.fromkeys(("audio/mpeg", "audio/mp3"), 320),
    **dict.fromkeys(("audio/aac", "audio/aacp", "audio/x-aac"), 1_024),
    **dict.fromkeys(("audio/amr", "audio/amr-wb"), 24),
}


def test_a_budget_that_cannot_pay_for_what_a_size_proves_is_refused() -> None:
    size = 200_000_000
    least = estimate.least_seconds(size, "audio/mpeg")
    assert least == 3_000
    estimate.check_affordable(Choices(budget=0.4), "gpt-6-luna", least)
    with pytest.raises(BudgetExceeded, match=r"may cost 0\.3\d+ USD and the budget is 0\.3 USD"):
        estimate.check_affordable(Choices(budget=0.3), "gpt-6-luna", least)
    # The same size as a video may be a moment.
    estimate.check_affordable(Choices(budget=0.03), "gpt-6-luna", estimate.least_seconds(size, "video/mp4"))


@pytest.mark.parametrize("seconds", [5.0, 600.0, 3600.0])
def test_the_estimate_prices_the_request_that_the_table_of_costs_does(seconds: float) -> None:
    forecast = estimate.estimate(Choices(target_duration=5), "veo-3.1-fast-generate-001", "gpt-6-luna", seconds)
    assert forecast.cost.scene_planning == request_cost("gpt-6-luna", *pricing.plan_tokens(seconds))
    assert forecast.cost.scene_planning < pricing.planning_ceiling("gpt-6-luna", seconds)
    assert pricing.plan_tokens(costs.SECONDS) == costs.TOKENS


def wishes(*uses: PictureUse | None, scene: int | None = None) -> list[WishedPicture]:
    return [WishedPicture(image_id=f"{number:020x}", use=use, scene=scene) for number, use in enumerate(uses)]


# A video of 30 s has three scenes of 8 s and one of 6 s; a still costs 0.0672 USD.
@pytest.mark.parametrize(
    ("pictures", "clips", "stills"),
    [
        ([], [8, 8, 8, 6], 4),
        (wishes(None), [], 0),
        (wishes("still", "clip"), [], 0),
        (wishes("still", scene=2), [8, 8, 6], 3),
        (wishes("first_frame"), [8, 8, 8, 6], 0),
        (wishes("reference"), [8, 8, 8, 8], 4),
        (wishes("still", "first_frame"), [8, 6], 0),
        (wishes("reference", scene=4) + wishes("still"), [8], 1),
        (wishes("still", scene=9), [8, 8, 8, 6], 4),
    ],
)
def test_what_own_pictures_show_is_not_in_the_price(
    pictures: list[WishedPicture], clips: list[int], stills: int
) -> None:
    forecast = estimate.estimate(Choices(target_duration=30), VEO, "gpt-6-luna", 40, pictures)
    usd = {price.goal: price.usd for price in forecast.goals}
    assert forecast.clip_seconds == clips
    assert usd["video"] - usd["plan"] == pytest.approx(0.1 * sum(clips))
    assert usd["stills"] - usd["plan"] == pytest.approx(0.0672 * stills)
    lite = [row for row in forecast.alternatives if row.model == "veo-3.1-lite-generate-001"]
    assert bool(lite) == (not any(wish.use == "reference" for wish in pictures))
    whole = estimate.estimate(Choices(target_duration=30), VEO, "gpt-6-luna", 40)
    assert whole.generation_seconds - forecast.generation_seconds == (0 if clips else 100 - 10)


@pytest.mark.parametrize(("resolution", "size"), [("720p", "1K"), ("1080p", "2K")])
def test_each_goal_has_its_price_a_still_for_each_clip(resolution: Resolution, size: Size) -> None:
    forecast = estimate.estimate(Choices(target_duration=30, resolution=resolution), VEO, "gpt-6-luna", 40)
    usd = {price.goal: price.usd for price in forecast.goals}
    still = picture_request(PictureBrief("A boat", "9:16", size=size)).usd
    assert usd["plan"] == usd["draft"] == pytest.approx(forecast.cost.transcription + forecast.cost.scene_planning)
    assert usd["stills"] == pytest.approx(usd["plan"] + still * len(forecast.clip_seconds))
    assert usd["video"] == forecast.cost.total
