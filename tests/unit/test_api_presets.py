"""Presets over the API, on moto: stored by their owner, laid under a request, and no stronger than what it says."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import Options
from tests.unit.api_calls import Api
from tests.unit.own_files import keys

ACME: dict[str, Any] = {
    "style": "animated",
    "targetDuration": 45,
    "aspectRatio": "16:9",
    "captions": "box",
    "captionStyle": {"font": "loud", "color": "#FFE600"},
    "speakers": 2,
    "budget": 4.5,
    "model": "veo-3.1-generate-001",
}


def put(call: Api, name: str = "acme", body: dict[str, Any] | None = None) -> Any:
    return call("PUT", f"/presets/{name}", ACME if body is None else body)


def options_of(call: Api, **body: Any) -> Options:
    """Return what the machine is told of a generation that is begun so."""
    video_id = call.upload()
    answer = call("POST", "/ai-video", {"videoId": video_id, **body})
    assert answer.status == 202, answer.body
    return call.machine.started[-1][0].options


def test_a_preset_is_stored_replaced_listed_and_deleted_by_its_owner(call: Api) -> None:
    preset = put(call).body["preset"]
    assert (preset["name"], preset["choices"]["style"], preset["choices"]["budget"]) == ("acme", "animated", 4.5)
    assert "resolution" not in preset["choices"]
    put(call, "b-side", {"style": "artistic"})
    put(call, body={"style": "realistic"})
    rows = [(each["name"], each["choices"]) for each in call("GET", "/presets").body["presets"]]
    assert rows == [("acme", {"style": "realistic"}), ("b-side", {"style": "artistic"})]
    assert call("GET", "/presets", user="user2").body["presets"] == []
    for method in ("GET", "DELETE"):
        answer = call(method, "/presets/acme", user="user2")
        assert (answer.status, answer.body["error"]) == (404, "PresetNotFound")
    assert call("GET", "/presets/acme").body["preset"]["choices"] == {"style": "realistic"}
    for name in ("acme", "b-side"):
        assert call("DELETE", f"/presets/{name}").status == 200
    assert call("DELETE", "/presets/acme").status == 404
    assert keys() == []


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("acme", {"style": "baroque"}, 400),
        ("acme", {"colour": "red"}, 400),
        ("acme", {"model": "none"}, 400),
        ("acme", {"speakers": 1}, 400),
        ("acme", {"captionStyle": {"color": "red"}}, 400),
        ("acme", {"music": "0" * 20}, 404),
        ("Acme", {}, 400),
        ("a" * 41, {}, 400),
    ],
)
def test_a_preset_that_no_generation_could_begin_with_is_refused(
    call: Api, name: str, body: dict[str, Any], status: int
) -> None:
    assert put(call, name, body).status == status
    assert keys() == []


def test_there_are_fifty_presets_at_most(call: Api) -> None:
    for number in range(50):
        put(call, f"p{number}", {})
    answer = put(call, "more", {})
    assert (answer.status, answer.body["error"]) == (409, "TooManyPresets")
    assert put(call, "p7", {"style": "artistic"}).status == 200


def test_a_preset_fills_what_a_request_leaves_out_and_the_request_wins(call: Api) -> None:
    put(call)
    whole = options_of(call, preset="acme")
    assert (whole.style, whole.target_duration, whole.aspect_ratio) == ("animated", 45, "16:9")
    assert (whole.preset, whole.speakers) == ("acme", 2)
    assert (whole.budget_usd, whole.model, whole.captions) == (4.5, "veo-3.1-generate-001", "box")
    assert (whole.caption_style.font, whole.caption_style.color) == ("loud", "#FFE600")
    own_style = {"color": "", "size": "large"}
    own = options_of(
        call, preset="acme", style="cinematic", captionStyle=own_style, budget=None, captions="none", speakers=False
    )
    assert (own.style, own.captions, own.budget_usd, own.aspect_ratio) == ("cinematic", "none", None, "16:9")
    assert own.speakers is False
    style = own.caption_style
    assert (style.font, style.color, style.size) == ("loud", "", "large")


def test_an_estimate_and_each_item_of_a_batch_have_their_presets(call: Api) -> None:
    put(call)
    plain, dear = (call("POST", "/ai-video/estimate", body).body["estimate"] for body in ({}, {"preset": "acme"}))
    assert (dear["model"], dear["seconds"]) == ("veo-3.1-generate-001", 45)
    assert dear["cost"]["total"] > plain["cost"]["total"]
    items = [{"videoId": call.upload(), "preset": name} for name in ("acme", "none")]
    results = call("POST", "/ai-video/batch", {"items": items}).body["results"]
    assert [result["statusCode"] for result in results] == [202, 404]
    assert results[1]["problem"]["error"] == "PresetNotFound"
