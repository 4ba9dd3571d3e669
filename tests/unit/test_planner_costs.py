"""What the planning model's answers cost is known and kept, whether they could be used or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.emulators.faults import Fault
from local.emulators.openai.emulator import OpenAIEmulator
from shared.aws import clients
from shared.aws.secrets import SecretStore
from shared.budget import pricing
from shared.errors import PlanInvalid, PlannerRefused, ReelwrightError, Superseded
from shared.models.plan_question import INSTRUCTIONS, PlannerReply
from shared.models.planner import Planner
from shared.models.planner_models import MODELS, planner_model, request_cost
from shared.video.costs import costs, is_charged, outlay, planning_outlay
from shared.video.record import GenerationData, from_item
from shared.video.scene_ledger import SceneLedger
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO, record, store
from tests.unit.plan_calls import Noted

MODEL = "gpt-6-luna"
DOCUMENT = {"task": "plan", "target_seconds": 10, "max_scene_seconds": 8, "style": "cinematic", "aspect_ratio": "9:16"}
QUESTION = {**DOCUMENT, "wish": "", "language": "en-US", "phrases": [[0, 4.0, "A boat."], [1, 5.0, "A storm."]]}


@pytest.fixture(name="openai")
def openai_stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIEmulator]:
    with OpenAIEmulator(api_key="key") as emulator:
        monkeypatch.setenv("OPENAI_BASE_URL", emulator.url + "/v1")
        yield emulator


def ask(bills: list[tuple[str, float]], model: str = MODEL) -> PlannerReply:
    planner = Planner(model, SecretStore(lambda: json.dumps({"openai_api_key": "key"})))
    return planner.ask(INSTRUCTIONS, QUESTION, PlannerReply, Noted(answers=bills))


def prices(openai: OpenAIEmulator, model: str = MODEL) -> list[float]:
    return [request_cost(model, sale.input_tokens, sale.output_tokens) for sale in openai.ledger.entries]


@pytest.mark.parametrize(
    ("fault", "error", "answers"),
    [
        (None, None, 1),
        (Fault("truncated"), None, 2),
        (Fault("truncated", times=None), PlanInvalid, 2),
        (Fault("invalid", times=None), PlanInvalid, 2),
        (Fault("refusal", times=None), PlannerRefused, 1),
    ],
)
def test_every_answer_is_told_of_before_it_is_judged(
    openai: OpenAIEmulator, fault: Fault | None, error: type[ReelwrightError] | None, answers: int
) -> None:
    if fault:
        openai.faults.add(fault)
    bills: list[tuple[str, float]] = []
    if error:
        with pytest.raises(error):
            ask(bills)
    else:
        ask(bills)
    assert [usd for _, usd in bills] == prices(openai)
    assert len({answer for answer, _ in bills}) == len(bills) == answers
    assert all(usd > 0 for _, usd in bills)


def test_an_unlisted_model_is_priced_as_the_dearest(openai: OpenAIEmulator) -> None:
    bills: list[tuple[str, float]] = []
    ask(bills, model="gpt-new")
    assert [usd for _, usd in bills] == prices(openai, "gpt-6-sol")


@pytest.mark.parametrize("model", [*MODELS, "gpt-new"])
@pytest.mark.parametrize("seconds", [2, 30, 600, 14_400])
def test_the_ceiling_of_planning_is_two_of_the_dearest_answers(model: str, seconds: float) -> None:
    # Fast speech is under five words a second, a word under two tokens.
    talk = request_cost(model, 1_000 + int(10 * seconds), 10_000)
    assert talk < pricing.answer_ceiling(model, seconds) == pytest.approx(pricing.planning_ceiling(model, seconds) / 2)


def test_a_long_request_costs_more_for_every_token() -> None:
    below, above = (request_cost(MODEL, tokens, 1_000_000) for tokens in (272_000, 272_001))
    assert (below, above) == (0.5272, 0.8044)
    assert request_cost(MODEL, 1_000_000, 0, 1_000_000) == pytest.approx(1.25 * request_cost(MODEL, 1_000_000, 0))


def test_an_unlisted_model_is_asked_for_no_effort_that_some_model_refuses() -> None:
    assert planner_model("gpt-new").efforts[0] == "low"
    assert planner_model(MODEL).effort("none") == "none"


def test_a_service_that_does_not_answer_is_not_paid(openai: OpenAIEmulator) -> None:
    openai.faults.add(Fault("throttle", times=None))
    bills: list[tuple[str, float]] = []
    with pytest.raises(ReelwrightError):
        ask(bills)
    assert bills == []


def stored_data() -> GenerationData:
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {})
    data = from_item(item).ai_generation_data
    assert data
    return data


def test_the_record_keeps_the_price_of_each_answer_once(cloud: None) -> None:
    store(record())
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    for answer, usd in (("a", 0.001), ("b", 0.002), ("b", 0.002)):
        ledger.plan_request("r", 0.01)
        ledger.plan_answered("r", answer, usd)
    assert (stored_data().planning_answers, stored_data().planning_doubtful) == ({"a": 0.001, "b": 0.002}, {})
    assert (costs(stored_data()).scene_generation, costs(stored_data()).total, costs(stored_data()).undecided) == (
        0.003,
        0.003,
        0,
    )


def test_a_request_whose_answer_never_came_is_undecided_and_one_that_was_not_charged_is_nothing(cloud: None) -> None:
    store(record())
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    for request in ("lost", "spared"):
        ledger.plan_request(request, 0.01)
    ledger.plan_spared("spared")
    data = stored_data()
    assert (costs(data).total, costs(data).undecided, outlay(data)) == (0, 0.01, 0.01)
    assert (is_charged(data), planning_outlay(data)) == (True, 0.01)


@pytest.mark.parametrize("note", [("plan_request", "a", 0.001), ("plan_spared", "a"), ("plan_answered", "r", "a", 0.1)])
def test_another_generations_record_is_left_alone(cloud: None, note: tuple[Any, ...]) -> None:
    store(record())
    with pytest.raises(Superseded):
        getattr(SceneLedger(TABLE, VIDEO, "other"), note[0])(*note[1:])
    with pytest.raises(Superseded):
        SceneLedger(TABLE, VIDEO, "other").planning()
    assert (stored_data().planning_answers, stored_data().planning_doubtful) == ({}, {})
