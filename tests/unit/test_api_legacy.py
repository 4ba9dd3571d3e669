"""Records that something else wrote into the table: each is shown as far as it can be read, and no list breaks."""

from __future__ import annotations

from typing import Any, cast

import pytest
from botocore.awsrequest import AWSResponse

from functions.api.adapters import Machine
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.errors import StorageUnavailable
from shared.video.ending import NOT_FOUND, Ended
from shared.video.execution_names import execution_name
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import BUCKET, EXECUTION, TABLE, VIDEO

KEYS: dict[str, Any] = {
    "video_id": {"S": VIDEO},
    "user_id": {"S": "user1"},
    "created_at": {"S": "2025-03-01 12:00:00"},
    "bucket_location": {"S": f"s3://{BUCKET}/uploads/user1/{VIDEO}/a.mp3"},
}
ARN = {"execution_arn": {"S": EXECUTION}}
ODD: dict[str, dict[str, Any]] = {
    "a local time": {"updated_at": {"S": "2025-03-01T12:00:00"}, "ai_generation_status": {"S": "processing"}},
    "no time": {"updated_at": {"S": ""}, "ai_generation_data": {"M": ARN}},
    "a run without an execution": {"ai_generation_status": {"S": "processing"}, "ai_generation_data": {"M": {}}},
    "a set": {"tags": {"SS": ["a", "b"]}, "title": {"SS": ["a"]}},
    "bytes": {"thumbnail": {"B": b"x"}, "title": {"B": b"x"}},
    "a title that is nothing": {"title": {"NULL": True}},
    "another form of generations": {"ai_generation_data": {"S": "{}"}},
    "another status": {"ai_generation_status": {"S": "queued"}},
    "a step from nobody's clock": {
        "ai_generation_data": {
            "M": {
                "started_at": {"S": "yesterday"},
                "processing_steps": {
                    "L": [{"M": {"step": {"S": "x"}, "status": {"S": "in_progress"}, "started_at": {"S": "noon"}}}]
                },
            }
        },
        "ai_generation_status": {"S": "processing"},
    },
}
PLACES = ["", "talk.mp3", "s3://another/uploads/user1/talk.mp3", f"s3://{BUCKET}/library/talk.mp3"]


def put(**attributes: Any) -> None:
    clients.dynamodb().put_item(TableName=TABLE, Item={**KEYS, **attributes})


@pytest.mark.parametrize("odd", ODD)
def test_a_record_of_another_form_is_shown_and_breaks_no_list(call: Api, odd: str) -> None:
    put(**ODD[odd])
    call.upload()
    assert [video["video_id"] for video in call("GET", "/videos").body["videos"]].count(VIDEO) == 1
    answer = call("GET", f"/videos/{VIDEO}")
    assert (answer.status, answer.body["video"]["user_id"]) == (200, "user1")


@pytest.mark.parametrize("odd", [name for name, row in ODD.items() if "processing" not in str(row)])
def test_it_can_be_made_into_a_video(call: Api, odd: str) -> None:
    put(**ODD[odd])
    clients.s3().put_object(Bucket=BUCKET, Key=f"uploads/user1/{VIDEO}/a.mp3", Body=b"abc")
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    assert call.execution_arn(VIDEO) != EXECUTION


@pytest.mark.parametrize("place", PLACES)
def test_a_recording_that_the_stages_may_not_read_is_not_looked_for(call: Api, place: str) -> None:
    put(bucket_location={"S": place})
    assert "recording" not in call("GET", f"/videos/{VIDEO}").body["video"]
    answer = call("POST", "/ai-video", {"videoId": VIDEO})
    assert (answer.status, answer.body["error"]) == (409, "UploadMissing")
    assert "create the video again" in answer.body["message"]


def test_a_run_of_something_else_is_left_to_it(call: Api) -> None:
    put(**ODD["a run without an execution"])
    call.machine.over["all"] = Ended("FAILED", "VeoRefused", "no")
    assert call("GET", f"/videos/{VIDEO}").body["video"]["ai_generation_status"] == "processing"


def test_a_list_shows_a_dead_run_as_failed(call: Api) -> None:
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id}).status == 202
    clients.dynamodb().update_item(
        TableName=TABLE,
        Key={"video_id": {"S": video_id}},
        UpdateExpression="SET updated_at = :then",
        ExpressionAttributeValues={":then": {"S": "2025-03-01T12:00:00Z"}},
    )
    call.machine.over["all"] = Ended("TIMED_OUT")
    assert [video["ai_generation_status"] for video in call("GET", "/videos").body["videos"]] == ["failed"]


def test_an_execution_of_another_state_machine_is_not_asked_for(cloud: None) -> None:
    machine = Machine("arn:aws:states:us-east-1:123456789012:stateMachine:Mine")
    requests: list[object] = []

    def ask(**request: object) -> None:
        requests.append(request)

    clients.stepfunctions().meta.events.register_first("before-send.sfn", ask)
    assert machine.describe(EXECUTION).status == NOT_FOUND
    machine.stop(EXECUTION)
    assert requests == []
    assert machine.describe("arn:aws:states:us-east-1:123456789012:execution:Mine:x").status == NOT_FOUND
    assert len(requests) == 1


def test_an_object_that_stays_is_told(cloud: None) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key="uploads/u/v/a.mp3", Body=b"abc")
    left = b"<DeleteResult><Error><Key>uploads/u/v/a.mp3</Key><Code>SlowDown</Code></Error></DeleteResult>"

    class Raw:
        def stream(self, *_more: object, **_options: object) -> list[bytes]:
            return [left]

    def half_done(**_request: object) -> AWSResponse:
        return AWSResponse("https://s3", 200, {}, Raw())  # pyright: ignore[reportArgumentType]

    clients.s3().meta.events.register_first("before-send.s3.DeleteObjects", cast("Any", half_done))
    with pytest.raises(StorageUnavailable, match="1 objects could not be deleted"):
        Bucket(BUCKET).delete_below("uploads/u/v/")


@pytest.mark.parametrize("length", [1, 40, 41, 100])
def test_an_id_of_any_length_that_is_shown_can_be_generated_and_deleted(call: Api, length: int) -> None:
    video = "v" * length
    key = f"uploads/user1/{video}/a.mp3"
    put(video_id={"S": video}, bucket_location={"S": f"s3://{BUCKET}/{key}"})
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"x")
    assert call("GET", f"/videos/{video}").status == 200
    assert call("POST", "/ai-video/estimate", {"videoId": video}).status == 200
    assert call("POST", "/ai-video", {"videoId": video}).status == 202
    assert call.machine.started[-1][0].video_id == video
    assert call("DELETE", f"/ai-video/{video}").status == 200
    assert call("POST", f"/ai-video/{video}/resume", {}).status == 202
    assert call("DELETE", f"/ai-video/{video}").status == 200
    assert call("DELETE", f"/videos/{video}").status == 200


def test_ids_that_begin_alike_name_executions_of_their_own_that_step_functions_takes() -> None:
    ids = ["v" * 40, "v" * 41, "v" * 42, "v" * 100]
    names = [execution_name(each, "g" * 16) for each in ids]
    assert len(set(names)) == len(ids)
    assert names[0] == f"{ids[0]}-{'g' * 16}"
    # StartExecution takes 80 characters; a run's number follows.
    assert max(map(len, names)) <= 80 - len("-1000")
