"""One code of Vertex AI stands for many things; its words say which, and what the operator should check."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from local.emulators.google import wire
from local.emulators.google.operation_pool import BLOCKED as EMULATED
from local.emulators.google.veo_rules import retired_message
from shared.errors import CredentialsRejected, ModelRetired, ReelwrightError, SceneFiltered, VeoNotOffered, VeoRefused
from shared.models.vertex_errors import ErrorReply, order_error
from shared.models.vertex_words import ERROR_INFO, PASSING, WORDY, meaning, reasons
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
