"""One code of Vertex AI stands for many things; its words say which, and what the operator should check."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from local.emulators.google import wire
from local.emulators.google.operation_pool import BLOCKED as EMULATED
from local.emulators.google.veo_rules import retired_message
from shared.errors import CredentialsRejected, ModelRetired, ReelwrightError, SceneFiltered, VeoNotOffered, VeoRefused
from shared.models.port import Lost
from shared.models.vertex_errors import ErrorReply, error_reply, order_error, reading_error, shape
from shared.models.vertex_words import ERROR_INFO, PASSING, VEO, WORDY, Provider, meaning, reasons
from tests.unit.vertex_said import BLOCKED, OTHER, PROJECT, REASONS, RETIRED


def refusal(code: int, name: str, words: str, why: frozenset[str] = frozenset()) -> ReelwrightError:
    return order_error(ErrorReply(code, name, words, why), "veo-x")


@pytest.mark.parametrize("code", sorted(WORDY))
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *((words, SceneFiltered) for words in (*BLOCKED, EMULATED)),
        *((words, ModelRetired) for words in (*RETIRED, retired_message("veo-2"))),
        *((words, VeoNotOffered) for words in PROJECT),
        *((error.message, VeoNotOffered) for error in wire.PROJECT_FAILURES.values()),
    ],
)
def test_the_words_say_what_a_code_means(code: int, words: str, kind: type[ReelwrightError]) -> None:
    assert type(refusal(code, "", words)) is kind


@pytest.mark.parametrize("words", OTHER)
def test_what_is_about_something_else_is_not_taken_for_it(words: str) -> None:
    assert meaning(words) == ""
    kinds = {HTTPStatus.BAD_REQUEST: VeoRefused, HTTPStatus.FORBIDDEN: CredentialsRejected}
    for code, kind in kinds.items():
        assert type(refusal(code, "", words)) is kind


@pytest.mark.parametrize(("words", "advice"), PROJECT.items())
def test_the_message_says_what_to_check(words: str, advice: str) -> None:
    assert advice in str(refusal(HTTPStatus.BAD_REQUEST, "", words))


@pytest.mark.parametrize("code", sorted(WORDY))
@pytest.mark.parametrize(("reason", "advice"), REASONS.items())
def test_a_reason_tells_whatever_the_message_says(code: int, reason: str, advice: str) -> None:
    why = reasons(wire.failure(wire.GoogleError(code, "", "In other words.", reason)).body)
    for words in ("In other words.", BLOCKED[0]):
        error = refusal(code, "", words, why)
        assert type(error) is VeoNotOffered
        assert advice in str(error)


def test_a_reason_that_is_about_something_else_tells_nothing() -> None:
    assert type(refusal(HTTPStatus.BAD_REQUEST, "", "No.", frozenset({"RATE_LIMIT_EXCEEDED"}))) is VeoRefused


@pytest.mark.parametrize(
    "body",
    [
        None,
        "text",
        [],
        {},
        {"error": "text"},
        {"error": {"details": None}},
        {"error": {"details": ["text", {"reason": "BILLING_DISABLED"}, {"@type": ERROR_INFO}]}},
    ],
)
def test_a_body_of_another_shape_holds_no_reason(body: object) -> None:
    assert not reasons(body) & REASONS.keys()


def test_a_bare_404_names_every_possibility() -> None:
    message = str(refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", ""))
    assert all(
        word in message for word in ("vertex_ai_location", "vertex_ai_project_id", "access", "retired", "veo-3.1-")
    )


@pytest.mark.parametrize("code", [401, 429, 500, 503])
def test_codes_that_tell_by_themselves_are_not_read(code: int) -> None:
    assert type(refusal(code, "", BLOCKED[0])) is type(refusal(code, "", ""))


def test_a_wrong_argument_does_not_pass() -> None:
    assert not {3, 5, 7, 9, 16} & PASSING


OMNI = Provider("Gemini Omni", "global")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 429, 499, 500, 503])
@pytest.mark.parametrize("words", ["", *RETIRED, *PROJECT])
def test_what_one_model_fails_at_is_not_said_of_another_or_of_a_setting_that_it_does_not_read(
    status: int, words: str
) -> None:
    reply = ErrorReply(status, "", words)
    for error in (order_error(reply, "gemini-omni", OMNI), reading_error(reply, OMNI)):
        sentence = error.reason if isinstance(error, Lost) else str(error)
        ours = sentence.partition("Vertex AI said:")[0].partition("Models known here:")[0]
        assert "Veo" not in ours
        assert "vertex_ai_location" not in ours
        assert "{" not in ours


def test_a_model_of_the_secrets_location_names_the_setting() -> None:
    reading = reading_error(ErrorReply(404, "", ""), VEO)
    assert isinstance(reading, Lost)
    assert "vertex_ai_location" in reading.reason


@pytest.mark.parametrize("body", [None, "text", [], {}, {"error": "text"}, {"error": {"code": "x", "detail": "a, b"}}])
def test_an_answer_without_a_message_is_put_into_words_and_not_into_json(body: object) -> None:
    error = order_error(error_reply(400, body), "gemini-omni", OMNI)
    assert str(error) == "Gemini Omni rejected the request (400). Vertex AI gave no reason."


def test_the_log_holds_an_answers_shape_and_none_of_its_texts() -> None:
    body = {"error": {"code": "bad_input", "status": 400, "detail": ["A girl, six years old", None]}}
    assert shape(body) == {"error": {"code": "bad_input", "status": 400, "detail": ["21 characters", None]}}
