"""A search for moments in a video that is there: its plan, retakes, formats and export are what they were."""

from __future__ import annotations

from typing import Any

import pytest

from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.video.record import GenerationData
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, VIDEO
from tests.unit.test_api_plan import PLAN, RUNS, TAKES, record_of_video, store

MOMENTS = f"/videos/{VIDEO}/moments"
SHOWN = f"/ai-video/{VIDEO}"
FAILURE: dict[str, Any] = {
    "step": "scene_planning",
    "error": "PlannerRefused",
    "message": "No.",
    "next_action": "",
    "charged": False,
}


@pytest.fixture(name="call")
def api_with_a_video(cloud: None) -> Api:
    call = make_api()
    key = media_keys.recording_copy(media_keys.upload("user1", VIDEO, "talk.mp3"), "etag")
    Bucket(BUCKET).write_text(key, "abc")
    store(record_of_video().model_copy(update={"recording_copy": key, "recording_etag": "etag"}))
    for take in ("take1", "take2"):
        Bucket(BUCKET).write_bytes(media_keys.take(VIDEO, GENERATION, take, "clip"), take.encode(), "video/mp4")
    return call


def search(call: Api, status: str = "awaiting_review", *, is_told: bool = True, **more: Any) -> None:
    """Look for moments until the search ends with the status, and its end is told."""
    assert call("POST", MOMENTS, {"count": 3}).status == 202
    assert call.machine.started[-1][0].goal == "moments"
    values: dict[str, Any] = {":status": {"S": status}}
    update = "SET ai_generation_status = :status"
    if more:
        values[":failure"] = {"M": {name: {"S": str(value)} for name, value in more.items() if value is not False}}
        update += ", ai_generation_data.failure = :failure"
    if status != "processing":
        change(update, values)
        if is_told:
            tell_of_the_end(call)


def change(update: str, values: dict[str, Any]) -> None:
    """Change the record as the functions would."""
    clients.dynamodb().update_item(
        TableName="video_metadata",
        Key={"video_id": {"S": VIDEO}},
        UpdateExpression=update,
        ExpressionAttributeValues=values,
    )


def tell_of_the_end(call: Api) -> None:
    """Note that the end of the search was told."""
    notice = {"execution_arn": {"S": latest(call).execution_arn}, "by": {"S": "tell"}, "since": {"N": "0"}}
    change("SET ai_generation_data.notice = :notice", {":notice": {"M": {**notice, "is_sent": {"BOOL": True}}}})


def video(call: Api) -> dict[str, Any]:
    return call("GET", SHOWN).body["video"]


def latest(call: Api) -> GenerationData:
    record = call.services.table.get(VIDEO)
    assert record
    assert record.ai_generation_data
    return record.ai_generation_data


def test_a_video_is_shown_as_it_was_once_a_search_in_front_of_it_is_over(call: Api) -> None:
    before = video(call)
    search(call, "processing")
    running = video(call)
    assert (running["ai_generation_status"], running["ai_generation_data"]["goal"]) == ("processing", "moments")
    assert "search" not in running
    search_id = latest(call).generation_id
    call("DELETE", SHOWN)
    after = video(call)
    assert after["ai_generation_status"] == "completed"
    for name in ("generation_id", "goal", "revision", "final_revision", "options", "failure"):
        assert after["ai_generation_data"].get(name) == before["ai_generation_data"].get(name)
    takes = [[task["take"] for task in each["ai_generation_data"]["vertex_ai_tasks"]] for each in (before, after)]
    assert takes == [["take1", "take2"]] * 2
    assert (after["search"]["generation_id"], after["search"]["status"]) == (search_id, "cancelled")
    rows = call("GET", "/videos").body["videos"]
    assert [(each["ai_generation_status"], each["search"]["status"]) for each in rows] == [("completed", "cancelled")]


def test_why_a_search_stopped_is_told_beside_the_video(call: Api) -> None:
    search(call, "failed", **FAILURE)
    after = video(call)
    assert (after["ai_generation_status"], after["search"]["status"]) == ("completed", "failed")
    assert after["search"]["failure"]["error"] == "PlannerRefused"
    assert "failure" not in after["ai_generation_data"]


