"""What Vertex AI's words mean where its codes do not tell: a blocked prompt, a retired model, a wrong project.

Values only; touches nothing. HTTP 400, 403 and 404, and an operation's error code 3, tell by the reason in their
details (google.rpc.ErrorInfo), else by their message alone; a message may also repeat the prompt that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Literal, NamedTuple, cast

from shared.errors import ModelRetired, ReelwrightError, VeoNotOffered
from shared.models.video_models import MODELS

Meaning = Literal["blocked", "retired", "project", ""]


class Provider(NamedTuple):
    """What people call a family of models, and the location that it is sold at, or nothing for the secret's."""

    name: str
    location: str = ""


VEO = Provider("Veo")
# Codes (google.rpc.Code) of operations that failed in passing: deadline, high load, aborted, internal, unavailable.
PASSING = frozenset({4, 8, 10, 13, 14})
# The HTTP codes whose meaning is in their words.
WORDY = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"

# Wordings of public reports (HKUDS/ViMax#20, pollinations#6153, ai-dial-adapter-vertexai#66) and of Google's page on
# responsible AI for Veo, whose table of support codes has 58061214 for children and 29310472 for celebrities. As all
# patterns here they hold a message's own beginning or a phrase that no prompt has.
_BLOCKED = (
    r"^(the|your) prompt could not be submitted",
    r"(support|error) codes?: ?\d{8}(, ?\d{8})*\W*$",
    r"violates? google's responsible ai practices",
    r"violates (agent platform|vertex ai|google)'s usage guidelines",
    r"generative ai prohibited use policy",
    r"^(the|this|your) prompt (contains sensitive words|(was|is) blocked|violates)",
    r"^the response is blocked",
)
_RETIRED = (
    r"^(the )?(publisher )?model \S+ (is no longer available"
    r"|(was|has been|is) (retired|discontinued|shut down|deprecated))",
)
_ENABLE = "Enable the Vertex AI API in the project."
_BILLING = "Link a billing account to the project."
_LOCATION = "The location may be wrong: check vertex_ai_location in the secret ({name} 3.1 is sold in us-central1)."
_PROJECT_ID = "The project may be wrong: check vertex_ai_project_id in the secret."
_POLICY = "An organization policy forbids it: ask who administers the project."
_ANYTHING = (
    "The project may have no access to the model, the location may not have it, or it may be retired: check "
    "vertex_ai_project_id and vertex_ai_location in the secret, the project's access to {name} in Vertex AI's Model "
    "Garden, and the models' names."
)
# What is said instead of a model that is sold at one location, which the secret does not name.
_SOLD_AT = {
    _LOCATION: "{name} is sold at the location {location} only, and Google may not sell it there to this project.",
    _ANYTHING: (
        "The project may have no access to the model, or it may be retired: check vertex_ai_project_id in the secret, "
        "the project's access to {name} in Vertex AI's Model Garden, and the models' names."
    ),
}
# Reasons of Google's enum google.api.ErrorReason, with what to check.
_REASONS = {
    "SERVICE_DISABLED": _ENABLE,
    "BILLING_DISABLED": _BILLING,
    "CONSUMER_INVALID": _PROJECT_ID,
    "CONSUMER_SUSPENDED": "Google has suspended the project: see its page in the console.",
    "RESOURCE_PROJECT_INVALID": _PROJECT_ID,
    "USER_PROJECT_DENIED": _PROJECT_ID,
    "LOCATION_POLICY_VIOLATED": _POLICY,
    "ORG_RESTRICTION_VIOLATION": _POLICY,
}
# What Vertex AI says of a project, its location or its access, with what it may be and what to check.
_PROJECT = (
    (r"^[\w ]+ api has not been used in project \S+ before or it is disabled|^service_disabled\b", _ENABLE),
    (r"^this api method requires billing to be enabled|^project \S+ (\(\S+\) )?has billing disabled", _BILLING),
    (
        r"^user location is not supported|^(invalid|unsupported|wrong) (location|region)\b"
        r"|^(location|region) \S+ is not (supported|available|found)"
        r"|^(the )?(publisher )?model \S+ is not (supported|available) in .*(location|region)",
        _LOCATION,
    ),
    (
        r"^resource_project_invalid\b|^invalid resource field value in the request"
        r"|^(consumer |project )+\S+ (was |is )?(not found|invalid|does not exist)"
        r"|^permission denied on resource project ",
        _PROJECT_ID,
    ),
    (r"\bconstraints/[a-z]+\.\w+", _POLICY),
    (
        r"^publisher model \S+ (was )?not found"
        r"|^(the |your )?project \S* ?(is not allow-?listed|does not have access to)",
        _ANYTHING,
    ),
)


def reasons(details: object) -> frozenset[str]:
    """Return the reasons in Google's error body, such as BILLING_DISABLED; none where it names none."""
    infos = _item(_item(details, "error"), "details")
    entries = cast("list[object]", infos) if isinstance(infos, list) else []
    return frozenset(str(_item(info, "reason")) for info in entries if _item(info, "@type") == ERROR_INFO)


def _item(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None


def meaning(words: str, why: AbstractSet[str] = frozenset()) -> Meaning:
    """Return what an error of Vertex AI is about, by its reasons `why`, else by its message.

    Nothing when it is about something else, a bad argument say.
    """
    if why & _REASONS.keys():
        return "project"
    if _matches(_BLOCKED, words):
        return "blocked"
    if _matches(_RETIRED, words):
        return "retired"
    return "project" if _advice(words, why) else ""


def not_offered(
    code: int, words: str, provider: Provider, model: str = "", why: AbstractSet[str] = frozenset()
) -> ReelwrightError:
    """Return the error of a model that Vertex AI does not serve to this project here, with what to check.

    Without a `model` its provider is named.
    """
    choices = ", ".join(MODELS)
    name = model or provider.name
    if meaning(words, why) == "retired":
        return ModelRetired(f"Google has retired {name} ({code}); choose one of {choices}. {quotation(words)}")
    advice = _advice(words, why) or _ANYTHING
    if provider.location:
        advice = _SOLD_AT.get(advice, advice)
    advice = advice.format(**provider._asdict())
    return VeoNotOffered(
        f"Vertex AI does not offer {name} to this project ({code}). {advice} Models known here: {choices}. "
        f"{quotation(words)}"
    )


def quotation(words: str) -> str:
    """Return what Vertex AI said as a sentence of ours, which names it as theirs; or that it said nothing."""
    return f"Vertex AI said: {words[:300]}" if words else "Vertex AI gave no reason."


def _matches(patterns: tuple[str, ...], words: str) -> bool:
    return any(re.search(pattern, words, re.IGNORECASE) for pattern in patterns)


def _advice(words: str, why: AbstractSet[str]) -> str:
    by_reason = (advice for reason, advice in _REASONS.items() if reason in why)
    by_words = (advice for pattern, advice in _PROJECT if _matches((pattern,), words))
    return next(by_reason, next(by_words, ""))
