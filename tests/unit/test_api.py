"""The REST API's routes on moto: who may do what, what they answer, and the one error shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.api.app import make_app
from functions.api.documented import document
from shared.aws import clients
from shared.recordings.limits import LARGEST_RECORDING
from shared.video.public_record import STEPS
from tests.contract.asl import ROOT
from tests.unit.api_calls import SITE, VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, MODEL, VIDEO, record, store


def test_a_video_is_created_with_a_form_that_fixes_its_key(call: Api) -> None:
    status, reply, _ = call("POST", "/videos", VIDEO_BODY | {"filename": "../../etc/päss wd.mp3"})
    video = reply["video"]
    form = reply["upload"]
    assert status == 201
    assert form["fields"]["key"] == f"uploads/user1/{video['video_id']}/pass-wd.mp3"
    assert video["filename"] == "../../etc/päss wd.mp3"
    assert "x-amz-signature" in form["fields"]
    assert video["upload"]["status"] == "waiting"
    assert "recording" not in video
    assert datetime.fromisoformat(form["expiresAt"]) > datetime.now(UTC) + timedelta(minutes=59)


def test_a_generation_starts_once(call: Api) -> None:
    video_id = call.upload()
    body = {"videoId": video_id, "targetDuration": 15, "style": "animated", "budget": 2}
    status, reply, headers = call("POST", "/ai-video", body)
    assert (status, headers["Location"]) == (202, f"/v1/ai-video/{video_id}")
    assert reply == {
        "success": True,
        "message": "The generation has started.",
        "videoId": video_id,
        "status": "processing",
    }
    assert call("POST", "/ai-video", body).body["error"] == "AlreadyProcessing"
    ((request, run),) = call.machine.started
    assert (request.options.target_duration, request.options.style, request.options.budget_usd) == (15, "animated", 2)
    assert (request.options.model, run) == (MODEL, 1)
    video = call("GET", f"/ai-video/{video_id}").body["video"]
    assert video["ai_generation_status"] == "processing"
    assert call.execution_arn(video_id).endswith(f":{video_id}-{request.generation_id}")
    assert [step["step"] for step in video["ai_generation_data"]["processing_steps"]] == list(STEPS)


def test_two_starts_at_the_same_moment_start_one_execution(call: Api) -> None:
    video_id = call.upload()
    answers = list[int]()

    def other_start() -> None:
        answers.append(call("POST", "/ai-video", {"videoId": video_id}).status)

    # The other one starts after this one has read the record as idle.
    late = call.with_interruption(other_start)
    answers.append(late("POST", "/ai-video", {"videoId": video_id}).status)
    assert answers == [202, 409]
    assert len(call.machine.started) == 1


def test_a_start_that_step_functions_refuses_leaves_no_running_record(call: Api) -> None:
    from shared.http.refusals import TooManyRequests

    video_id = call.upload()
    call.machine.refusals.append(TooManyRequests("slow down"))
    status, reply, headers = call("POST", "/ai-video", {"videoId": video_id})
    assert (status, reply["error"], reply["retriable"], headers["Retry-After"]) == (429, "TooManyRequests", True, "5")
    assert call("GET", f"/ai-video/{video_id}").body["video"]["ai_generation_status"] == "failed"
    assert call("POST", "/ai-video", {"videoId": video_id}).status == 202


def test_a_start_before_the_upload_is_refused(call: Api) -> None:
    video = call("POST", "/videos", VIDEO_BODY).body["video"]
    answer = call("POST", "/ai-video", {"videoId": video["video_id"]})
    assert (answer.status, answer.body["error"]) == (409, "UploadMissing")
    assert call.machine.started == []


def test_an_upload_that_never_arrives_expires(call: Api) -> None:
    old = record().model_copy(
        update={
            "ai_generation_status": None,
            "ai_generation_data": None,
            "created_at": "2026-01-01T00:00:00+00:00",
            "bucket_location": f"s3://{BUCKET}/uploads/user1/video1/a.mp3",
        }
    )
    store(old)
    assert call("GET", f"/videos/{VIDEO}").body["video"]["upload"]["status"] == "expired"
    answer = call("POST", "/ai-video", {"videoId": VIDEO})
    assert (answer.status, answer.body["error"]) == (409, "UploadMissing")
    assert "expired" in answer.body["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "noir"}, "style"),
        ({"targetDuration": 61}, "targetDuration"),
        ({"targetDuration": 4.9}, "targetDuration"),
        ({"prompt": "x" * 20_000}, "prompt"),
        ({"budget": 0}, "budget"),
        ({"captions": "all"}, "captions"),
        ({"captionStyle": {"color": "red"}}, "captionStyle.color"),
        ({"captionStyle": {"highlight": "#12345G"}}, "captionStyle.highlight"),
        ({"captionStyle": {"position": "left"}}, "captionStyle.position"),
        ({"captionStyle": {"font": "Arial"}}, "captionStyle.font"),
        ({"aspectRatio": "1:1"}, "aspectRatio"),
        ({"languageCode": "English"}, "languageCode"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"metadata": {str(n): "" for n in range(17)}}, "metadata"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_field_is_named(call: Api, change: dict[str, object], field: str) -> None:
    status, reply, _ = call("POST", "/ai-video", {"videoId": "v1", **change})
    assert (status, reply["error"], reply["details"][0]["field"]) == (400, "InvalidRequest", field)
    assert set(reply) == {"error", "message", "requestId", "retriable", "charged", "details"}


def test_a_retired_model_names_the_alternatives(call: Api) -> None:
    status, reply, _ = call("POST", "/ai-video", {"videoId": "v1", "model": "veo-2.0-generate-001"})
    assert (status, reply["error"]) == (400, "ModelRetired")
    assert "2026-06-30" in reply["message"]
    assert MODEL in reply["message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/videos/{}", None),
        ("DELETE", "/videos/{}", None),
        ("POST", "/ai-video", {"videoId": "{}"}),
        ("POST", "/ai-video/estimate", {"videoId": "{}"}),
        ("GET", "/ai-video/{}", None),
        ("DELETE", "/ai-video/{}", None),
        ("POST", "/ai-video/{}/resume", {}),
        ("GET", "/ai-video/{}/captions.srt", None),
        ("GET", "/ai-video/{}/captions.vtt", None),
    ],
)
def test_videos_are_their_owners_own(call: Api, method: str, path: str, body: dict[str, str] | None) -> None:
    def status_for(video_id: str, user: str) -> int:
        content = {name: value.format(video_id) for name, value in body.items()} if body is not None else None
        return call(method, path.format(video_id), content, user=user).status

    video_id = call.upload()
    assert (status_for(video_id, "other"), status_for(video_id, ""), status_for("unknown", "user1")) == (403, 401, 404)
    assert call("GET", f"/videos/{video_id}").status == 200


def test_a_batch_answers_each_item_on_its_own(call: Api) -> None:
    mine, running, other = (call.upload() for _ in range(3))
    call("POST", "/ai-video", {"videoId": running})
    items = [{"videoId": mine}, {"videoId": running}, {"videoId": other, "style": "noir"}, {"videoId": "unknown"}, {}]
    items.append({"videoId": mine})
    status, reply, _ = call("POST", "/ai-video/batch", {"items": items})
    assert (status, reply["success"]) == (200, False)
    assert [answer["statusCode"] for answer in reply["results"]] == [202, 409, 400, 404, 400, 409]
    assert [answer.get("problem", {}).get("error") for answer in reply["results"]] == [
        None,
        "AlreadyProcessing",
        "InvalidRequest",
        "VideoNotFound",
        "InvalidRequest",
        "AlreadyProcessing",
    ]
    assert reply["results"][2]["problem"]["details"][0]["field"] == "style"
    assert len(call.machine.started) == 2
    assert call("POST", "/ai-video/batch", {"items": [{"videoId": mine}] * 26}).status == 400


def test_a_video_is_deleted_with_its_files(call: Api) -> None:
    video_id = call.upload()
    neighbour = call.upload()
    for key in (f"ai-temp/{video_id}/g/plan.json", f"ai-generated/{video_id}/final_video.mp4"):
        clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"x")
    assert call("DELETE", f"/videos/{video_id}").body["status"] == "deleted"
    keys = [row.get("Key", "") for row in clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    assert [neighbour in key for key in keys] == [True]
    assert call("GET", f"/videos/{video_id}").status == 404


def test_a_video_that_is_being_made_is_not_deleted(call: Api) -> None:
    video_id = call.upload()
    call("POST", "/ai-video", {"videoId": video_id})
    answer = call("DELETE", f"/videos/{video_id}")
    assert (answer.status, answer.body["error"]) == (409, "AlreadyProcessing")


def test_a_whole_number_may_be_written_with_a_point(call: Api) -> None:
    assert call("POST", "/videos", VIDEO_BODY | {"fileSize": 3.0}).body["video"]["file_size"] == 3
    assert call("POST", "/videos", VIDEO_BODY | {"fileSize": 3.5}).status == 400


def test_a_budget_that_the_table_cannot_hold_is_refused(call: Api) -> None:
    answer = call("POST", "/ai-video", {"videoId": call.upload(), "budget": 5e-324})
    assert (answer.status, answer.body["details"][0]["field"]) == (400, "budget")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"fileSize": LARGEST_RECORDING + 1}, 413, "RecordingTooLarge"),
        ({"contentType": "text/plain"}, 415, "UnsupportedMedia"),
    ],
)
def test_what_cannot_be_a_recording_is_refused(call: Api, change: dict[str, Any], status: int, error: str) -> None:
    answer = call("POST", "/videos", VIDEO_BODY | change)
    assert (answer.status, answer.body["error"]) == (status, error)


@pytest.mark.parametrize(
    "kind", ["text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=b"]
)
def test_a_body_of_another_type_is_refused(call: Api, kind: str) -> None:
    answer = call("POST", "/videos", VIDEO_BODY, content_type=kind)
    assert (answer.status, answer.body["error"]) == (415, "UnsupportedMedia")


def test_an_unknown_route_and_a_wrong_method_have_the_same_error_shape(call: Api) -> None:
    answer = call("GET", "/nothing")
    assert (answer.status, answer.body["error"]) == (404, "RouteNotFound")
    answer = call("PATCH", "/videos/v1")
    assert (answer.status, answer.body["error"], answer.headers["Allow"]) == (
        405,
        "MethodNotAllowed",
        "GET, HEAD, DELETE",
    )


def test_browsers_may_call_from_the_site_and_from_nowhere_else(call: Api) -> None:
    headers = call("GET", "/videos", Origin=SITE).headers
    assert headers["Access-Control-Allow-Origin"] == SITE
    assert {"ETag", "Location", "Retry-After"} <= set(headers["Access-Control-Expose-Headers"].split(","))
    assert "Access-Control-Allow-Origin" not in call("GET", "/videos", Origin="https://evil.example").headers


@pytest.mark.parametrize("origin", ["", SITE])
def test_a_deployment_without_a_site_lets_no_browser_call(call: Api, origin: str) -> None:
    alone = Api(make_app(call.services, [""]), call.machine, call.services)
    assert "Access-Control-Allow-Origin" not in alone("GET", "/videos", Origin=origin).headers


def test_the_committed_document_is_that_of_the_code(call: Api) -> None:
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8") == document(call.app)
    answer = call("GET", "/openapi.json", user="")
    assert (answer.status, answer.body["openapi"]) == (200, "3.1.0")
