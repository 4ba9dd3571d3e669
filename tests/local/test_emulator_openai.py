"""The stand-in for OpenAI, asked by OpenAI's own SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel, ValidationError

from local.emulators.faults import Fault
from local.emulators.openai.emulator import OpenAIEmulator


class Look(BaseModel):
    people: str
    place: str
    palette: str


class Scene(BaseModel):
    first_phrase: int
    last_phrase: int
    scene_description: str
    prompt: str


class PlannerPost(BaseModel):
    title: str
    hook: str
    description: str
    hashtags: list[str]


class PlannerReply(BaseModel):
    overall_theme: str
    look: Look
    scenes: list[Scene]
    publish: PlannerPost


class RephraseReply(BaseModel):
    prompt: str


class Haiku(BaseModel):
    lines: list[str]


PHRASES = [
    [0, 3.0, "He packs a small green tent"],
    [1, 2.5, "and drives four hours north to a frozen lake."],
    [2, 0.8, ""],
    [3, 4.0, "By the third morning the ice had started to sing."],
]
QUESTION = {
    "task": "plan",
    "target_seconds": 30.0,
    "max_scene_seconds": 8.0,
    "style": "animated",
    "aspect_ratio": "9:16",
    "wish": "",
    "language": "en-US",
    "phrases": PHRASES,
}


@pytest.fixture
def emulator() -> Iterator[OpenAIEmulator]:
    with OpenAIEmulator(api_key="right") as running:
        yield running


def ask(
    emulator: OpenAIEmulator, question: object = QUESTION, form: type[BaseModel] = PlannerReply, **more: Any
) -> Any:
    options: dict[str, Any] = {"api_key": "right", "max_retries": 0, **more}
    with openai.OpenAI(base_url=f"{emulator.url}/v1", **options) as client:
        return client.responses.parse(
            model="gpt-6-luna",
            instructions="Plan a film.",
            input=[{"role": "user", "content": json.dumps(question)}],
            text_format=form,
        )


def test_a_plan_is_parsed_and_its_tokens_are_counted(emulator: OpenAIEmulator) -> None:
    answer = ask(emulator)
    plan = answer.output_parsed
    assert [(scene.first_phrase, scene.last_phrase) for scene in plan.scenes] == [(0, 1), (2, 3)]
    assert "a small green tent" in plan.scenes[0].prompt
    assert "animated" in plan.scenes[0].prompt
    assert answer.status == "completed"
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    (sale,) = emulator.ledger.entries
    assert (sale.what, sale.model, sale.charged, sale.operation) == ("text", "gpt-6-luna", True, answer.id)
    assert sale.input_tokens == answer.usage.input_tokens > 50
    assert sale.output_tokens == answer.usage.output_tokens > 100


def test_a_prompt_is_made_gentler(emulator: OpenAIEmulator) -> None:
    question = {"task": "rephrase", "prompt": "Soldiers fight over blood.", "reason": "violence"}
    prompt = ask(emulator, question, RephraseReply).output_parsed.prompt
    assert prompt.startswith("Travellers race over rain.")
    assert "calm" in prompt
    again = ask(emulator, {"task": "rephrase", "prompt": prompt, "reason": ""}, RephraseReply)
    assert again.output_parsed.prompt == prompt


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("throttle", openai.RateLimitError),
        ("server_error", openai.InternalServerError),
        ("unauthenticated", openai.AuthenticationError),
        ("hang_up", openai.APIConnectionError),
    ],
)
def test_a_failed_request_sells_nothing(emulator: OpenAIEmulator, kind: str, error: type[Exception]) -> None:
    emulator.faults.add(Fault(kind))
    with pytest.raises(error):
        ask(emulator)
    assert emulator.ledger.entries == []
    assert ask(emulator).output_parsed


@pytest.mark.parametrize("kind", ["slow", "timeout"])
def test_a_slow_reply_meets_the_clients_patience(emulator: OpenAIEmulator, kind: str) -> None:
    emulator.faults.add(Fault(kind, seconds=30))
    with pytest.raises(openai.APITimeoutError):
        ask(emulator, timeout=0.2)


def test_the_sdk_retries_what_passes(emulator: OpenAIEmulator) -> None:
    emulator.faults.add(Fault("throttle"))
    assert ask(emulator, max_retries=1).output_parsed


def test_a_refusal_has_no_answer(emulator: OpenAIEmulator) -> None:
    emulator.faults.add(Fault("refusal", match="green tent"))
    answer = ask(emulator)
    assert answer.output_parsed is None
    assert answer.output[-1].content[0].type == "refusal"


@pytest.mark.parametrize("kind", ["truncated", "invalid"])
def test_a_spoilt_answer_does_not_parse(emulator: OpenAIEmulator, kind: str) -> None:
    emulator.faults.add(Fault(kind))
    with pytest.raises(ValidationError):
        ask(emulator)
    assert len(emulator.ledger.entries) == 1


def test_a_nonsense_plan_parses(emulator: OpenAIEmulator) -> None:
    emulator.faults.add(Fault("invalid_plan"))
    scenes = ask(emulator).output_parsed.scenes
    assert [scene.first_phrase for scene in scenes] == [0, 0]
    assert scenes[0].last_phrase > len(PHRASES)


def test_only_the_right_key_and_the_known_questions_are_answered(emulator: OpenAIEmulator) -> None:
    with pytest.raises(openai.AuthenticationError):
        ask(emulator, api_key="wrong")
    with pytest.raises(openai.BadRequestError, match="Haiku") as failure:
        ask(emulator, form=Haiku)
    assert failure.value.type == "invalid_request_error"
    with pytest.raises(openai.BadRequestError):
        ask(emulator, {"task": "plan"})


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (
            {"reasoning": {"effort": "minimal"}},
            "unsupported_value",
            "'none', 'low', 'medium', 'high', 'xhigh', and 'max'",
        ),
        (
            {"reasoning": {"effort": "ultra"}},
            "unsupported_value",
            "'ultra' is not supported with the 'gpt-6-luna' model",
        ),
        ({"model": "gpt-6.1-sol", "reasoning": {"effort": "none"}}, "unsupported_value", "'low'"),
        ({"max_output_tokens": 15}, "invalid_value", "max_output_tokens"),
        ({"temperature": 0.2}, "unsupported_parameter", "temperature"),
        ({"store": "no"}, "invalid_type", "store"),
        ({"extra_body": {"budget": 3}}, "unknown_parameter", "budget"),
    ],
)
def test_a_parameter_that_the_model_does_not_take_is_refused(
    emulator: OpenAIEmulator, more: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=words) as failure:
        respond(emulator, **more)
    assert failure.value.code == code
    assert emulator.ledger.entries == []


@pytest.mark.parametrize(("effort", "thinks"), [("none", False), ("low", True), (None, True)])
def test_thought_is_among_the_tokens_that_come_out(emulator: OpenAIEmulator, effort: str | None, thinks: bool) -> None:
    answer = respond(emulator, store=False, **({"reasoning": {"effort": effort}} if effort else {}))
    reasoning_tokens = answer.usage.output_tokens_details.reasoning_tokens
    assert (reasoning_tokens > 0, answer.output[0].type == "reasoning") == (thinks, thinks)
    assert emulator.ledger.entries[0].output_tokens == answer.usage.output_tokens > reasoning_tokens
    assert (answer.store, answer.reasoning.effort) == (False, effort or "medium")


@pytest.mark.parametrize(("cap", "kind", "words"), [(700, "", True), (100, "", False), (5_000, "overthought", False)])
def test_an_answer_takes_no_more_tokens_than_it_may(emulator: OpenAIEmulator, cap: int, kind: str, words: bool) -> None:
    if kind:
        emulator.faults.add(Fault(kind))
    answer = respond(emulator, max_output_tokens=cap, reasoning={"effort": "low"})
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert answer.usage.output_tokens == cap == emulator.ledger.entries[0].output_tokens
    assert bool(answer.output_text) == words


def test_an_empty_account_is_a_429_of_its_own(emulator: OpenAIEmulator) -> None:
    emulator.faults.add(Fault("insufficient_quota"))
    with pytest.raises(openai.RateLimitError) as failure:
        ask(emulator)
    assert (failure.value.code, failure.value.type) == ("insufficient_quota", "insufficient_quota")


def test_an_answer_that_is_lost_on_its_way_was_sold(emulator: OpenAIEmulator) -> None:
    emulator.faults.add(Fault("hang_up_after"))
    with pytest.raises(openai.APIConnectionError):
        ask(emulator)
    assert len(emulator.ledger.entries) == 1


def respond(emulator: OpenAIEmulator, **more: Any) -> Any:
    """Ask without the SDK's parsing, which an answer that was cut off does not survive."""
    answer_format = {"type": "json_schema", "name": "PlannerReply", "schema": {"type": "object"}}
    body: dict[str, Any] = {
        "model": "gpt-6-luna",
        "input": json.dumps(QUESTION),
        "text": {"format": answer_format},
        **more,
    }
    with openai.OpenAI(base_url=f"{emulator.url}/v1", api_key="right", max_retries=0) as client:
        create: Any = client.responses.create
        return create(**body)
