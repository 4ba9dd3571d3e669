"""What an interaction says, in every form that Google has been seen to say it."""

from __future__ import annotations

import base64
from types import SimpleNamespace as Thing

import pytest

from shared.models.omni_answers import meaning
from shared.models.port import Done, Failed, Filtered, Lost, Running
from tests.unit.vertex_said import BLOCKED


def interaction(status: str | None, **fields: object) -> Thing:
    nothing = {"errors": None, "steps": None, "output_video": None, "output_text": ""}
    return Thing(status=status, **{**nothing, **fields})


def step(code: int, message: str) -> list[Thing]:
    return [Thing(type="thought"), Thing(type="model_output", error=Thing(code=code, message=message))]


@pytest.mark.parametrize("status", ["in_progress", "queued", "a new one", "", None])
def test_a_state_that_is_not_an_end_is_waited_for(status: str | None) -> None:
    assert meaning(interaction(status)) == Running()


def test_a_clip_is_taken_from_the_reply() -> None:
    video = Thing(data=base64.b64encode(b"mp4").decode(), uri=None)
    assert meaning(interaction("completed", output_video=video)) == Done(b"mp4")
    assert meaning(interaction("completed", output_video=Thing(data=None, uri="gs://b/o"))) == Done(uri="gs://b/o")
    assert isinstance(meaning(interaction("completed", output_video=Thing(data="%", uri=None))), Lost)


@pytest.mark.parametrize("words", BLOCKED)
def test_a_withheld_clip_is_known_wherever_the_words_stand(words: str) -> None:
    errors = [Thing(code="", message=words)]
    for reply in (interaction("failed", errors=errors), interaction("failed", steps=step(3, words))):
        reading = meaning(reply)
        assert isinstance(reading, Filtered)
        assert reading.reason == words[:500]
    reading = meaning(interaction("completed", output_text=words))
    assert isinstance(reading, Filtered)


@pytest.mark.parametrize("code", [4, 8, 10, 13, 14])
def test_a_code_that_passes_is_a_failure_that_passes(code: int) -> None:
    assert meaning(interaction("failed", steps=step(code, "load"))) == Failed(f"load (code {code})", is_retriable=True)


@pytest.mark.parametrize("code", ["UNAVAILABLE", "resource_exhausted", "api_error"])
def test_a_name_that_passes_is_a_failure_that_passes(code: str) -> None:
    reading = meaning(interaction("failed", errors=[Thing(code=code, message="load")]))
    assert reading == Failed(f"load (code {code})", is_retriable=True)


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_end_without_a_clip_and_a_reason_is_a_failure(status: str) -> None:
    reading = meaning(interaction(status))
    assert isinstance(reading, Failed)
    assert not reading.is_retriable


@pytest.mark.parametrize("status", ["incomplete", "budget_exceeded", "requires_continuation", "requires_action"])
def test_half_a_clip_may_be_charged(status: str) -> None:
    reading = meaning(interaction(status))
    assert isinstance(reading, Lost)
    assert status in reading.reason
