"""How a run is asked for: which scene, which revision, a take of which kind, and within which budget."""

from __future__ import annotations

from typing import Any

import pytest

from shared.build import orders
from shared.choices.words import Goal
from shared.contracts import Options
from shared.http.refusals import TooManyRequests
from shared.video.ending import Ended
from shared.video.public_record import GenerationStatus
from tests.unit.api_calls import Api, forget_starts, make_api
from tests.unit.cloud_fixtures import VIDEO
from tests.unit.test_api_lifecycle import forget_keys
from tests.unit.test_api_plan import composed_plan, patch, record_for_review, record_of_video, store
from tests.unit.test_api_resume import failed_record

HOME = f"/ai-video/{VIDEO}"
TAKES = f"{HOME}/scenes/s1/takes"


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    store(record_of_video())
    return make_api()


@pytest.mark.parametrize(("method", "path", "body"), [("POST", "takes", {}), ("PUT", "take", {"take": ""})])
def test_a_scene_that_the_plan_has_not_is_not_found(call: Api, method: str, path: str, body: dict[str, Any]) -> None:
    answer = call(method, f"{HOME}/scenes/s9/{path}", body)
    assert (answer.status, answer.body["error"], "s1, s2" in answer.body["message"]) == (404, "SceneNotFound", True)
    assert call.machine.started == []


def test_one_of_several_tags_is_enough(call: Api) -> None:
    tag = call("GET", f"{HOME}/plan").headers["ETag"]
    assert call("POST", TAKES, {}, If_Match='"0009-abcdefabcdef.x", "0008-abcdefabcdef.y"').status == 412
    assert call("POST", TAKES, {}, If_Match=f'"0009-abcdefabcdef.x", {tag}').status == 202


@pytest.mark.parametrize(
    ("goal", "kind"), [("stills", "still"), ("draft", "clip"), ("plan", "clip"), ("video", "clip")]
)
def test_a_retake_is_of_what_the_generation_is_made_of(call: Api, goal: Goal, kind: str) -> None:
    store(record_for_review(goal=goal))
    assert {purchase["kind"] for purchase in call("POST", TAKES, {}).body["buys"]} == {kind}


def test_a_retake_says_which_other_scenes_it_buys_takes_of(call: Api) -> None:
    store(record_for_review(goal="draft"))
    answer = call("POST", TAKES, {})
    assert [purchase["scene"] for purchase in answer.body["buys"]] == ["s1", "s2"]
    assert "It also buys a clip of scene s2, which lack" in answer.body["message"]
    store(record_of_video())
    assert "also buys" not in call("POST", TAKES, {}).body["message"]


def test_a_chosen_clip_that_is_too_short_says_for_how_long_its_last_frame_is_held(call: Api) -> None:
    record = record_of_video()
    assert record.ai_generation_data
    takes = record.ai_generation_data.takes
    short_takes = {name: take.model_copy(update={"seconds": 0.75}) for name, take in takes.items()}
    store(
        record.model_copy(
            update={"ai_generation_data": record.ai_generation_data.model_copy(update={"takes": short_takes})}
        )
    )
    assert [scene["heldSeconds"] for scene in call("GET", f"{HOME}/plan").body["plan"]["scenes"]] == [0, 0]
    patch(call, {"op": "take", "scene": "s1", "take": "take1"})
    first, second = call("GET", f"{HOME}/plan").body["plan"]["scenes"]
    assert first["heldSeconds"] == pytest.approx(first["end"] - first["start"] - 0.75, abs=0.001)
    assert second["heldSeconds"] == 0


def test_a_run_that_its_budget_has_no_room_for_is_refused_and_nothing_changes(call: Api) -> None:
    before = call.services.table.get(VIDEO)
    answer = call("POST", TAKES, {"prompt": "A boat", "budget": 1.19})
    assert (answer.status, answer.body["error"], "to 1.2000 USD" in answer.body["message"]) == (
        402,
        "BudgetExceeded",
        True,
    )
    assert (call.services.table.get(VIDEO), call.machine.started) == (before, [])
    assert call("POST", TAKES, {"prompt": "A boat", "budget": 1.2}).status == 202


