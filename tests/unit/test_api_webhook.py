"""The webhook that a job names: only a public receiver is accepted, and it is kept with the generation."""

from __future__ import annotations

import pytest

from tests.unit.api_calls import ALLOWED, Api


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