def test_the_plan_is_read_while_a_search_runs_and_edited_after_it(call: Api) -> None:
    before = call("GET", PLAN).body["plan"]
    search(call, "processing")
    assert call("GET", PLAN).body["plan"]["generationId"] == before["generationId"]
    assert call("GET", f"{SHOWN}/export").status == 200
    edits = {"edits": [{"op": "title", "title": "Later"}]}
    assert call("PATCH", PLAN, edits, If_Match="*").body["error"] == "AlreadyProcessing"
    call("DELETE", SHOWN)
    tell_of_the_end(call)
    answer = call("PATCH", PLAN, edits, If_Match="*")
    assert (answer.status, answer.body["plan"]["revision"]) == (200, 2)
    after = video(call)
    assert (after["title"], after["ai_generation_data"]["revision"], after.get("search")) == ("Later", 2, None)
    # The next search stands in front of what the plan is by now.
    search(call)
    assert call("GET", PLAN).body["plan"]["revision"] == 2


@pytest.mark.parametrize("status", ["awaiting_review", "failed"])
def test_a_retake_a_run_and_a_format_are_of_the_video_behind_the_search(call: Api, status: str) -> None:
    search(call, status)
    variant = call("POST", f"{SHOWN}/variants", {"aspectRatio": "1:1"})
    assert (variant.status, variant.body["buys"]) == (202, [])
    assert latest(call).goal == "moments"
    answer = call("POST", TAKES, {})
    assert (answer.status, len(answer.body["buys"])) == (202, 1)
    request, run = call.machine.started[-1]
    assert (request.video_id, request.generation_id, request.goal, run) == (VIDEO, GENERATION, "video", 2)
    assert video(call)["ai_generation_status"] == "processing"


def test_a_video_is_put_back_once_the_end_of_the_search_is_told(call: Api) -> None:
    search(call, is_told=False)
    refusal = call("POST", RUNS, {"goal": "draft"})
    assert (refusal.status, refusal.body["error"]) == (409, "AlreadyProcessing")
    assert latest(call).goal == "moments"
    # Where nobody tells of it the video is not kept back for ever.
    change("SET updated_at = :then", {":then": {"S": "2026-01-01T00:00:00Z"}})
    assert call("POST", RUNS, {"goal": "draft"}).status == 202


def test_a_search_after_another_stands_in_front_of_the_same_video(call: Api) -> None:
    search(call)
    search(call, "failed", **FAILURE)
    assert latest(call).set_aside
    assert video(call)["ai_generation_data"]["generation_id"] == GENERATION
    assert call("POST", RUNS, {"goal": "stills"}).status == 202
    assert call.machine.started[-1][0].generation_id == GENERATION


def test_a_search_that_broke_off_is_itself_resumed(call: Api) -> None:
    search(call, "failed", **FAILURE)
    assert call("POST", f"{SHOWN}/resume", {}).status == 202
    request, run = call.machine.started[-1]
    assert (request.goal, run, request.generation_id) == ("moments", 2, latest(call).generation_id)
    assert call("GET", PLAN).status == 200


def test_the_finished_video_can_be_deleted_alone_behind_a_search(call: Api) -> None:
    base = record_of_video()
    assert base.ai_generation_data
    url = f"s3://{BUCKET}/{media_keys.result(VIDEO, GENERATION, 'video', 1, 'final_video.mp4')}"
    data = base.ai_generation_data.model_copy(update={"final_video_url": url, "final_revision": 1})
    earlier = call.services.table.get(VIDEO)
    assert earlier
    store(earlier.model_copy(update={"ai_generation_data": data}))
    search(call)
    assert call("DELETE", f"{SHOWN}/versions/{GENERATION}").status == 200
    assert latest(call).is_deleted
    assert video(call).get("ai_generation_data") is None


def test_a_search_does_not_begin_over_a_plan_that_is_edited_at_that_moment(call: Api) -> None:
    def edit() -> None:
        edits = {"edits": [{"op": "title", "title": "Later"}]}
        assert call("PATCH", PLAN, edits, If_Match="*").status == 200

    # What is set aside is what the table has when the search begins.
    answer = call.with_interruption(edit)("POST", MOMENTS, {"count": 3})
    assert answer.status == 202
    assert call("GET", PLAN).body["plan"]["revision"] == 2


def test_a_recording_of_which_nothing_was_made_has_nothing_to_set_aside(call: Api) -> None:
    fresh = call.upload()
    assert call("POST", f"/videos/{fresh}/moments", {}).status == 202
    record = call.services.table.get(fresh)
    assert record
    assert record.ai_generation_data
    assert record.ai_generation_data.set_aside == ""
    call("DELETE", f"/ai-video/{fresh}")
    assert call.data(fresh)["goal"] == "moments"
