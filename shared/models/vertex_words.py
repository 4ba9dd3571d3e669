"""What Vertex AI's words mean where its codes do not tell: a blocked prompt, a retired model, a wrong project.

Values only; touches nothing. HTTP 400, 403 and 404, and an operation's error code 3, tell by their message alone.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Literal

from shared.errors import ModelRetired, ReelwrightError, VeoNotOffered
from shared.models.veo_models import MODELS

Meaning = Literal["blocked", "retired", "project", ""]
# Codes (google.rpc.Code) of operations that failed in passing: deadline, high load, aborted, internal, unavailable.
PASSING = frozenset({4, 8, 10, 13, 14})
# The HTTP codes whose meaning is in their words.
WORDY = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

# Wordings of public reports (HKUDS/ViMax#20, pollinations#6153, ai-dial-adapter-vertexai#66) and of Google's page on
# responsible AI for Veo, whose table of support codes has 58061214 for children and 29310472 for celebrities.
_BLOCKED = (
    r"prompt could not be submitted",
    r"(support|error) codes?: ?\d{8}",
    r"responsible ai practices",
    r"usage guidelines",
    r"prohibited use policy",
    r"violates? (our|google's) (content )?polic",
    r"sensitive words",
)
_RETIRED = (r"no longer available", r"(was|has been|is) (retired|discontinued|shut down|deprecated)")
# What Vertex AI says of a project, its location or its access, with what it may be and what to check.
_PROJECT = (
    (r"has not been used in project|api .*disabled|service_disabled", "Enable the Vertex AI API in the project."),
    (r"billing", "Link a billing account to the project."),
    (
        r"(invalid|unsupported|wrong) (location|region)|(location|region)\b.* not (supported|available|found)"
        r"|not (supported|available) in .*(location|region)",
        "The location may be wrong: check vertex_ai_location in the secret (Veo 3.1 is sold in us-central1).",
    ),
    (
        r"resource_project_invalid|invalid resource field value|project .*(not found|is invalid|does not exist)",
        "The project may be wrong: check vertex_ai_project_id in the secret.",
    ),
    (r"organization policy|constraints/", "An organization policy forbids it: ask who administers the project."),
    (
        r"does not have access|publisher model .*not found|allow-?list(ed)?\b",
        "The project may have no access to the model, the location may not have it, or it may be retired: check "
        "vertex_ai_project_id and vertex_ai_location in the secret, the project's access to Veo in Vertex AI's Model "
        "Garden, and the models' names.",
    ),
)
_ANYTHING = _PROJECT[-1][1]


def meaning(words: str) -> Meaning:
    """Return what a message of Vertex AI is about; nothing when it is about something else, a bad argument say."""
    if _matches(_BLOCKED, words):
        return "blocked"
    if _matches(_RETIRED, words):
        return "retired"
    return "project" if _advice(words) else ""


def not_offered(code: int, words: str, model: str = "the model") -> ReelwrightError:
    """Return the error of a model that Vertex AI does not serve to this project here, with what to check."""
    named = ", ".join(MODELS)
    if meaning(words) == "retired":
        return ModelRetired(f"Veo has retired {model} ({code}); choose one of {named}. Vertex AI said: {words[:300]}")
    advice = _advice(words) or _ANYTHING
    return VeoNotOffered(
        f"Vertex AI does not offer {model} to this project ({code}). {advice} Models known here: {named}. "
        f"Vertex AI said: {words[:300]}"
    )


def _matches(patterns: tuple[str, ...], words: str) -> bool:
    return any(re.search(pattern, words, re.IGNORECASE) for pattern in patterns)


def _advice(words: str) -> str:
    return next((advice for pattern, advice in _PROJECT if _matches((pattern,), words)), "")
