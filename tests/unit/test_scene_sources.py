"""The record says of each scene how its picture came about, and of a list of records nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from functions.api import core
from functions.api.build.provenance import scene_sources
from shared.http.views import Link
from shared.video.take import Take
from tests.unit.test_api_plan import MODEL, record_of_video


def test_a_model_is_named_and_an_own_picture_is_claimed_for_nobody() -> None:
    data = record_of_video().ai_generation_data
    assert data
    own = {"take2": Take(scene="s2", kind="still", image_id="e6b4c1d2a3f4")}
    model, picture = scene_sources(data.model_copy(update={"takes": data.takes | own}))
    assert (model.scene, model.sequence, model.kind, model.model) == ("s1", 1, "clip", MODEL)
    assert model.digital_source == "trainedAlgorithmicMedia"
    assert (picture.kind, picture.model, picture.image_id, picture.digital_source) == ("still", "", "e6b4c1d2a3f4", "")


def test_a_clip_that_begins_with_an_own_picture_is_a_composite() -> None:
    data = record_of_video().ai_generation_data
    assert data
    takes = {"take1": data.takes["take1"].model_copy(update={"first_frame": "own1a2b3c4d5e6f-whole"})}
    takes["take2"] = data.takes["take2"].model_copy(update={"first_frame": "take1-48"})
    sources = [each.digital_source for each in scene_sources(data.model_copy(update={"takes": takes}))]
    assert sources == ["compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicMedia"]


def test_a_scene_without_a_picture_is_not_spoken_of() -> None:
    data = record_of_video().ai_generation_data
    assert data
    assert list(scene_sources(data.model_copy(update={"takes": {}}))) == []


def test_lists_leave_it_out() -> None:
    view = core.view(record_of_video(), lambda url: Link(url=url, expiresAt=""), datetime.now(UTC))
    assert view.ai_generation_data
    assert [source.scene for source in view.ai_generation_data.provenance] == ["s1", "s2"]
    short = core.short(view).ai_generation_data
    assert short
    assert short.provenance == []
