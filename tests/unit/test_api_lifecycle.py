"""Cancelling, resuming, repairing, and asking twice, on moto's table: nothing is lost and nothing happens twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.api.once import Call
from shared import aws
from shared.errors import ClipUnusable, NoSpeechFound, ReelwrightError, SubmitOutcomeUnknown
from shared.record import Failure, VertexAiTask, VideoRecord
from shared.refusals import RequestInFlight, SceneMayBeBought, TooManyRequests
from shared.repair import Ended
from tests.unit.api_calls import CONTEXT, KEYS, VIDEO_BODY, Api
from tests.unit.cloud_fixtures import VIDEO, record, store


def failed(error: str = "", **task: Any) -> VideoRecord:
    """A record whose first scene failed with `error`."""
    kept = record(status="failed", error=error, **task)
    assert kept.ai_generation_data
    data = kept.ai_generation_data.model_copy(
        update={"execution_arn": "arn:old", "started_at": datetime.now(UTC).isoformat()}
    )
    place = {"bucket_location": "s3://media-bucket/uploads/user1/video1/talk.mp3"}
    return kept.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data, **place})


def test_a_cancelled_generation_is_stopped_and_stays_cancelled(call: Api) -> None:
    video_id = call.uploaded()
    call("POST", "/ai-video", {"videoId": video_id})
    for _ in range(2):
        answer = call("DELETE", f"/ai-video/{video_id}")
        assert (answer.status, answer.body["status"]) == (200, "cancelled")
    assert set(call.machine.stopped) == {call.data(video_id)["execution_arn"]}


def test_what_is_over_cannot_be_cancelled(call: Api) -> None:
    store(record().model_copy(update={"ai_generation_status": "completed"}))
    answer = call("DELETE", f"/ai-video/{VIDEO}")
    assert (answer.status, answer.body["error"], call.machine.stopped) == (409, "NotProcessing", [])


@pytest.mark.parametrize(
    ("task", "status"),
    [
        ({"error": "VeoRefused: no"}, "pending"),
        ({"error": "VeoFailed: broken", "task_id": "op", "attempt": 1}, "pending"),
        ({"error": "SceneTimedOut: late", "task_id": "op", "attempt": 1}, "generating"),
        ({"error": "RenderFailed: x", "task_id": "op", "attempt": 1, "video_url": "s3://b/k"}, "clip_ready"),
    ],
)
def test_a_resumed_scene_goes_on_where_it_was_paid_for(call: Api, task: dict[str, Any], status: str) -> None:
    store(failed(**task))
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status, answer.body["status"]) == (202, "processing")
    data = call.data(VIDEO)
    assert (data["vertex_ai_tasks"][0]["status"], data["run"]) == (status, 2)
    assert [(request.generation_id, run) for request, run in call.machine.started] == [("gen1", 2)]


@pytest.mark.parametrize(
    "task",
    [
        {"error": "SubmitOutcomeUnknown: hang-up", "attempt": 1},
        {"error": "Lambda.Unknown: crash", "attempt": 1},
        {"error": "OperationLost: 404", "attempt": 1, "task_id": "op"},
        {"error": "ClipUnusable: no video", "attempt": 1, "task_id": "op", "video_url": "s3://b/k", "cost_usd": 0.4},
    ],
)
def test_what_may_be_paid_twice_is_the_users_decision(call: Api, task: dict[str, Any]) -> None:
    store(failed(**task))
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status, answer.body["error"], answer.body["charged"]) == (409, "SceneMayBeBought", True)
    assert call.machine.started == []
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"orderAgain": True}).status == 202
    shown = call.data(VIDEO)["vertex_ai_tasks"][0]
    assert (shown["status"], shown["task_id"], shown["cost_usd"]) == ("pending", "", task.get("cost_usd", 0))
    # What may have been charged is not forgotten with the order.
    assert (shown["reordered"], shown["doubtful_usd"]) == (1, 0 if "cost_usd" in task else 0.8)
    assert call.data(VIDEO)["cost_breakdown"]["undecided"] == shown["doubtful_usd"]


@pytest.mark.parametrize(
    ("task", "reordered"),
    [
        ({"error": "SceneFiltered: no", "task_id": "op", "attempt": 4}, 0),
        ({"error": "RenderFailed: x", "task_id": "op", "attempt": 1, "video_url": "s3://b/k", "cost_usd": 0.8}, 1),
    ],
)
def test_a_scene_with_a_new_prompt_is_ordered_and_no_other(call: Api, task: dict[str, Any], reordered: int) -> None:
    store(failed(**task))
    others = call.data(VIDEO)["vertex_ai_tasks"][1:]
    scenes = [{"sequence": 1, "prompt": "A quiet harbour"}]
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"scenes": scenes}).status == 202
    first, *rest = call.data(VIDEO)["vertex_ai_tasks"]
    assert (first["status"], first["own_prompt"], first["reordered"]) == ("pending", "A quiet harbour", reordered)
    assert (first["cost_usd"], rest) == (task.get("cost_usd", 0), others)


def test_a_clip_that_is_being_made_is_not_given_up_unasked(call: Api) -> None:
    kept = failed()
    assert kept.ai_generation_data
    tasks = [VertexAiTask(sequence=1, status="generating", task_id="op", attempt=1)]
    data = kept.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    store(kept.model_copy(update={"ai_generation_data": data}))
    change = {"scenes": [{"sequence": 1, "prompt": "A quiet harbour"}]}
    assert call("POST", f"/ai-video/{VIDEO}/resume", change).body["error"] == "SceneMayBeBought"
    assert call("POST", f"/ai-video/{VIDEO}/resume", change | {"orderAgain": True}).status == 202


def test_a_scene_that_is_not_in_the_plan_cannot_change(call: Api) -> None:
    store(failed())
    change = {"scenes": [{"sequence": 9, "prompt": "A quiet harbour"}]}
    assert call("POST", f"/ai-video/{VIDEO}/resume", change).body["error"] == "SceneNotFound"
    assert call.machine.started == []


@pytest.mark.parametrize("status", ["completed", None])
def test_there_must_be_something_to_resume(call: Api, status: str | None) -> None:
    store(record().model_copy(update={"ai_generation_status": status}))
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).body["error"] == "NotResumable"


def test_intermediate_files_that_are_gone_cannot_be_resumed(call: Api) -> None:
    kept = failed()
    assert kept.ai_generation_data
    old = kept.ai_generation_data.model_copy(update={"started_at": "2026-01-01T00:00:00Z"})
    store(kept.model_copy(update={"ai_generation_data": old}))
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).body["error"] == "NotResumable"


@pytest.mark.parametrize(
    ("ended", "error"),
    [
        (Ended("TIMED_OUT"), "ExecutionEnded"),
        (Ended("ABORTED"), "ExecutionEnded"),
        (Ended("NOT_FOUND"), "ExecutionEnded"),
        (Ended("FAILED", "PlanInvalid", "no plan"), "PlanInvalid"),
    ],
)
def test_a_record_whose_execution_died_is_repaired_on_read(call: Api, ended: Ended, error: str) -> None:
    store(record())
    call.machine.over["all"] = ended
    shown = call("GET", f"/videos/{VIDEO}").body["video"]
    assert shown["ai_generation_status"] == "failed"
    assert shown["ai_generation_data"]["failure"]["error"] == error


@pytest.mark.parametrize(
    ("error", "task", "charged", "action"),
    [
        ("NoSpeechFound", {}, False, NoSpeechFound.next_action),
        ("PlannerUnavailable", {}, False, "Resume the generation in a few minutes; what was paid for is used again."),
        ("RenderFailed", {"cost_usd": 0.4, "video_url": "s3://b/k"}, True, ReelwrightError.next_action),
        ("Lambda.Unknown", {"attempt": 1}, True, SceneMayBeBought.next_action),
        ("SubmitOutcomeUnknown", {"attempt": 1}, True, SubmitOutcomeUnknown.next_action),
        ("ClipUnusable", {"attempt": 1, "cost_usd": 0.4, "video_url": "s3://b/k"}, True, ClipUnusable.next_action),
    ],
)
def test_a_failure_says_truly_if_it_was_charged_and_what_to_do(
    call: Api, error: str, task: dict[str, Any], charged: bool, action: str
) -> None:
    made = failed(f"{error}: why", **task)
    assert made.ai_generation_data
    failure = Failure(step="video_generation", error=error, message="why", charged=not charged)
    data = made.ai_generation_data.model_copy(update={"failure": failure})
    store(made.model_copy(update={"ai_generation_data": data}))
    shown = call.data(VIDEO)["failure"]
    assert (shown["charged"], shown["next_action"]) == (charged, action)
    # What is advised works: a resumption that needs no decision is accepted, and one that needs it says so.
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status == 202) == ("orderAgain" not in action)


def test_a_record_whose_execution_runs_is_left_alone(call: Api) -> None:
    store(record())
    assert call("GET", f"/ai-video/{VIDEO}").body["video"]["ai_generation_status"] == "processing"


def test_the_same_key_gives_the_same_answer_and_one_record(call: Api) -> None:
    first, again = (call("POST", "/videos", VIDEO_BODY, Idempotency_Key="k").body for _ in range(2))
    assert first == again
    assert len(call("GET", "/videos").body["videos"]) == 1
    assert call("POST", "/videos", VIDEO_BODY, user="other", Idempotency_Key="k").body != first
    reused = call("POST", "/videos", VIDEO_BODY | {"title": "Other"}, Idempotency_Key="k")
    assert (reused.status, reused.body["error"]) == (422, "IdempotencyKeyReused")


@pytest.mark.parametrize("batch", [False, True])
def test_what_a_key_has_begun_is_not_begun_again_although_its_answer_was_lost(call: Api, batch: bool) -> None:
    body = {"videoId": call.uploaded()}
    asked = ("/ai-video/batch", {"items": [body]}) if batch else ("/ai-video", body)
    assert call("POST", *asked, Idempotency_Key="k").status < 300
    forget_keys()
    kept = call.services.table.get(body["videoId"])
    assert kept
    store(kept.model_copy(update={"ai_generation_status": "completed"}))
    assert call("POST", *asked, Idempotency_Key="k").status < 300
    assert len(call.machine.started) == 1
    assert call("POST", *asked, Idempotency_Key="another").status < 300
    assert len(call.machine.started) == 2


def test_what_a_key_could_not_start_is_started_by_the_next_try(call: Api) -> None:
    body = {"videoId": call.uploaded()}
    call.machine.refusals.append(TooManyRequests("Slow down."))
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 429
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    assert len(call.machine.started) == 1


def forget_keys() -> None:
    for item in aws.dynamodb().scan(TableName=KEYS)["Items"]:
        aws.dynamodb().delete_item(TableName=KEYS, Key={"id": item["id"]})


def test_a_refusal_is_not_kept_under_its_key(call: Api) -> None:
    video = call("POST", "/videos", VIDEO_BODY).body["video"]
    body = {"videoId": video["video_id"]}
    assert call("POST", "/ai-video", body, Idempotency_Key="k").body["error"] == "UploadMissing"
    assert call("POST", "/ai-video", body, Idempotency_Key="k").body["error"] == "UploadMissing"


def test_a_key_whose_request_is_at_work_is_refused(call: Api) -> None:
    once, asked = call.services.once, Call("u", "k", {"route": "POST /x"})

    def act() -> dict[str, object]:
        with pytest.raises(RequestInFlight):
            once.answer(asked, 60, CONTEXT, dict)  # pyright: ignore[reportArgumentType]
        return {"done": True}

    assert once.answer(asked, 60, CONTEXT, act) == {"done": True}  # pyright: ignore[reportArgumentType]
