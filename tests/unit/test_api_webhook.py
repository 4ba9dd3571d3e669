"""The webhook that a job names: only a public receiver is accepted, and it is kept with the generation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api_calls import ALLOWED, Api
from tests.unit.cloud_fixtures import VIDEO
from tests.unit.test_api_moments import with_moments
from tests.unit.test_api_plan import record_of_video, store


@pytest.mark.parametrize("url", ["http://example.com/", "https://127.0.0.1/", "https://169.254.169.254/latest"])
def test_a_webhook_to_nowhere_public_is_refused(call: Api, url: str) -> None:
    answer = call("POST", "/ai-video", {"videoId": call.upload(), "webhookUrl": url})
    assert (answer.status, answer.body["error"], call.machine.started) == (400, "InvalidRequest", [])
    assert answer.body["message"].startswith("webhookUrl: ")


def test_the_webhook_is_kept_with_the_generation(call: Api) -> None:
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id, "webhookUrl": f"{ALLOWED}/hook"}).status == 202
    assert call.data(video_id)["webhook_url"] == f"{ALLOWED}/hook"


def test_an_estimate_names_no_webhook(call: Api) -> None:
    answer = call("POST", "/ai-video/estimate", {"recordingSeconds": 30, "webhookUrl": f"{ALLOWED}/hook"})
    assert (answer.status, answer.body["details"][0]["field"]) == (400, "webhookUrl")


def a_search(call: Api) -> tuple[str, dict[str, Any]]:
    return f"/videos/{call.upload()}/moments", {}


def clips(call: Api) -> tuple[str, dict[str, Any]]:
    return f"/videos/{with_moments(call)}/clips", {"moments": ["m1", "m2"]}


def variant(call: Api) -> tuple[str, dict[str, Any]]:
    store(record_of_video())
    return f"/ai-video/{VIDEO}/variants", {"aspectRatio": "1:1"}


@pytest.mark.parametrize("order", [a_search, clips, variant])
def test_moments_clips_and_formats_tell_a_receiver_of_their_end(call: Api, order: Any) -> None:
    path, body = order(call)
    count = len(call.machine.started)
    videos = len(call("GET", "/videos").body["videos"])
    answer = call("POST", path, {**body, "webhookUrl": "https://127.0.0.1/"})
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert (len(call.machine.started), len(call("GET", "/videos").body["videos"])) == (count, videos)
    assert call("POST", path, {**body, "webhookUrl": f"{ALLOWED}/hook"}).status == 202
    ids = {request.video_id for request, _ in call.machine.started[count:]}
    assert [call.data(video_id)["webhook_url"] for video_id in ids] == [f"{ALLOWED}/hook"] * len(ids)
    assert ids
