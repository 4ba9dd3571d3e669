"""The REST API's routes on moto: who may do what, and the one error shape."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from functions.api import core
from functions.api.adapters import Links, Machine, Table
from functions.api.app import make_app
from functions.api.routes import Api
from shared import aws
from shared.bucket import Bucket
from shared.contracts import ExecutionInput
from shared.errors import NoSpeechFound
from shared.record import STEPS, Failure, ProcessingStep, VertexAiTask
from tests.unit.cloud_fixtures import BUCKET, MODEL, TABLE, VIDEO, record, store

CONTEXT = SimpleNamespace(
    aws_request_id="r", function_name="api", memory_limit_in_mb=512, invoked_function_arn="arn", log_stream_name="s"
)
ALLOWED = "http://127.0.0.1:9"
VIDEO_BODY = {"title": "Talk", "filename": "my talk.mp3", "contentType": "audio/mpeg", "fileSize": 3}


class FakeMachine(Machine):
    """The state machine behind its port: remembers what was started."""

    started: list[ExecutionInput]

    def start(self, request: ExecutionInput) -> None:
        self.started.append(request)


@pytest.fixture(name="machine")
def fake_machine() -> FakeMachine:
    machine = FakeMachine("arn:aws:states:us-east-1:1:stateMachine:Pipeline")
    object.__setattr__(machine, "started", [])
    return machine


@pytest.fixture(name="call")
def api_call(cloud: None, machine: FakeMachine) -> Any:
    api = Api(Table(TABLE), Bucket(BUCKET), Links(BUCKET), machine, MODEL, 1000, ALLOWED)
    app = make_app(api, ["http://localhost:8400"])

    def call(method: str, path: str, body: object = None, user: str = "user1") -> tuple[int, dict[str, Any]]:
        event = {
            "resource": path,
            "path": path,
            "httpMethod": method,
            "headers": {"content-type": "application/json"},
            "multiValueHeaders": {"content-type": ["application/json"]},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "requestContext": {"requestId": "r1", "authorizer": {"claims": {"sub": user}} if user else {}},
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        reply = app.resolve(event, CONTEXT)  # pyright: ignore[reportArgumentType]
        return reply["statusCode"], json.loads(reply["body"])

    return call


def uploaded(call: Any) -> str:
    video = call("POST", "/videos", VIDEO_BODY)[1]["video"]
    aws.s3().put_object(Bucket=BUCKET, Key=core.key_of(video["bucket_location"]), Body=b"abc")
    return video["video_id"]


def test_a_video_is_created_with_a_form_that_fixes_its_key(call: Any) -> None:
    status, reply = call("POST", "/videos", VIDEO_BODY | {"filename": "../../etc/päss wd.mp3"})
    video, form = reply["video"], reply["upload"]
    assert status == 201
    assert form["fields"]["key"] == f"uploads/user1/{video['video_id']}/pass-wd.mp3"
    assert video["filename"] == "../../etc/päss wd.mp3"
    assert "x-amz-signature" in form["fields"]


def test_a_generation_starts_once(call: Any, machine: FakeMachine) -> None:
    video_id = uploaded(call)
    body = {"videoId": video_id, "targetDuration": 15, "style": "animated", "budget": 2}
    assert call("POST", "/ai-video", body)[0] == 202
    assert call("POST", "/ai-video", body)[1]["error"] == "AlreadyProcessing"
    assert len(machine.started) == 1
    request = machine.started[0]
    assert (request.options.target_duration, request.options.style, request.options.budget_usd) == (15, "animated", 2)
    assert request.options.model == MODEL
    shown = call("GET", f"/ai-video/{video_id}")[1]["video"]
    assert shown["ai_generation_status"] == "processing"
    assert shown["ai_generation_data"]["execution_arn"].endswith(f":{video_id}-{request.generation_id}")
    assert [step["step"] for step in shown["ai_generation_data"]["processing_steps"]] == list(STEPS)


@pytest.mark.parametrize("url", ["http://example.com/", "https://127.0.0.1/", "https://169.254.169.254/latest"])
def test_a_webhook_to_nowhere_public_is_refused(call: Any, machine: FakeMachine, url: str) -> None:
    status, reply = call("POST", "/ai-video", {"videoId": VIDEO, "webhookUrl": url})
    assert (status, reply["error"], machine.started) == (400, "InvalidRequest", [])
    assert reply["message"].startswith("webhookUrl: ")


def test_the_webhook_is_kept_with_the_generation(call: Any) -> None:
    store(record().model_copy(update={"ai_generation_status": None, "bucket_location": f"s3://{BUCKET}/up.mp3"}))
    aws.s3().put_object(Bucket=BUCKET, Key="up.mp3", Body=b"abc")
    status, _ = call("POST", "/ai-video", {"videoId": VIDEO, "webhookUrl": f"{ALLOWED}/hook"})
    assert status == 202
    item = aws.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}})["Item"]
    assert item["ai_generation_data"]["M"]["webhook_url"] == {"S": f"{ALLOWED}/hook"}


def test_a_start_before_the_upload_is_refused(call: Any, machine: FakeMachine) -> None:
    video = call("POST", "/videos", VIDEO_BODY)[1]["video"]
    status, reply = call("POST", "/ai-video", {"videoId": video["video_id"]})
    assert (status, reply["error"]) == (409, "UploadMissing")
    assert machine.started == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "noir"}, "style"),
        ({"targetDuration": 61}, "targetDuration"),
        ({"targetDuration": 4.9}, "targetDuration"),
        ({"prompt": "x" * 20_000}, "prompt"),
        ({"budget": 0}, "budget"),
        ({"captions": "all"}, "captions"),
        ({"aspectRatio": "1:1"}, "aspectRatio"),
        ({"languageCode": "English"}, "languageCode"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_field_is_named(call: Any, change: dict[str, object], field: str) -> None:
    status, reply = call("POST", "/ai-video", {"videoId": "v1", **change})
    assert (status, reply["error"], reply["details"][0]["field"]) == (400, "InvalidRequest", field)
    assert set(reply) == {"error", "message", "requestId", "retriable", "charged", "details"}


def test_a_retired_model_names_the_alternatives(call: Any) -> None:
    status, reply = call("POST", "/ai-video", {"videoId": "v1", "model": "veo-2.0-generate-001"})
    assert (status, reply["error"]) == (400, "ModelRetired")
    assert "2026-06-30" in reply["message"]
    assert MODEL in reply["message"]


def test_videos_are_their_owners_own(call: Any) -> None:
    video_id = uploaded(call)
    assert call("GET", f"/ai-video/{video_id}", user="other")[0] == 403
    assert call("POST", "/ai-video", {"videoId": video_id}, user="other")[0] == 403
    assert call("GET", f"/ai-video/{video_id}", user="")[0] == 401
    assert call("GET", "/ai-video/unknown")[0] == 404


def test_an_upload_over_the_limit_is_refused(call: Any) -> None:
    assert call("POST", "/videos", VIDEO_BODY | {"fileSize": 1001})[0] == 413


def test_an_unknown_route_has_the_same_error_shape(call: Any) -> None:
    status, reply = call("GET", "/nothing")
    assert (status, reply["error"]) == (404, "RouteNotFound")


def test_finished_files_are_shown_as_presigned_links(call: Any) -> None:
    kept = record()
    assert kept.ai_generation_data
    done = kept.ai_generation_data.model_copy(update={"final_video_url": f"s3://{BUCKET}/ai-generated/video1/f.mp4"})
    store(kept.model_copy(update={"ai_generation_data": done}))
    url = call("GET", "/ai-video/video1")[1]["video"]["ai_generation_data"]["final_video_url"]
    assert url.startswith("https://")
    assert "X-Amz-Signature" in url


def test_a_failure_is_shown_with_the_next_action(call: Any) -> None:
    kept = record()
    assert kept.ai_generation_data
    failure = Failure(step="scene_planning", error="NoSpeechFound", message="No words were heard.")
    failed = kept.ai_generation_data.model_copy(update={"failure": failure})
    store(kept.model_copy(update={"ai_generation_data": failed}))
    shown = call("GET", "/ai-video/video1")[1]["video"]["ai_generation_data"]["failure"]
    assert shown["next_action"] == NoSpeechFound.next_action


def test_progress_counts_steps_and_scenes() -> None:
    kept = record()
    assert kept.ai_generation_data
    states = ("completed", "completed", "in_progress", "pending")
    steps = [ProcessingStep.model_validate({"step": s, "status": t}) for s, t in zip(STEPS, states, strict=True)]
    tasks = [VertexAiTask(status="completed"), VertexAiTask(status="pending")]
    data = kept.ai_generation_data.model_copy(update={"processing_steps": steps, "vertex_ai_tasks": tasks})
    assert core.progress(data) == round(15 + 10 + 65 / 2)
