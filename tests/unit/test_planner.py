"""What the planning model's service answers, good or bad, becomes a reply or a named failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.emulators.faults import Fault
from local.emulators.messages import EmulatorReply, EmulatorRequest
from local.emulators.openai.emulator import OpenAIEmulator
from local.emulators.server import Emulator
from shared.aws.secrets import SecretStore
from shared.errors import (
    CredentialsRejected,
    CreditExhausted,
    PlanInvalid,
    PlannerAnswerLost,
    PlannerRefused,
    PlannerUnavailable,
    ReelwrightError,
    SettingMissing,
)
from shared.models.plan_question import INSTRUCTIONS, PlannerReply
from shared.models.planner import Planner
from shared.models.planner_models import MODELS, PLANNING, REPHRASING, Manner, PlannerModel
from tests.unit.plan_calls import Noted

MODEL = "gpt-6-luna"
QUESTION: dict[str, Any] = {
    "task": "plan",
    "target_seconds": 10,
    "max_scene_seconds": 8,
    "style": "cinematic",
    "aspect_ratio": "9:16",
    "wish": "",
    "language": "de-DE",
    "phrases": [[0, 4.0, "Ein Boot fährt über den See."], [1, 5.0, "Dann kommt der Sturm."]],
}


class Remembering(OpenAIEmulator):
    """The stand-in for OpenAI, which remembers what it was sent."""

    def __init__(self, api_key: str = "key") -> None:
        super().__init__(api_key=api_key)
        self.requests: list[EmulatorRequest] = []

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        self.requests.append(request)
        return super().answer(request)


class Scripted(Emulator):
    """Answers everything with one reply."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__({})
        self.reply = EmulatorReply(status, body)
        self.request_count = 0

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        self.request_count += 1
        return self.reply


@dataclass
class Vault:
    """A secret whose keys change from one reading to the next; the last one stays."""

    keys: list[str] = field(default_factory=lambda: ["key"])
    readings: int = 0

    def __call__(self) -> str:
        key = self.keys[min(self.readings, len(self.keys) - 1)]
        self.readings += 1
        return json.dumps({"openai_api_key": key})


@pytest.fixture(name="openai")
def openai_stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remembering]:
    with Remembering(api_key="key") as emulator:
        monkeypatch.setenv("OPENAI_BASE_URL", emulator.url + "/v1")
        yield emulator


def ask(
    vault: Vault | None = None, manner: Manner = PLANNING, model: str = MODEL, bill: Noted | None = None
) -> PlannerReply:
    planner = Planner(model, SecretStore(vault or Vault()), manner)
    return planner.ask(INSTRUCTIONS, QUESTION, PlannerReply, bill or Noted())


def ask_scripted(
    monkeypatch: pytest.MonkeyPatch, status: int, body: object, vault: Vault | None = None
) -> tuple[type[ReelwrightError] | None, Scripted]:
    """Ask a service that answers so; return the class of the failure and the service."""
    with Scripted(status, body) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", service.url + "/v1")
        try:
            ask(vault)
        except ReelwrightError as error:
            return type(error), service
    return None, service


def test_the_answer_is_a_plan(openai: Remembering) -> None:
    answer = ask()
    assert answer.scenes[0].first_phrase == 0
    assert answer.scenes[-1].last_phrase == 1


def test_the_document_goes_out_as_json_with_its_schema(openai: Remembering) -> None:
    ask()
    request = openai.requests[0].json()
    assert (request["model"], request["instructions"]) == (MODEL, INSTRUCTIONS)
    (message,) = request["input"]
    assert message["role"] == "user"
    assert json.loads(message["content"]) == QUESTION
    assert "fährt" in message["content"]
    answer_format = request["text"]["format"]
    assert (answer_format["type"], answer_format["name"], answer_format["strict"]) == (
        "json_schema",
        "PlannerReply",
        True,
    )
    assert set(answer_format["schema"]["required"]) == {"overall_theme", "look", "scenes", "publish"}


def test_a_key_with_a_line_end_still_works(openai: Remembering) -> None:
    ask(Vault(["key\n"]))
    assert openai.requests[0].bearer == "key"


@pytest.mark.parametrize("key", ["", "  ", "“key”"])
def test_a_missing_key_is_a_missing_setting_and_nobody_is_asked(openai: Remembering, key: str) -> None:
    with pytest.raises(SettingMissing, match="openai_api_key"):
        ask(Vault([key]))
    assert openai.requests == []


@pytest.mark.parametrize("kind", ["throttle", "server_error"])
def test_a_failure_that_is_not_charged_means_later_and_is_not_repeated_here(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind))
    bill = Noted()
    with pytest.raises(PlannerUnavailable):
        ask(bill=bill)
    assert (len(openai.requests), bill) == (1, Noted(request_count=1))
    assert ask().scenes


@pytest.mark.parametrize("kind", ["hang_up", "hang_up_after"])
def test_an_answer_that_is_broken_off_may_be_charged_and_is_not_asked_for_again(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind))
    bill = Noted()
    with pytest.raises(PlannerAnswerLost):
        ask(bill=bill)
    assert (len(openai.requests), len(bill.doubtful), bill.answers) == (1, 1, [])


