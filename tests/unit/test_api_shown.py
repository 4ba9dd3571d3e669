"""What the API shows of videos: lists by pages, records with links, captions, costs so far, and why one failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared import aws
from shared.errors import NoSpeechFound
from shared.record import Failure, VertexAiTask
from tests.unit.api_calls import VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store


def test_the_list_is_ones_own_newest_first_by_pages(call: Api) -> None:
    made = [call.uploaded(title=f"t{n}") for n in range(5)]
    call("POST", "/videos", VIDEO_BODY, user="other")
    first = call("GET", "/videos", query={"limit": "3"}).body
    rest = call("GET", "/videos", query={"limit": "3", "next": first["next"]}).body
    seen = [video["video_id"] for video in first["videos"] + rest["videos"]]
    stamps = [video["created_at"] for video in first["videos"] + rest["videos"]]
    assert sorted(seen) == sorted(made)
    assert stamps == sorted(stamps, reverse=True)
    assert "next" not in rest
    assert all(video["upload"]["status"] == "arrived" for video in first["videos"])
    assert all(f"/uploads/user1/{video['video_id']}/" in video["recording"]["url"] for video in first["videos"])


def test_a_token_of_anothers_list_shows_ones_own(call: Api) -> None:
    for _ in range(2):
        call("POST", "/videos", VIDEO_BODY, user="other")
    token = call("GET", "/videos", user="other", query={"limit": "1"}).body["next"]
    assert call("GET", "/videos", query={"next": token}).body["videos"] == []


@pytest.mark.parametrize("query", [{"next": "nonsense"}, {"next": "WzFd"}, {"limit": "0"}, {"limit": "x"}])
def test_a_wrong_page_is_refused(call: Api, query: dict[str, str]) -> None:
    answer = call("GET", "/videos", query=query)
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")


def test_metadata_come_back_everywhere(call: Api) -> None:
    video_id = call.uploaded(metadata={"episode": "12"})
    assert call("GET", "/videos").body["videos"][0]["metadata"] == {"episode": "12"}
    call("POST", "/ai-video", {"videoId": video_id, "metadata": {"take": "2"}})
    assert call("GET", f"/ai-video/{video_id}").body["video"]["metadata"] == {"take": "2"}
    assert call.machine.started[0][0].metadata == {"take": "2"}


def test_finished_files_are_shown_as_links_that_say_when_they_expire(call: Api) -> None:
    kept = record(status="completed", video_url=f"s3://{BUCKET}/ai-temp/video1/gen1/scenes/01/source.mp4")
    assert kept.ai_generation_data
    done = kept.ai_generation_data.model_copy(update={"final_video_url": f"s3://{BUCKET}/ai-generated/video1/f.mp4"})
    store(kept.model_copy(update={"ai_generation_data": done, "ai_generation_status": "completed"}))
    data = call.data(VIDEO)
    assert data["final_video_url"] == data["links"]["video"]["url"]
    assert data["vertex_ai_tasks"][0]["video_url"] == data["links"]["scene_1"]["url"]
    for link in data["links"].values():
        assert link["url"].startswith("https://")
        assert "X-Amz-Signature" in link["url"]
        assert datetime.fromisoformat(link["expiresAt"]) > datetime.now(UTC) + timedelta(minutes=59)
    assert "s3://" not in str(data)


def test_captions_are_served_when_there_are_some(call: Api) -> None:
    kept = record()
    assert kept.ai_generation_data
    store(kept)
    assert call("GET", f"/ai-video/{VIDEO}/captions.vtt").body["error"] == "NotFinished"
    urls = {f"captions_{kind}_url": f"s3://{BUCKET}/ai-generated/video1/captions.{kind}" for kind in ("srt", "vtt")}
    done = kept.ai_generation_data.model_copy(update=urls)
    store(kept.model_copy(update={"ai_generation_data": done, "ai_generation_status": "completed"}))
    for kind, content_type in (("srt", "application/x-subrip"), ("vtt", "text/vtt")):
        aws.s3().put_object(Bucket=BUCKET, Key=f"ai-generated/video1/captions.{kind}", Body=f"é {kind}".encode())
        status, text, headers = call("GET", f"/ai-video/{VIDEO}/captions.{kind}")
        assert (status, text) == (200, f"é {kind}")
        assert headers["Content-Type"].startswith(content_type)


def test_an_unchanged_record_is_not_sent_again(call: Api) -> None:
    video_id = call.uploaded()
    first = call("GET", f"/ai-video/{video_id}")
    again = call("GET", f"/ai-video/{video_id}", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    call("POST", "/ai-video", {"videoId": video_id})
    changed = call("GET", f"/ai-video/{video_id}", If_None_Match=first.headers["ETag"])
    assert changed.status == 200
    again = call("GET", f"/ai-video/{video_id}", If_None_Match=changed.headers["ETag"])
    assert (again.status, again.headers["Retry-After"], changed.headers["Retry-After"]) == (304, "3", "3")


def test_a_failure_is_shown_with_the_next_action(call: Api) -> None:
    kept = record()
    assert kept.ai_generation_data
    failure = Failure(step="scene_planning", error="NoSpeechFound", message="No words were heard.")
    failed = kept.ai_generation_data.model_copy(update={"failure": failure})
    store(kept.model_copy(update={"ai_generation_data": failed, "ai_generation_status": "failed"}))
    assert call.data(VIDEO)["failure"]["next_action"] == NoSpeechFound.next_action


def test_costs_so_far_the_quota_and_the_time_left_are_shown_while_it_runs(call: Api) -> None:
    kept = record(status="completed", cost_usd=0.4)
    assert kept.ai_generation_data
    tasks = [kept.ai_generation_data.vertex_ai_tasks[0], VertexAiTask(sequence=2, error="VeoThrottled")]
    data = kept.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    store(kept.model_copy(update={"ai_generation_data": data, "updated_at": datetime.now(UTC).isoformat()}))
    answer = call("GET", f"/ai-video/{VIDEO}")
    shown = answer.body["video"]["ai_generation_data"]
    assert (shown["cost_breakdown"]["video_generation"], shown["waiting_for"]) == (0.4, "quota")
    assert 60 < shown["seconds_left"] < 300
    assert answer.headers["Retry-After"] == "15"
