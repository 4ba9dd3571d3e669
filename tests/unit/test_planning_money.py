"""The making of a plan is paid from the accounts: its ceiling before the model is asked, its price afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from functions.plan.handler import Deps, run
from local.emulators.faults import Fault
from local.emulators.openai.emulator import OpenAIEmulator
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import SecretStore
from shared.budget import pricing
from shared.budget.accounts import Limits, Spending
from shared.contracts import Options, PlanOut
from shared.errors import (
    BudgetExceeded,
    PlannerAnswerLost,
    PlannerRefused,
    PlannerUnavailable,
    ReelwrightError,
    Superseded,
)
from shared.models.planner import Planner
from shared.video.costs import outlay, planning_outlay
from shared.video.record import GenerationData, from_item, to_item
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, TABLE, VIDEO, record
from tests.unit.plan_calls import KEYS, SECONDS, heard_recording, request

NOON = 1_800_000_000.0
CEILING = pricing.planning_ceiling("gpt-6-luna", SECONDS)
ACCOUNTS = (f"spent#generation#{GENERATION}", "spent#user#u#2027-01-15", "spent#2027-01-15")


@dataclass
class Planning:
    """The stage with the accounts and OpenAI's stand-in; `reservations` is what was set aside when it was asked."""

    openai: OpenAIEmulator
    reservations: list[tuple[float, ...]] = field(default_factory=list[tuple[float, ...]])

    def run(self, options: Options | None = None, user_day: float = 100) -> PlanOut:
        planner = Planner("gpt-6-luna", SecretStore(lambda: json.dumps({"openai_api_key": "key"})))
        accounts = Spending(KEYS, Limits(50, user_day, 100), lambda: NOON)
        return run(request(SECONDS, options), Deps(Bucket(BUCKET), planner, MODEL, TABLE, 50, accounts))

    def fails(self, error: type[ReelwrightError], **how: Any) -> None:
        with pytest.raises(error):
            self.run(**how)


@pytest.fixture(name="planning")
def stage_with_accounts(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    with heard_recording(monkeypatch) as openai:
        stage = Planning(openai)
        openai.listeners.append(lambda _request, reply: None if reply else stage.reservations.append(account_totals()))
        yield stage


def account_totals() -> tuple[float, ...]:
    """Return what the accounts of the generation, the user and the deployment hold."""
    items = [clients.dynamodb().get_item(TableName=KEYS, Key={"id": {"S": name}}).get("Item", {}) for name in ACCOUNTS]
    return tuple(float(item.get("spent", {}).get("N", "0")) for item in items)


def stored_data() -> GenerationData:
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {})
    data = from_item(item).ai_generation_data
    assert data
    return data


def three(usd: float) -> Any:
    return pytest.approx((usd,) * 3)


def test_the_ceiling_is_set_aside_before_the_model_is_asked_and_its_price_after(planning: Planning) -> None:
    planning_result = planning.run()
    assert planning.reservations == [three(CEILING)]
    assert 0 < planning_result.cost_usd < CEILING
    assert account_totals() == three(planning_result.cost_usd + planning_result.planned_video_cost_usd)
    planning.run()
    assert len(planning.reservations) == 1
    assert account_totals() == three(planning_result.cost_usd + planning_result.planned_video_cost_usd)


@pytest.mark.parametrize("how", [{"options": Options(budget_usd=0.01)}, {"user_day": 0.01}], ids=["budget", "day"])
def test_nobody_is_asked_when_the_ceiling_has_no_room(planning: Planning, how: dict[str, Any]) -> None:
    planning.fails(BudgetExceeded, **how)
    assert (planning.reservations, account_totals()) == ([], three(0))


def test_a_plan_that_is_too_dear_holds_what_asking_for_it_cost_and_is_paid_once(planning: Planning) -> None:
    planning.fails(BudgetExceeded, options=Options(budget_usd=0.5))
    asking = planning_outlay(stored_data())
    assert 0 < asking < CEILING
    assert account_totals() == three(asking)
    planning_result = planning.run(Options(budget_usd=9))
    assert len(planning.reservations) == 1
    assert account_totals() == three(asking + planning_result.planned_video_cost_usd)


def test_a_refusal_is_paid_and_asking_again_is_paid_besides(planning: Planning) -> None:
    planning.openai.faults.add(Fault("refusal"))
    planning.fails(PlannerRefused)
    refusal_usd = planning_outlay(stored_data())
    assert refusal_usd > 0
    assert account_totals() == three(refusal_usd)
    planning_result = planning.run()
    assert planning.reservations[1] == three(refusal_usd + CEILING)
    assert planning_result.cost_usd == planning_outlay(stored_data()) > refusal_usd
    assert account_totals() == three(planning_result.cost_usd + planning_result.planned_video_cost_usd)


@pytest.mark.parametrize("kind", ["hang_up", "hang_up_after"])
def test_an_answer_that_never_came_is_held_as_the_most_that_it_can_have_cost(planning: Planning, kind: str) -> None:
    planning.openai.faults.add(Fault(kind))
    planning.fails(PlannerAnswerLost)
    assert account_totals() == three(CEILING / 2)
    assert outlay(stored_data()) == pytest.approx(CEILING / 2)
    planning_result = planning.run()
    assert account_totals() == three(CEILING / 2 + planning_result.cost_usd + planning_result.planned_video_cost_usd)


@pytest.mark.parametrize("kind", ["throttle", "server_error", "insufficient_quota", "unauthenticated"])
def test_what_was_surely_not_charged_is_given_back(planning: Planning, kind: str) -> None:
    planning.openai.faults.add(Fault(kind, times=2))
    planning.fails(ReelwrightError)
    assert (account_totals(), planning_outlay(stored_data())) == (three(0), 0)


def test_a_run_that_died_while_it_asked_is_finished_by_the_next(planning: Planning) -> None:
    accounts = Spending(KEYS, Limits(50, 100, 100), lambda: NOON)
    accounts.set_aside("u", GENERATION, None, "planning", CEILING)
    planning_result = planning.run()
    assert planning.reservations == [three(CEILING)]
    assert account_totals() == three(planning_result.cost_usd + planning_result.planned_video_cost_usd)


def test_a_throttled_run_is_tried_again(planning: Planning) -> None:
    planning.openai.faults.add(Fault("throttle"))
    planning.fails(PlannerUnavailable)
    assert planning.run().cost_usd == planning_outlay(stored_data())


def test_nobody_is_asked_for_a_generation_that_was_cancelled_just_before(planning: Planning) -> None:
    def cancel(params: dict[str, Any], **_more: object) -> None:
        # After the money was set aside and the record looked at, and before the request is noted.
        if "planning_doubtful" in params["ExpressionAttributeNames"].values() and stored_data().planning_doubtful == {}:
            video = record().model_copy(update={"ai_generation_status": "cancelled"})
            clients.dynamodb().put_item(TableName=TABLE, Item=to_item(video))

    clients.dynamodb().meta.events.register("provide-client-params.dynamodb.UpdateItem", cast("Any", cancel))
    planning.fails(Superseded)
    assert (planning.reservations, planning_outlay(stored_data()), account_totals()) == ([], 0, three(0))