def test_an_answer_that_does_not_come_in_time_may_be_charged(openai: Remembering) -> None:
    openai.faults.add(Fault("slow", seconds=5))
    bill = Noted()
    with pytest.raises(PlannerAnswerLost, match="in time"):
        ask(manner=Manner(0.2, 1_000, "low"), bill=bill)
    assert (len(openai.requests), len(bill.doubtful)) == (1, 1)


def test_an_account_without_credit_is_named_and_is_no_throttle(
    openai: Remembering, capsys: pytest.CaptureFixture[str]
) -> None:
    openai.faults.add(Fault("insufficient_quota"))
    bill = Noted()
    with pytest.raises(CreditExhausted, match="no credit"):
        ask(bill=bill)
    assert (len(openai.requests), bill) == (1, Noted(request_count=1))
    assert "ProviderThrottles" not in capsys.readouterr().out


@pytest.mark.parametrize("model", [*MODELS.values(), PlannerModel("gpt-new", 0, 0)], ids=lambda model: model.id)
@pytest.mark.parametrize("manner", [PLANNING, REPHRASING], ids=["plan", "rephrase"])
def test_a_request_says_what_it_may_take_and_is_not_kept(
    openai: Remembering, model: PlannerModel, manner: Manner
) -> None:
    assert ask(manner=manner, model=model.id).scenes
    request = openai.requests[0].json()
    assert request["max_output_tokens"] == manner.tokens
    assert request["store"] is False
    effort = "none" if manner is REPHRASING and "none" in model.efforts and model.id in MODELS else "low"
    assert request["reasoning"] == {"effort": effort}


def test_a_model_that_takes_no_such_effort_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"message": "Unsupported value", "code": "unsupported_value", "param": "reasoning.effort"}
    error_kind, service = ask_scripted(monkeypatch, 400, {"error": error})
    assert (error_kind, service.request_count) == (SettingMissing, 1)


@pytest.mark.parametrize("kind", ["truncated", "overthought"])
def test_an_answer_that_was_cut_off_is_paid_and_asked_for_with_less_thought(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind))
    bill = Noted()
    assert ask(bill=bill).scenes
    assert [request.json()["reasoning"]["effort"] for request in openai.requests] == ["low", "none"]
    assert openai.ledger.entries[0].output_tokens == PLANNING.tokens
    assert (len(bill.answers), bill.doubtful) == (2, set())
    assert all(usd > 0 for _, usd in bill.answers)


def test_nobody_there_means_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(200, {}) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", service.url + "/v1")
    with pytest.raises(PlannerUnavailable):
        ask()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PlanInvalid),
        (401, CredentialsRejected),
        (402, CreditExhausted),
        (403, CredentialsRejected),
        (404, SettingMissing),
        (408, PlannerAnswerLost),
        (409, PlannerUnavailable),
        (429, PlannerUnavailable),
        (500, PlannerUnavailable),
        (502, PlannerAnswerLost),
        (503, PlannerUnavailable),
        (504, PlannerAnswerLost),
        (520, PlannerAnswerLost),
    ],
)
def test_what_each_status_means(monkeypatch: pytest.MonkeyPatch, status: int, error: type[ReelwrightError]) -> None:
    vault = Vault()
    error_kind, service = ask_scripted(monkeypatch, status, {"error": {"message": "no"}}, vault)
    is_rejection = error is CredentialsRejected
    assert error_kind is error
    assert (service.request_count, vault.readings) == ((2, 2) if is_rejection else (1, 1))


def test_a_rotated_key_is_read_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(["old", "new"])
    with Remembering(api_key="new") as openai:
        monkeypatch.setenv("OPENAI_BASE_URL", openai.url + "/v1")
        assert ask(vault).scenes
    assert [request.bearer for request in openai.requests] == ["old", "new"]


def test_a_key_that_stays_wrong_is_rejected_after_one_more_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(["old"])
    with Remembering(api_key="new") as openai:
        monkeypatch.setenv("OPENAI_BASE_URL", openai.url + "/v1")
        with pytest.raises(CredentialsRejected):
            ask(vault)
    assert (len(openai.requests), vault.readings) == (2, 2)


def test_a_refusal_is_final(openai: Remembering) -> None:
    openai.faults.add(Fault("refusal", times=None))
    with pytest.raises(PlannerRefused):
        ask()
    assert len(openai.requests) == 1


@pytest.mark.parametrize("kind", ["truncated", "invalid"])
def test_a_spoiled_answer_is_asked_for_again(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind))
    assert ask().scenes
    assert len(openai.requests) == 2


@pytest.mark.parametrize("kind", ["truncated", "overthought", "invalid"])
def test_an_answer_spoiled_twice_is_plan_invalid(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind, times=None))
    with pytest.raises(PlanInvalid, match="twice"):
        ask()
    assert len(openai.requests) == 2


EMPTY: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": MODEL,
    "output": [],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
}
CUT_OFF = {**EMPTY, "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
FILTERED = {**EMPTY, "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}


@pytest.mark.parametrize("body", [None, "<html>", EMPTY, CUT_OFF, {**EMPTY, "output": None}])
def test_an_answer_without_words_is_plan_invalid(monkeypatch: pytest.MonkeyPatch, body: object) -> None:
    error_kind, service = ask_scripted(monkeypatch, 200, body)
    assert error_kind is PlanInvalid
    assert service.request_count == 2


def test_an_answer_withheld_by_the_content_filter_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    error_kind, service = ask_scripted(monkeypatch, 200, FILTERED)
    assert error_kind is PlannerRefused
    assert service.request_count == 1
