"""The estimate is made of the very orders that Veo would be sent."""

from __future__ import annotations

from typing import Any

import pytest

from functions.api import estimate
from functions.generate_scene.core import order
from shared.contracts import Aspect
from shared.http.requests import Choices
from shared.models import veo_models, veo_request
from tests.unit.cloud_fixtures import plan, scene


@pytest.mark.parametrize("model", sorted(veo_models.MODELS))
@pytest.mark.parametrize("aspect", ["9:16", "16:9"])
@pytest.mark.parametrize("seconds", [5.0, 15.0, 29.5, 60.0])
def test_an_estimated_clip_is_the_order_that_its_scene_would_place(model: str, aspect: Aspect, seconds: float) -> None:
    choices = Choices(model=model, aspect_ratio=aspect, target_duration=seconds)
    foreseen = estimate.orders(choices, "", seconds)
    options = plan().options.model_copy(update={"aspect_ratio": aspect})
    scenes = tuple(scene(n + 1).model_copy(update={"veo_seconds": clip.seconds}) for n, clip in enumerate(foreseen))
    made = plan().model_copy(update={"model": model, "options": options, "scenes": scenes})
    placed = [order(made, one, "a prompt") for one in made.scenes]
    bought: list[dict[str, Any]] = [{**veo_request.config(one), "labels": {}, "negative_prompt": ""} for one in placed]
    assert [{**veo_request.config(one), "negative_prompt": ""} for one in foreseen] == bought
    shown = estimate.estimate(choices, "", "gpt-6-luna", seconds)
    assert shown.cost.video_generation == pytest.approx(sum(veo_request.cost(one) for one in placed))
    assert sum(shown.clip_seconds) >= seconds
