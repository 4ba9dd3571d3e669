"""What the API shows of videos: lists by pages, records with links, captions, costs so far, and why one failed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from shared.aws import clients
from shared.errors import NoSpeechFound
from shared.redaction import redact
from shared.video.failure_words import sentence
from shared.video.public_record import Failure, Reason
from shared.video.record import VertexAiTask
from tests.unit.api_calls import VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store


def test_the_list_is_ones_own_newest_first_by_pages(call: Api) -> None:
    own_ids = [call.upload(title=f"t{n}") for n in range(5)]
    call("POST", "/videos", VIDEO_BODY, user="other")
    first = call("GET", "/videos", query={"limit": "3"}).body
    rest = call("GET", "/videos", query={"limit": "3", "next": first["next"]}).body
    listed_ids = [video["video_id"] for video in first["videos"] + rest["videos"]]
    stamps = [video["created_at"] for video in first["videos"] + rest["videos"]]
    assert sorted(listed_ids) == sorted(own_ids)
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
    video_id = call.upload(metadata={"episode": "12"})
    assert call("GET", "/videos").body["videos"][0]["metadata"] == {"episode": "12"}
    call("POST", "/ai-video", {"videoId": video_id, "metadata": {"take": "2"}})
    assert call("GET", f"/ai-video/{video_id}").body["video"]["metadata"] == {"take": "2"}
    assert call.machine.started[0][0].metadata == {"take": "2"}


def test_finished_files_are_shown_as_links_that_say_when_they_expire(call: Api) -> None:
    base = record(state="completed", video_url=f"s3://{BUCKET}/ai-temp/video1/gen1/scenes/01/source.mp4")
    assert base.ai_generation_data
    finished_data = base.ai_generation_data.model_copy(
        update={"final_video_url": f"s3://{BUCKET}/ai-generated/video1/f.mp4"}
    )
    store(base.model_copy(update={"ai_generation_data": finished_data, "ai_generation_status": "completed"}))
    data = call.data(VIDEO)
    assert data["final_video_url"] == data["links"]["video"]["url"]
    assert data["vertex_ai_tasks"][0]["video_url"] == data["links"]["scene_1"]["url"]
    for link in data["links"].values():
        assert link["url"].startswith("https://")
        assert "X-Amz-Signature" in link["url"]
        assert datetime.fromisoformat(link["expiresAt"]) > datetime.now(UTC) + timedelta(minutes=59)
    assert "s3://" not in str(data)


def test_captions_are_served_when_there_are_some(call: Api) -> None:
    base = record()
    assert base.ai_generation_data
    store(base)
    assert call("GET", f"/ai-video/{VIDEO}/captions.vtt").body["error"] == "NotFinished"
    urls = {f"captions_{kind}_url": f"s3://{BUCKET}/ai-generated/video1/captions.{kind}" for kind in ("srt", "vtt")}
    data = base.ai_generation_data.model_copy(update=urls)
    store(base.model_copy(update={"ai_generation_data": data, "ai_generation_status": "completed"}))
    for kind, content_type in (("srt", "application/x-subrip"), ("vtt", "text/vtt")):
        clients.s3().put_object(Bucket=BUCKET, Key=f"ai-generated/video1/captions.{kind}", Body=f"é {kind}".encode())
        status, text, headers = call("GET", f"/ai-video/{VIDEO}/captions.{kind}")
        assert (status, text) == (200, f"é {kind}")
        assert headers["Content-Type"].startswith(content_type)


def test_an_unchanged_record_is_not_sent_again(call: Api) -> None:
    video_id = call.upload()
    first = call("GET", f"/ai-video/{video_id}")
    again = call("GET", f"/ai-video/{video_id}", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    call("POST", "/ai-video", {"videoId": video_id})
    second = call("GET", f"/ai-video/{video_id}", If_None_Match=first.headers["ETag"])
    assert second.status == 200
    again = call("GET", f"/ai-video/{video_id}", If_None_Match=second.headers["ETag"])
    assert (again.status, again.headers["Retry-After"], second.headers["Retry-After"]) == (304, "3", "3")


def test_an_unchanged_list_is_not_sent_again(call: Api) -> None:
    video_id = call.upload()
    first = call("GET", "/videos")
    again = call("GET", "/videos", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    call("POST", "/ai-video", {"videoId": video_id})
    assert call("GET", "/videos", If_None_Match=first.headers["ETag"]).status == 200


def test_a_failure_is_shown_with_the_next_action(call: Api) -> None:
    base = record()
    assert base.ai_generation_data
    failure = Failure(step="scene_planning", error="NoSpeechFound", message="No words were heard.")
    data = base.ai_generation_data.model_copy(update={"failure": failure})
    store(base.model_copy(update={"ai_generation_data": data, "ai_generation_status": "failed"}))
    assert call.data(VIDEO)["failure"]["next_action"] == NoSpeechFound.next_action


@pytest.mark.parametrize(
    ("code", "task", "charged"),
    [
        ("SceneFiltered", {"attempt": 0}, False),
        ("VeoFailed", {"attempt": 1, "task_id": "op"}, False),
        ("VeoRefused", {"attempt": 0}, False),
        ("VeoRefused", {"attempt": 0, "doubtful_usd": 0.4}, True),
        ("SceneTimedOut", {"attempt": 1, "task_id": "op"}, True),
        ("Lambda.Unknown", {"attempt": 1}, True),
        ("RenderFailed", {"attempt": 1, "video_url": f"s3://{BUCKET}/clip.mp4", "cost_usd": 0.4}, True),
    ],
)
def test_a_failed_clip_is_shown_with_its_reason(call: Api, code: str, task: dict[str, Any], charged: bool) -> None:
    message = "Permission denied on resource project acme."
    store(record(state="failed", reason=Reason(code=code, message=message), **task))
    reason = call.data(VIDEO)["vertex_ai_tasks"][0]["reason"]
    assert reason == {"code": code, "message": sentence(code, message), "charged": charged}


def test_costs_so_far_the_quota_and_the_time_left_are_shown_while_it_runs(call: Api) -> None:
    base = record(state="completed", cost_usd=0.4)
    assert base.ai_generation_data
    tasks = [base.ai_generation_data.vertex_ai_tasks[0], VertexAiTask(sequence=2, reason=Reason(code="VeoThrottled"))]
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    store(base.model_copy(update={"ai_generation_data": data, "updated_at": datetime.now(UTC).isoformat()}))
    answer = call("GET", f"/ai-video/{VIDEO}")
    progress = answer.body["video"]["ai_generation_data"]
    assert (progress["cost_breakdown"]["video_generation"], progress["waiting_for"]) == (0.4, "quota")
    assert 60 < progress["seconds_left"] < 300
    assert answer.headers["Retry-After"] == "15"


@pytest.mark.parametrize(
    "sentence",
    [
        "Vertex AI API has not been used in project reelwright before or it is disabled.",
        "Permission denied on resource project acme.",
        "Project myproject not found or deleted.",
        "Consumer 'project:acme-12' is suspended.",
        "Quota exceeded for project_number:123456789.",
        "project acme-7 has billing disabled",
        "Project 'acme' is not allowlisted.",
    ],
)
def test_a_providers_project_is_not_named_whatever_its_id(sentence: str) -> None:
    assert not re.search("reelwright|acme|myproject|123456789", redact(sentence))
    assert "the provider's project" in redact(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Link a billing account to the project.",
        "The project may be wrong: check vertex_ai_project_id in the secret.",
        "Google has suspended the project: see its page in the console.",
        "An organization policy forbids it: ask who administers the project.",
        "Vertex AI does not offer veo to this project (404). Check the project's access to Veo.",
    ],
)
def test_what_names_no_project_stays_as_it_is(sentence: str) -> None:
    assert redact(sentence) == sentence


def test_a_client_is_not_told_the_names_of_the_deployment(call: Api) -> None:
    operation = "projects/secret-project/locations/us-central1/publishers/google/models/veo/operations/op-17"
    base = record(task_id=operation, claim="claim-9", reason=Reason(code="VeoFailed", message=f"{operation} ended"))
    assert base.ai_generation_data
    steps = [
        step.model_copy(update={"error_message": "arn:aws:iam::123456789012:role/Plan may not read"})
        for step in base.ai_generation_data.processing_steps
    ]
    number = "Vertex AI API has not been used in project 123456789012 before or it is disabled."
    steps[-1] = steps[-1].model_copy(update={"error_message": number})
    message = f"The object s3://{BUCKET}/ai-temp/x could not be read by arn:aws:sts::123456789012:assumed-role/x."
    failure = Failure(step="video_generation", error="VeoFailed", message=message)
    changes = {"failure": failure, "processing_steps": steps, "planning_answers": {"resp_1": 0.01}}
    data = base.ai_generation_data.model_copy(update=changes)
    store(base.model_copy(update={"ai_generation_data": data, "ai_generation_status": "failed"}))
    answer = call("GET", f"/ai-video/{VIDEO}").body
    # A presigned URL has to name the bucket; nothing else does.
    answer["video"].pop("recording", None)
    text = json.dumps(answer)
    for private in (
        "arn:aws",
        BUCKET,
        "secret-project",
        "claim-9",
        "resp_1",
        "123456789012",
        "s3://",
        "bucket_location",
    ):
        assert private not in text
    assert answer["video"]["ai_generation_data"]["vertex_ai_tasks"][0]["task_id"] == "op-17"
    page = json.dumps(call("GET", "/videos").body)
    assert "arn:aws" not in page
    assert "bucket_location" not in page


def asked_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_a_download_is_an_attachment_with_its_type_and_the_videos_title(call: Api) -> None:
    base = record()
    assert base.ai_generation_data
    url = f"s3://{BUCKET}/ai-generated/video1/final_video.mp4"
    data = base.ai_generation_data.model_copy(update={"final_video_url": url})
    attributes = {"title": 'Grüße: "a/b"', "filename": "page.html", "content_type": "text/html"}
    store(base.model_copy(update={**attributes, "ai_generation_data": data, "ai_generation_status": "completed"}))
    video = call("GET", f"/ai-video/{VIDEO}").body["video"]
    query = asked_of(video["ai_generation_data"]["final_video_url"])
    assert query["response-content-type"] == ["video/mp4"]
    (disposition,) = query["response-content-disposition"]
    assert disposition == f"attachment; filename*=UTF-8''{quote('Grüße- -a-b.mp4', safe='')}"
    query = asked_of(video["recording"]["url"])
    assert query["response-content-type"] == ["application/octet-stream"]
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''page.html"]
