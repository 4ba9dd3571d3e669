"""What the planning model's service answers, good or bad, becomes a reply or a named failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.plan.reply import INSTRUCTIONS, PlannerReply
from local.emulators.faults import Fault
from local.emulators.openai import OpenAIEmulator
from local.emulators.server import Emulator, Reply, Request
from shared.errors import (
    CredentialsRejected,
    PlanInvalid,
    PlannerRefused,
    PlannerUnavailable,
    ReelwrightError,
    SettingMissing,
)
from shared.planner import Planner
from shared.secrets import SecretStore

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

    def __init__(self, api_key: str | None = None) -> None:
        super().__init__(api_key=api_key)
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return super().answer(request)


class Scripted(Emulator):
    """Answers everything with one reply, and asks the SDK not to try again by itself."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__({})
        self.reply = Reply(status, body, {"x-should-retry": "false"})
        self.asked = 0

    def answer(self, request: Request) -> Reply:
        self.asked += 1
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
    with Remembering() as emulator:
        monkeypatch.setenv("OPENAI_BASE_URL", emulator.url + "/v1")
        yield emulator


def ask(vault: Vault | None = None, timeout: float = 10, model: str = MODEL) -> PlannerReply:
    planner = Planner(model, SecretStore(vault or Vault()), timeout)
    return planner.ask(INSTRUCTIONS, QUESTION, PlannerReply, lambda _answer, _usd: None)


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
    sent = openai.requests[0].json()
    assert (sent["model"], sent["instructions"]) == (MODEL, INSTRUCTIONS)
    (message,) = sent["input"]
    assert message["role"] == "user"
    assert json.loads(message["content"]) == QUESTION
    assert "fährt" in message["content"]
    wanted = sent["text"]["format"]
    assert (wanted["type"], wanted["name"], wanted["strict"]) == ("json_schema", "PlannerReply", True)
    assert set(wanted["schema"]["required"]) == {"overall_theme", "look", "scenes"}


def test_a_key_with_a_line_end_still_works(openai: Remembering) -> None:
    ask(Vault(["key\n"]))
    assert openai.requests[0].bearer == "key"


@pytest.mark.parametrize("key", ["", "  ", "“key”"])
def test_a_missing_key_is_a_missing_setting_and_nobody_is_asked(openai: Remembering, key: str) -> None:
    with pytest.raises(SettingMissing, match="openai_api_key"):
        ask(Vault([key]))
    assert openai.requests == []


def test_one_passing_failure_is_survived(openai: Remembering) -> None:
    openai.faults.add(Fault("throttle"))
    assert ask().scenes
    assert len(openai.requests) == 2


@pytest.mark.parametrize("kind", ["throttle", "server_error", "hang_up"])
def test_a_lasting_failure_means_later(openai: Remembering, kind: str) -> None:
    openai.faults.add(Fault(kind, times=None))
    with pytest.raises(PlannerUnavailable):
        ask()
    assert len(openai.requests) == 2


def test_an_answer_that_does_not_come_in_time_means_later(openai: Remembering) -> None:
    openai.faults.add(Fault("slow", times=None, seconds=5))
    with pytest.raises(PlannerUnavailable, match="in time"):
        ask(timeout=0.2)


def test_nobody_there_means_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with Scripted(200, {}) as gone:
        monkeypatch.setenv("OPENAI_BASE_URL", gone.url + "/v1")
    with pytest.raises(PlannerUnavailable):
        ask()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PlanInvalid),
        (401, CredentialsRejected),
        (402, PlannerUnavailable),
        (403, CredentialsRejected),
        (404, SettingMissing),
        (429, PlannerUnavailable),
        (503, PlannerUnavailable),
    ],
)
def test_what_each_status_means(monkeypatch: pytest.MonkeyPatch, status: int, error: type[ReelwrightError]) -> None:
    vault = Vault()
    raised, service = ask_scripted(monkeypatch, status, {"error": {"message": "no"}}, vault)
    rejected = error is CredentialsRejected
    assert raised is error
    assert (service.asked, vault.readings) == ((2, 2) if rejected else (1, 1))


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


@pytest.mark.parametrize("kind", ["truncated", "invalid"])
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
    raised, service = ask_scripted(monkeypatch, 200, body)
    assert raised is PlanInvalid
    assert service.asked == 2


def test_an_answer_withheld_by_the_content_filter_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    raised, service = ask_scripted(monkeypatch, 200, FILTERED)
    assert raised is PlannerRefused
    assert service.asked == 1
