"""Records of earlier versions, and of executions they began: read, shown in today's words, and written on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.video.public_record import STATUS_OF, PublicTask, Reason, StepStatus, TaskState
from shared.video.record import VideoRecord, legible, to_item
from shared.video.scene_ledger import SceneLedger
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO, record

STATES: tuple[TaskState, ...] = get_args(TaskState)


def put_earlier(video: VideoRecord, task: str, step: str = "in_progress") -> None:
    """Write the record as an earlier version wrote it: a status of its own words, and no state."""
    item = to_item(video)
    data: dict[str, Any] = item["ai_generation_data"]["M"]
    for row in data["vertex_ai_tasks"]["L"]:
        del row["M"]["state"]
        row["M"]["status"] = {"S": task}
    data["processing_steps"]["L"][2]["M"]["status"] = {"S": step}
    clients.dynamodb().put_item(TableName=TABLE, Item=item)


def stored_item(video_id: str = VIDEO) -> dict[str, Any]:
    return dict(clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": video_id}}).get("Item", {}))


def stored_task() -> dict[str, Any]:
    return stored_item()["ai_generation_data"]["M"]["vertex_ai_tasks"]["L"][0]["M"]


def test_each_state_has_the_customers_word_and_no_word_is_another_states() -> None:
    assert set(STATUS_OF) == set(STATES)
    assert set(STATUS_OF.values()) == set(get_args(StepStatus))
    # The ledger takes a stored status for the state that is called so.
    assert all(word not in STATES or STATUS_OF[word] == word for word in STATUS_OF.values())
    assert all(sum(STATUS_OF[state] == word for state in STATES) == 1 for word in STATUS_OF.values() if word in STATES)


@pytest.mark.parametrize("state", STATES)
def test_an_earlier_task_is_shown_with_its_state_and_the_customers_word(call: Api, state: TaskState) -> None:
    put_earlier(record(), state)
    data = call.data(VIDEO)
    assert (data["vertex_ai_tasks"][0]["state"], data["vertex_ai_tasks"][0]["status"]) == (state, STATUS_OF[state])
    assert data["processing_steps"][2]["status"] == "processing"


def test_an_earlier_task_keeps_what_was_called_otherwise() -> None:
    task = PublicTask.model_validate({"status": "filtered", "rephrased": 3, "reordered": 1})
    assert (task.state, task.rephrased_for, task.reorder_count) == ("filtered", 3, 1)
    assert PublicTask.model_validate(task.model_dump() | {"rephrased": 1}) == task


@pytest.mark.parametrize(
    ("state", "error", "reason"),
    [
        (
            "failed",
            "ClipUnusable: not a video: no frames",
            Reason(code="ClipUnusable", message="not a video: no frames"),
        ),
        ("failed", "States.Timeout: Step Functions gave no reason.", None),
        ("filtered", "Support codes: 4", Reason(code="SceneFiltered", message="Support codes: 4")),
        ("pending", "high load (code 8)", Reason(code="VeoFailed", message="high load (code 8)")),
        ("pending", "VeoThrottled", Reason(code="VeoThrottled")),
        ("filtered", "VeoThrottled", Reason(code="VeoThrottled")),
        ("generating", "", Reason()),
    ],
)
def test_an_earlier_text_of_three_meanings_is_read_as_a_reason(state: str, error: str, reason: Reason | None) -> None:
    reason_shown = reason or Reason(code="States.Timeout", message="Step Functions gave no reason.")
    assert PublicTask.model_validate({"state": state, "error": error}).reason == reason_shown
    # An execution of an earlier definition writes its text beside a reason that says nothing; a later reason counts.
    both = {"state": state, "error": error, "reason": Reason().model_dump()}
    assert PublicTask.model_validate(both).reason == reason_shown
    later = Reason(code="RenderFailed", message="no")
    assert PublicTask.model_validate(both | {"reason": later.model_dump()}).reason == later


@pytest.mark.parametrize("odd", [{"error": 4}, {"error": ["x"]}, {"error": {"a": 1}}, {"state": ["x"], "error": "y"}])
def test_what_another_system_calls_an_error_is_no_reason(odd: dict[str, Any]) -> None:
    values = {"video_id": "v", "user_id": "u", "ai_generation_data": {"vertex_ai_tasks": [odd]}}
    data = legible(attribute_value(values)["M"]).ai_generation_data
    assert data is None or data.vertex_ai_tasks[0].reason == Reason()


def test_a_task_of_another_system_is_under_way() -> None:
    assert PublicTask.model_validate({"status": "processing"}).state == "generating"


@pytest.mark.parametrize("state", [state for state in STATES if state != "clip_ready"])
def test_the_ledger_goes_on_with_an_earlier_task(cloud: None, state: TaskState) -> None:
    put_earlier(record(), state)
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    assert ledger.change(1, ledger.read(1), state="clip_ready", cost_usd=0.4)
    assert (stored_task()["state"], stored_task()["status"]) == ({"S": "clip_ready"}, {"S": "processing"})
    data = record(state=state).ai_generation_data
    assert data
    # What was read before that is no longer so.
    assert not ledger.note(1, data.vertex_ai_tasks[0], state="pending")


@pytest.mark.parametrize("last", ["completed", "failed"])
def test_the_last_word_of_an_execution_that_knew_no_states_counts(cloud: None, last: TaskState) -> None:
    video = record(state="clip_ready")
    item = to_item(video)
    item["ai_generation_data"]["M"]["vertex_ai_tasks"]["L"][0]["M"]["status"] = {"S": last}
    clients.dynamodb().put_item(TableName=TABLE, Item=item)
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    assert ledger.read(1).state == last
    assert ledger.change(1, ledger.read(1), cost_usd=0.4)


def test_an_earlier_generation_is_cancelled_and_resumed(call: Api) -> None:
    video = record()
    assert video.ai_generation_data
    data = video.ai_generation_data.model_copy(update={"started_at": datetime.now(UTC).isoformat()})
    put_earlier(video.model_copy(update={"ai_generation_data": data}), "generating")
    assert call("DELETE", f"/ai-video/{VIDEO}").status == 200
    assert call.data(VIDEO)["processing_steps"][2]["status"] == "failed"
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).status == 202
    assert [task["state"] for task in call.data(VIDEO)["vertex_ai_tasks"]] == ["generating"] * 2


def test_a_video_has_no_type_until_a_generation_begins(call: Api) -> None:
    video_id = call.upload()
    assert "ai_project_type" not in call("GET", f"/videos/{video_id}").body["video"]
    assert "ai_project_type" not in stored_item(video_id)
    assert call("POST", "/ai-video", {"videoId": video_id}).status == 202
    assert call("GET", f"/videos/{video_id}").body["video"]["ai_project_type"] == "ai_generated"
