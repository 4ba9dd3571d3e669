"""Cancelling, repairing, and asking twice, on moto's table: nothing is lost and nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from functions.api.app import make_app
from functions.api.once import KeyedRequest
from functions.api.pace import StartRate
from shared.aws import clients
from shared.http.refusals import RequestInFlight, TooManyRequests
from shared.video.ending import Ended
from tests.unit.api_calls import CONTEXT, KEYS, SITE, VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store


def test_a_cancelled_generation_is_stopped_and_stays_cancelled(call: Api) -> None:
    video_id = call.upload()
    call("POST", "/ai-video", {"videoId": video_id})
    for _ in range(2):
        answer = call("DELETE", f"/ai-video/{video_id}")
        assert (answer.status, answer.body["status"]) == (200, "cancelled")
    assert set(call.machine.stop_requests) == {call.execution_arn(video_id)}


def test_what_is_over_cannot_be_cancelled(call: Api) -> None:
    store(record().model_copy(update={"ai_generation_status": "completed"}))
    answer = call("DELETE", f"/ai-video/{VIDEO}")
    assert (answer.status, answer.body["error"], call.machine.stop_requests) == (409, "NotProcessing", [])


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (Ended("TIMED_OUT"), "ExecutionEnded"),
        (Ended("ABORTED"), "ExecutionEnded"),
        (Ended("NOT_FOUND"), "ExecutionEnded"),
        (Ended("FAILED", "PlanInvalid", "no plan"), "PlanInvalid"),
    ],
)
def test_a_record_whose_execution_died_is_repaired_on_read(call: Api, end: Ended, error: str) -> None:
    store(record())
    call.machine.over["all"] = end
    video = call("GET", f"/videos/{VIDEO}").body["video"]
    assert video["ai_generation_status"] == "failed"
    assert video["ai_generation_data"]["failure"]["error"] == error


def test_a_record_whose_execution_runs_is_left_alone(call: Api) -> None:
    store(record())
    assert call("GET", f"/ai-video/{VIDEO}").body["video"]["ai_generation_status"] == "processing"


def test_the_same_key_gives_the_same_answer_and_one_record(call: Api) -> None:
    first, again = (call("POST", "/videos", VIDEO_BODY, Idempotency_Key="k").body for _ in range(2))
    assert first == again
    assert len(call("GET", "/videos").body["videos"]) == 1
    assert call("POST", "/videos", VIDEO_BODY, user="other", Idempotency_Key="k").body != first
    refusal = call("POST", "/videos", VIDEO_BODY | {"title": "Other"}, Idempotency_Key="k")
    assert (refusal.status, refusal.body["error"]) == (422, "IdempotencyKeyReused")


@pytest.mark.parametrize("batch", [False, True])
def test_what_a_key_has_begun_is_not_begun_again_although_its_answer_was_lost(call: Api, batch: bool) -> None:
    body = {"videoId": call.upload()}
    order = ("/ai-video/batch", {"items": [body]}) if batch else ("/ai-video", body)
    assert call("POST", *order, Idempotency_Key="k").status < 300
    forget_keys()
    current = call.services.table.get(body["videoId"])
    assert current
    store(current.model_copy(update={"ai_generation_status": "completed"}))
    assert call("POST", *order, Idempotency_Key="k").status < 300
    assert len(call.machine.started) == 1
    assert call("POST", *order, Idempotency_Key="another").status < 300
    assert len(call.machine.started) == 2


def test_what_a_key_could_not_start_is_started_by_the_next_try(call: Api) -> None:
    body = {"videoId": call.upload()}
    call.machine.refusals.append(TooManyRequests("Slow down."))
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 429
    call.machine.over["all"] = Ended("NOT_FOUND")
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    assert len(call.machine.started) == 1


def test_a_generation_that_ran_and_failed_is_not_begun_again_by_its_key(call: Api) -> None:
    body = {"videoId": call.upload()}
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    call.machine.over["all"] = Ended("FAILED", "VeoRefused", "no")
    current = call.services.table.get(body["videoId"])
    assert current
    failure = current.model_copy(update={"ai_generation_status": "failed"})
    store(failure)
    forget_keys()
    assert call("POST", "/ai-video", body, Idempotency_Key="k").status == 202
    assert (call.services.table.get(body["videoId"]), len(call.machine.started)) == (failure, 1)


def forget_keys() -> None:
    for item in clients.dynamodb().scan(TableName=KEYS)["Items"]:
        clients.dynamodb().delete_item(TableName=KEYS, Key={"id": item["id"]})


def test_a_refusal_is_not_kept_under_its_key(call: Api) -> None:
    video = call("POST", "/videos", VIDEO_BODY).body["video"]
    body = {"videoId": video["video_id"]}
    assert call("POST", "/ai-video", body, Idempotency_Key="k").body["error"] == "UploadMissing"
    assert call("POST", "/ai-video", body, Idempotency_Key="k").body["error"] == "UploadMissing"


def test_the_refused_items_of_a_batch_are_tried_again_by_its_key_and_the_accepted_are_not_doubled(call: Api) -> None:
    early = call.upload()
    announcement = call("POST", "/videos", VIDEO_BODY).body
    late = announcement["video"]["video_id"]
    items = [{"videoId": early}, {"videoId": late}, {"videoId": early}]

    def statuses() -> list[int]:
        reply = call("POST", "/ai-video/batch", {"items": items}, Idempotency_Key="k").body
        return [answer["statusCode"] for answer in reply["results"]]

    assert statuses() == [202, 409, 409]
    clients.s3().put_object(Bucket=BUCKET, Key=announcement["upload"]["fields"]["key"], Body=b"abc")
    complete(call, early)
    # Another generation of the video meanwhile: the key still names the earlier one.
    assert call("POST", "/ai-video", {"videoId": early}).status == 202
    complete(call, early)
    for _ in range(2):
        assert statuses() == [202, 202, 409]
    assert [request.video_id for request, _ in call.machine.started] == [early, early, late]


def test_an_item_that_was_accepted_is_not_changed_by_its_key(call: Api) -> None:
    early = call.upload()
    other = call.upload()
    assert call("POST", "/ai-video/batch", {"items": [{"videoId": early}]}, Idempotency_Key="k").body["success"]
    items = [{"videoId": early, "style": "animated"}, {"videoId": other}]
    answers = call("POST", "/ai-video/batch", {"items": items}, Idempotency_Key="k").body["results"]
    assert [answer["statusCode"] for answer in answers] == [422, 202]
    assert answers[0]["problem"]["error"] == "IdempotencyKeyReused"


def complete(call: Api, video_id: str) -> None:
    current = call.services.table.get(video_id)
    assert current
    store(current.model_copy(update={"ai_generation_status": "completed"}))


def test_a_user_starts_so_many_in_an_hour_and_is_told_when_to_go_on(call: Api) -> None:
    def api_at(now: float) -> Api:
        pace = StartRate(KEYS, 2, lambda: now)
        services = replace(call.services, pace=pace)
        return Api(make_app(services, [SITE]), call.machine, services)

    slow = api_at(7200 + 600)
    videos = [call.upload() for _ in range(5)]
    first = {"videoId": videos[0]}
    assert [slow("POST", "/ai-video", first, Idempotency_Key="k").status for _ in range(3)] == [202] * 3
    items = [{"videoId": video} for video in videos[1:4]]
    answers = slow("POST", "/ai-video/batch", {"items": items}, Idempotency_Key="b").body["results"]
    assert [answer["statusCode"] for answer in answers] == [202, 429, 429]
    status, reply, headers = slow("POST", "/ai-video", {"videoId": videos[4]})
    assert (status, reply["error"], reply["retriable"]) == (429, "TooManyStarts", True)
    assert headers["Retry-After"] == str(3000)
    assert call("GET", f"/ai-video/{videos[4]}").body["video"].get("ai_generation_status") is None
    others = call.upload()
    assert slow("POST", "/ai-video", {"videoId": others}, user="user2").status == 403
    later = api_at(7200 + 3600)("POST", "/ai-video/batch", {"items": items}, Idempotency_Key="b").body["results"]
    assert [answer["statusCode"] for answer in later] == [202, 202, 202]
    assert len(call.machine.started) == 4


def test_what_is_refused_before_it_starts_is_not_counted_and_a_resume_is(call: Api) -> None:
    services = replace(call.services, pace=StartRate(KEYS, 1, lambda: 0))
    slow = Api(make_app(services, [SITE]), call.machine, services)
    waiting = call("POST", "/videos", VIDEO_BODY).body["video"]["video_id"]
    for body in ({"videoId": waiting}, {"videoId": "unknown"}, {"videoId": call.upload(), "budget": 0.01}):
        assert slow("POST", "/ai-video", body).status in (402, 404, 409)
    store(record().model_copy(update={"ai_generation_status": "failed"}))
    recent = {"started_at": datetime.now(UTC).isoformat()}
    current = call.services.table.get(VIDEO)
    assert current
    assert current.ai_generation_data
    store(current.model_copy(update={"ai_generation_data": current.ai_generation_data.model_copy(update=recent)}))
    assert slow("POST", f"/ai-video/{VIDEO}/resume", {}).status == 202
    assert slow("POST", "/ai-video", {"videoId": call.upload()}).status == 429


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize(
    ("attributes", "budget", "status"),
    [
        ({"duration": 0, "file_size": 3}, 0.01, 402),
        ({"duration": 0, "file_size": 3}, 0.02, 202),
        ({"duration": 14_400, "file_size": 3}, 1.44, 402),
        ({"duration": 14_400, "file_size": 3}, 1.6, 202),
        # Nobody knows how long it is, but an mp3 of this size lasts at least 50 minutes.
        ({"duration": 0, "file_size": 200_000_000}, 0.3, 402),
        ({"duration": 0, "file_size": 200_000_000}, 0.4, 202),
        ({"duration": 60, "file_size": 200_000_000}, 0.03, 202),
    ],
)
def test_a_budget_that_cannot_pay_for_hearing_and_planning_is_refused_at_once(
    call: Api, batch: bool, attributes: dict[str, float], budget: float, status: int
) -> None:
    video_id = call.upload()
    current = call.services.table.get(video_id)
    assert current
    store(current.model_copy(update=attributes))
    body = {"videoId": video_id, "budget": budget}
    if batch:
        (answer,) = call("POST", "/ai-video/batch", {"items": [body]}).body["results"]
        answer_status = answer["statusCode"]
        problem = answer.get("problem", {})
    else:
        answer_status, problem, _ = call("POST", "/ai-video", body)
    assert answer_status == status
    assert len(call.machine.started) == (status == 202)
    if status == 402:
        assert problem["error"] == "BudgetExceeded"
        assert "Transcription and planning alone" in problem["message"]
        assert call("GET", f"/ai-video/{video_id}").body["video"].get("ai_generation_status") is None


def test_a_key_whose_request_is_at_work_is_refused(call: Api) -> None:
    once = call.services.once
    request = KeyedRequest("u", "k", {"route": "POST /x"})

    def act() -> dict[str, object]:
        with pytest.raises(RequestInFlight):
            once.answer(request, 60, CONTEXT, dict)  # pyright: ignore[reportArgumentType]
        return {"done": True}

    assert once.answer(request, 60, CONTEXT, act) == {"done": True}  # pyright: ignore[reportArgumentType]
