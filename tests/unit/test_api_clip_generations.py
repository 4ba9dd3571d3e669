"""Another generation of a clip, or of another format: it stays one of its excerpt, and nothing is heard twice."""

from __future__ import annotations

from typing import Any

import pytest

from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET
from tests.unit.test_api_moments import clips, with_moments


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def end(video_id: str, status: str = "completed") -> None:
    """Write that the video's generation is over."""
    clients.dynamodb().update_item(
        TableName="video_metadata",
        Key={"video_id": {"S": video_id}},
        UpdateExpression="SET ai_generation_status = :status",
        ExpressionAttributeValues={":status": {"S": status}},
    )


def clip_of(call: Api, parent: str, **choices: object) -> str:
    """A clip whose first generation is over, and return its id."""
    video_id = clips(call, parent, {"moments": ["m1"], **choices}).body["clips"][0]["videoId"]
    end(video_id)
    return video_id


def again(call: Api, video_id: str, **choices: object) -> Any:
    """Start another generation, and return what its execution is asked for."""
    answer = call("POST", "/ai-video", {"videoId": video_id, **choices})
    assert answer.status == 202, answer.body
    request, _ = call.machine.started[-1]
    assert request.video_id == video_id
    return request


def is_transcript_there(request: Any) -> bool:
    return Bucket(BUCKET).holds(media_keys.transcript(request.video_id, request.generation_id))


def test_it_has_the_excerpt_and_what_was_heard_however_often_it_is_made(call: Api) -> None:
    parent = with_moments(call, speakers=2, languageCode="en-GB")
    clip = clip_of(call, parent)
    # What it goes on with is its own: the recording's video may be gone.
    assert call("DELETE", f"/videos/{parent}").status == 200
    for style in ("animated", "realistic"):
        request = again(call, clip, style=style, targetDuration=15)
        options = request.options
        assert options.excerpt
        assert (options.excerpt.start, options.excerpt.end, options.target_duration) == (10, 40, 30)
        assert (options.is_heard, options.speakers, options.language_code) == (True, 2, "en-GB")
        assert is_transcript_there(request)
        end(clip)


def test_in_another_language_it_is_heard_anew_and_stays_one_of_its_excerpt(call: Api) -> None:
    clip = clip_of(call, with_moments(call))
    request = again(call, clip, languageCode="de-DE")
    assert request.options.excerpt
    assert (request.options.is_heard, request.options.language_code) == (None, "de-DE")
    assert not is_transcript_there(request)


def test_what_was_heard_for_the_recording_serves_where_the_clips_own_is_gone(call: Api) -> None:
    parent = with_moments(call)
    clip = clip_of(call, parent)
    record = call.services.table.get(clip)
    assert record
    assert record.ai_generation_data
    Bucket(BUCKET).delete_below(media_keys.transcript(clip, record.ai_generation_data.generation_id))
    request = again(call, clip)
    assert (request.options.is_heard, is_transcript_there(request)) == (True, True)


def test_its_price_is_that_of_its_excerpt_and_names_no_transcription(call: Api) -> None:
    parent = with_moments(call)
    clip = clip_of(call, parent)
    price = call("POST", "/ai-video/estimate", {"videoId": clip}).body["estimate"]
    assert (price["cost"]["transcription"], price["seconds"]) == (0, 30)
    assert call("POST", "/ai-video/estimate", {"videoId": parent}).body["estimate"]["cost"]["transcription"] > 0


def test_moments_that_are_looked_for_in_a_clip_leave_it_its_excerpt(call: Api) -> None:
    clip = clip_of(call, with_moments(call))
    assert call("POST", f"/videos/{clip}/moments", {}).status == 202
    end(clip, "awaiting_review")
    assert again(call, clip).options.excerpt


def test_any_other_video_is_heard_for_each_of_its_generations(call: Api) -> None:
    parent = with_moments(call)
    options = again(call, parent).options
    assert (options.excerpt, options.is_heard) == (None, None)