@pytest.mark.parametrize(("path", "body"), [(TAKES, {"prompt": "A boat"}), (f"{HOME}/runs", {"goal": "stills"})])
def test_a_run_that_costs_more_than_was_agreed_to_is_refused_and_nothing_changes(
    call: Api, path: str, body: dict[str, Any]
) -> None:
    before = call.services.table.get(VIDEO)
    (usd,) = {call("POST", path, body | {"maxUsd": 0.0}).body["message"].split(" USD")[0].split()[-1]}
    answer = call("POST", path, body | {"maxUsd": float(usd) - 0.0001})
    assert (answer.status, answer.body["error"]) == (402, "BudgetExceeded")
    assert (call.services.table.get(VIDEO), call.machine.started) == (before, [])
    start = call("POST", path, body | {"maxUsd": float(usd)})
    assert (start.status, start.body["usd"]) == (202, pytest.approx(float(usd)))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(TAKES, {}, "completed"), (f"{HOME}/runs", {"goal": "stills"}, "completed"), (f"{HOME}/resume", {}, "failed")],
)
def test_what_a_key_has_begun_is_not_bought_again_although_its_answer_was_lost(
    call: Api, path: str, body: dict[str, Any], status: GenerationStatus
) -> None:
    set_status(call, status)
    assert call("POST", path, body, Idempotency_Key="k").status == 202
    forget_keys()
    again = call("POST", path, body, Idempotency_Key="k")
    assert (again.status, "begun before" in again.body["message"], again.body.get("usd", 0)) == (202, True, 0)
    set_status(call, status)
    forget_keys()
    assert call("POST", path, body, Idempotency_Key="k").status == 202
    assert len(call.machine.started) == 1
    # Another key, or none, is another run.
    assert call("POST", path, body, Idempotency_Key="another").status == 202
    set_status(call, status)
    assert call("POST", path, body).status == 202
    assert len(call.machine.started) == 3


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [(TAKES, {}, "completed"), (f"{HOME}/runs", {"goal": "stills"}, "completed"), (f"{HOME}/resume", {}, "failed")],
)
def test_a_run_that_was_written_and_never_started_is_started_by_the_next_try(
    call: Api, path: str, body: dict[str, Any], status: GenerationStatus
) -> None:
    set_status(call, status)
    assert call("POST", path, body, Idempotency_Key="k").status == 202
    starts = forget_starts(call)
    call.machine.over["all"] = Ended("NOT_FOUND")
    assert call("POST", path, body, Idempotency_Key="k").status == 202
    assert call.machine.started == starts


def test_a_run_that_its_key_could_not_start_is_started_by_the_next_try(call: Api) -> None:
    call.machine.refusals.append(TooManyRequests("Slow down."))
    assert call("POST", TAKES, {}, Idempotency_Key="k").status == 429
    call.machine.over["all"] = Ended("NOT_FOUND")
    assert call("POST", TAKES, {}, Idempotency_Key="k").status == 202
    assert len(call.machine.started) == 1


def set_status(call: Api, status: GenerationStatus) -> None:
    """Let the video's latest run have come to that end."""
    record = call.services.table.get(VIDEO)
    assert record
    store(record.model_copy(update={"ai_generation_status": status}))


@pytest.mark.parametrize(
    ("options", "agreed_usd", "status"),
    [(Options(), 100, 402), (Options(budget_usd=2.0), 1.9, 402), (Options(budget_usd=2.0), 2.0, 202)],
)
def test_without_a_plan_the_budget_is_what_a_run_may_cost(
    call: Api, options: Options, agreed_usd: float, status: int
) -> None:
    record = failed_record("PlannerUnavailable")
    assert record.ai_generation_data
    changes: dict[str, Any] = {"options": options.model_dump(mode="json", exclude_none=True), "vertex_ai_tasks": []}
    data = record.ai_generation_data.model_copy(update={**changes, "plan_name": ""})
    store(record.model_copy(update={"ai_generation_data": data}))
    assert call("POST", f"{HOME}/runs", {"maxUsd": agreed_usd}).status == status


def test_what_was_withheld_is_forgotten_when_no_scene_wants_it(call: Api) -> None:
    film_plan = composed_plan()
    digest = orders.order_digest(film_plan, film_plan.scene(2), "clip")
    options = Options().model_dump(mode="json", exclude_none=True)
    store(record_for_review(withheld=["f" * 16, digest], options=options))
    assert call("POST", f"{HOME}/runs", {"goal": "draft"}).status == 202
    record = call.services.table.get(VIDEO)
    assert record
    assert record.ai_generation_data
    assert record.ai_generation_data.withheld == [digest]


def test_an_edit_and_a_stale_tag_name_what_changed_as_the_client_calls_it(call: Api) -> None:
    tag = call("GET", f"{HOME}/plan").headers["ETag"]
    patch(call, {"op": "captions", "captions": "lines"}, {"op": "style", "style": "animated"}, tag=tag)
    answer = patch(call, {"op": "merge", "scene": "s1"}, tag=tag)
    assert (answer.status, "style, captions" in answer.body["message"]) == (412, True)


def test_takes_of_scenes_that_were_merged_away_are_shown_with_what_they_cost(call: Api) -> None:
    before = call("GET", f"{HOME}/plan").body["plan"]
    assert before["otherTakes"] == []
    (lost_take,) = before["scenes"][1]["takes"]
    after = patch(call, {"op": "merge", "scene": "s1"}).body["plan"]
    ((other_take),) = after["otherTakes"]
    assert (other_take["id"], other_take["scene"], other_take["usd"]) == (lost_take["id"], "s2", lost_take["usd"])
    assert after["scenes"][0]["takes"][0]["id"] != lost_take["id"]
