"""Resuming a failed or cancelled generation through the API, on moto's table: what was paid for is used again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import Options
from shared.errors import ClipUnusable, NoSpeechFound, ReelwrightError, SubmitOutcomeUnknown
from shared.film.plan import Plan
from shared.http.refusals import SceneMayBeBought
from shared.video.public_record import Failure, Reason
from shared.video.record import VertexAiTask, VideoRecord
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store


def failed_record(error: str = "", **task: Any) -> VideoRecord:
    """A record whose first scene failed with `error`."""
    attributes: dict[str, Any] = {"reason": Reason(code=error), **task}
    base = record(state="failed", **attributes)
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(
        update={"execution_arn": "arn:old", "started_at": datetime.now(UTC).isoformat()}
    )
    return base.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data})


@pytest.mark.parametrize(
    ("task", "status"),
    [
        ({"reason": Reason(code="VeoRefused", message="no")}, "pending"),
        ({"reason": Reason(code="VeoFailed", message="broken"), "task_id": "op", "attempt": 1}, "pending"),
        ({"reason": Reason(code="VeoFailed", message="high load")}, "pending"),
        ({"reason": Reason(code="SceneFiltered", message="blocked"), "withheld": 2, "rephrased_for": 3}, "pending"),
        ({"reason": Reason(code="VeoNotOffered", message="location")}, "pending"),
        ({"reason": Reason(code="VeoNotOffered", message="location"), "task_id": "op", "attempt": 1}, "generating"),
        ({"reason": Reason(code="SceneTimedOut", message="late"), "task_id": "op", "attempt": 1}, "generating"),
        (
            {
                "reason": Reason(code="RenderFailed", message="x"),
                "task_id": "op",
                "attempt": 1,
                "video_url": "s3://b/k",
            },
            "clip_ready",
        ),
    ],
)
def test_a_resumed_scene_goes_on_where_it_was_paid_for(call: Api, task: dict[str, Any], status: str) -> None:
    store(failed_record(**task))
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status, answer.body["status"]) == (202, "processing")
    data = call.data(VIDEO)
    assert (data["vertex_ai_tasks"][0]["state"], data["run"]) == (status, 2)
    assert [(request.generation_id, run) for request, run in call.machine.started] == [("gen1", 2)]


def test_a_film_of_forty_scenes_is_resumed_within_the_limits_of_an_expression(call: Api) -> None:
    base = failed_record()
    assert base.ai_generation_data
    tasks = [
        VertexAiTask(sequence=n, state="failed", reason=Reason(code="VeoThrottled", message="x"), cost_usd=n)
        for n in range(1, 41)
    ]
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    store(base.model_copy(update={"ai_generation_data": data}), 40)
    expressions: list[str] = []

    def watch(params: dict[str, str], **_more: object) -> None:
        expressions.extend((params["UpdateExpression"], params["ConditionExpression"]))

    clients.dynamodb().meta.events.register("provide-client-params.dynamodb.UpdateItem", watch)
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"orderAgain": True}).status == 202
    # DynamoDB takes 4096 characters and 300 operators (its guide, "Service, account, and table quotas").
    assert expressions
    assert all(len(text) <= 4096 and len(re.findall(r"[=<>]| AND | OR |NOT ", text)) <= 300 for text in expressions)
    tasks_shown = call.data(VIDEO)["vertex_ai_tasks"]
    assert [(task["state"], task["cost_usd"]) for task in tasks_shown] == [("pending", n) for n in range(1, 41)]


@pytest.mark.parametrize("change", [{"state": "generating"}, {"rephrasing_usd": 0.01}])
def test_what_a_late_call_noted_is_not_written_over_by_a_resumption(call: Api, change: dict[str, Any]) -> None:
    base = failed_record("VeoThrottled")
    store(base)
    assert base.ai_generation_data
    first, *rest = base.ai_generation_data.vertex_ai_tasks
    tasks = [first.model_copy(update=change), *rest]
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    late = base.model_copy(update={"ai_generation_data": data})
    interrupted_call = call.with_interruption(lambda: store(late))
    assert interrupted_call("POST", f"/ai-video/{VIDEO}/resume", {}).body["error"] == "NotResumable"
    assert call.services.table.get(VIDEO) == late


@pytest.mark.parametrize(
    "task",
    [
        {"reason": Reason(code="SubmitOutcomeUnknown", message="hang-up"), "attempt": 1},
        {"reason": Reason(code="Lambda.Unknown", message="crash"), "attempt": 1},
        {"reason": Reason(code="OperationLost", message="404"), "attempt": 1, "task_id": "op"},
        {
            "reason": Reason(code="ClipUnusable", message="no video"),
            "attempt": 1,
            "task_id": "op",
            "video_url": "s3://b/k",
            "cost_usd": 0.4,
        },
    ],
)
def test_what_may_be_paid_twice_is_the_users_decision(call: Api, task: dict[str, Any]) -> None:
    store(failed_record(**task))
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status, answer.body["error"], answer.body["charged"]) == (409, "SceneMayBeBought", True)
    assert call.machine.started == []
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"orderAgain": True}).status == 202
    task_shown = call.data(VIDEO)["vertex_ai_tasks"][0]
    assert (task_shown["state"], task_shown["task_id"], task_shown["cost_usd"]) == (
        "pending",
        "",
        task.get("cost_usd", 0),
    )
    # What may have been charged is not forgotten with the order.
    assert (task_shown["reorder_count"], task_shown["doubtful_usd"]) == (1, 0 if "cost_usd" in task else 0.8)
    assert call.data(VIDEO)["cost_breakdown"]["undecided"] == task_shown["doubtful_usd"]


@pytest.mark.parametrize(
    ("task", "reorder_count"),
    [
        ({"reason": Reason(code="SceneFiltered", message="no"), "task_id": "op", "attempt": 4}, 0),
        (
            {
                "reason": Reason(code="RenderFailed", message="x"),
                "task_id": "op",
                "attempt": 1,
                "video_url": "s3://b/k",
                "cost_usd": 0.8,
            },
            1,
        ),
    ],
)
def test_a_scene_with_a_new_prompt_is_ordered_and_no_other(call: Api, task: dict[str, Any], reorder_count: int) -> None:
    store(failed_record(**task, order="what was wanted"))
    others = call.data(VIDEO)["vertex_ai_tasks"][1:]
    scenes = [{"sequence": 1, "prompt": "A quiet harbour"}]
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"scenes": scenes}).status == 202
    first, *rest = call.data(VIDEO)["vertex_ai_tasks"]
    facts = (first["state"], first["prompt"].partition(" Style:")[0].strip(), first["reorder_count"])
    assert facts == ("pending", "A quiet harbour", reorder_count)
    assert (first["cost_usd"], [scene["state"] for scene in rest]) == (
        task.get("cost_usd", 0),
        [scene["state"] for scene in others],
    )
    ((request, _),) = call.machine.started
    plan = Plan.model_validate_json(Bucket(BUCKET).read_text(media_keys.plan(VIDEO, "gen1", request.plan_name)))
    assert (plan.revision, plan.scenes[0].prompt, plan.scenes[1].prompt) == (2, "A quiet harbour", "prompt 2")


def test_a_clip_that_is_being_made_is_not_given_up_unasked(call: Api) -> None:
    base = failed_record()
    assert base.ai_generation_data
    tasks = [VertexAiTask(sequence=1, state="generating", task_id="op", attempt=1, order="what was wanted")]
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": tasks})
    store(base.model_copy(update={"ai_generation_data": data}))
    change = {"scenes": [{"sequence": 1, "prompt": "A quiet harbour"}]}
    assert call("POST", f"/ai-video/{VIDEO}/resume", change).body["error"] == "SceneMayBeBought"
    assert call("POST", f"/ai-video/{VIDEO}/resume", change | {"orderAgain": True}).status == 202


def test_a_scene_that_is_not_in_the_plan_cannot_change(call: Api) -> None:
    store(failed_record())
    change = {"scenes": [{"sequence": 9, "prompt": "A quiet harbour"}]}
    assert call("POST", f"/ai-video/{VIDEO}/resume", change).body["error"] == "SceneNotFound"
    assert call.machine.started == []


@pytest.mark.parametrize("status", ["completed", None])
def test_there_must_be_something_to_resume(call: Api, status: str | None) -> None:
    store(record().model_copy(update={"ai_generation_status": status}))
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).body["error"] == "NotResumable"


@pytest.mark.parametrize(
    ("error", "task", "charged", "action"),
    [
        ("NoSpeechFound", {}, False, NoSpeechFound.next_action),
        ("PlannerUnavailable", {}, False, "Resume the generation in a few minutes; finished work isn't charged again."),
        ("RenderFailed", {"cost_usd": 0.4, "video_url": "s3://b/k"}, True, ReelwrightError.next_action),
        ("Lambda.Unknown", {"attempt": 1}, True, SceneMayBeBought.next_action),
        ("SubmitOutcomeUnknown", {"attempt": 1}, True, SubmitOutcomeUnknown.next_action),
        ("ClipUnusable", {"attempt": 1, "cost_usd": 0.4, "video_url": "s3://b/k"}, True, ClipUnusable.next_action),
    ],
)
def test_a_failure_says_truly_if_it_was_charged_and_what_to_do(
    call: Api, error: str, task: dict[str, Any], charged: bool, action: str
) -> None:
    base = failed_record(error, **task)
    assert base.ai_generation_data
    failure = Failure(step="video_generation", error=error, message="why", charged=not charged)
    data = base.ai_generation_data.model_copy(update={"failure": failure})
    store(base.model_copy(update={"ai_generation_data": data}))
    failure_shown = call.data(VIDEO)["failure"]
    assert (failure_shown["charged"], failure_shown["next_action"]) == (charged, action)
    # What is advised works: a resumption that needs no decision is accepted, and one that needs it says so.
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {})
    assert (answer.status == 202) == ("orderAgain" not in action)


@pytest.mark.parametrize(("budget", "budget_usd"), [(None, 5.0), (9.5, 9.5), (0.8, 0.8)])
def test_a_new_budget_reaches_the_next_run_and_stays(call: Api, budget: float | None, budget_usd: float) -> None:
    base = failed_record("BudgetExceeded")
    assert base.ai_generation_data
    options = Options(prompt="Fog", budget_usd=5.0).model_dump(mode="json", exclude_none=True)
    data = base.ai_generation_data.model_copy(update={"options": options})
    store(base.model_copy(update={"ai_generation_data": data}))
    body = {} if budget is None else {"budget": budget}
    assert call("POST", f"/ai-video/{VIDEO}/resume", body).status == 202
    ((request, _),) = call.machine.started
    assert (request.options.budget_usd, request.options.prompt) == (budget_usd, "Fog")
    assert call.data(VIDEO)["options"] == options | {"budget_usd": budget_usd}
    call("DELETE", f"/ai-video/{VIDEO}")
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).status == 202
    assert call.machine.started[-1][0].options.budget_usd == budget_usd


@pytest.mark.parametrize(
    ("task", "spent_usd", "missing_usd"),
    [
        ({"cost_usd": 0.4, "video_url": "s3://b/k", "attempt": 1, "task_id": "op"}, 0.4, 0.4),
        # A clip of unknown fate counts as bought.
        ({"attempt": 1, "reason": Reason(code="SceneTimedOut", message="late"), "task_id": "op"}, 0.8, 0.4),
    ],
)
def test_a_budget_without_room_for_the_rest_is_refused_and_nothing_changes(
    call: Api, task: dict[str, Any], spent_usd: float, missing_usd: float
) -> None:
    store(failed_record("RenderFailed", **task))
    before = call.services.table.get(VIDEO)
    least = spent_usd + missing_usd
    for budget, words in (
        (spent_usd - 0.01, f"up to {spent_usd:.4f} USD already"),
        (least - 0.01, f"to {least:.4f} USD"),
    ):
        answer = call("POST", f"/ai-video/{VIDEO}/resume", {"budget": budget})
        assert (answer.status, answer.body["error"]) == (402, "BudgetExceeded")
        assert words in answer.body["message"]
        assert (call.services.table.get(VIDEO), call.machine.started) == (before, [])
    assert call("POST", f"/ai-video/{VIDEO}/resume", {"budget": least}).status == 202


@pytest.mark.parametrize("budget", [0, -1, 0.001, 1001, "9", True])
def test_a_budget_that_is_none_is_refused(call: Api, budget: object) -> None:
    store(failed_record())
    answer = call("POST", f"/ai-video/{VIDEO}/resume", {"budget": budget})
    assert (answer.status, answer.body["details"][0]["field"]) == (400, "budget")
