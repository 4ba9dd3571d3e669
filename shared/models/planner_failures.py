"""What a failed request to the planning model means, and whether it may have been charged.

Values only; touches nothing.
"""

from __future__ import annotations

from http import HTTPStatus

from shared.errors import (
    CredentialsRejected,
    CreditExhausted,
    PlanInvalid,
    PlannerAnswerLost,
    PlannerUnavailable,
    ReelwrightError,
    SettingMissing,
)

_Meaning = tuple[type[ReelwrightError], str]
_NO_CREDIT: _Meaning = (CreditExhausted, "OpenAI's account has no credit, or is over its own limit")
_LOST: _Meaning = (PlannerAnswerLost, "OpenAI broke off the request, which may have been charged")
_BUSY: _Meaning = (PlannerUnavailable, "The planning model is not available")
# What OpenAI's error body names says more than the status, which is 429 for an empty account too.
_BY_CODE: dict[str, _Meaning] = {
    "insufficient_quota": _NO_CREDIT,
    "billing_not_active": _NO_CREDIT,
    "billing_hard_limit_reached": _NO_CREDIT,
    "model_not_found": (SettingMissing, "OpenAI does not know the planning model; choose another plannerModel"),
    "unsupported_value": (SettingMissing, "The planning model does not take our settings; choose another plannerModel"),
    "unsupported_parameter": (
        SettingMissing,
        "The planning model does not take our settings; choose another plannerModel",
    ),
}
# OpenAI's own 500 and 503 are failures that it does not charge; those of the proxies before it prove nothing.
_BY_STATUS: dict[int, _Meaning] = {
    400: (PlanInvalid, "The planning model rejected the request"),
    401: (CredentialsRejected, "OpenAI rejected the API key"),
    402: _NO_CREDIT,
    403: (CredentialsRejected, "OpenAI refused the API key"),
    404: (SettingMissing, "OpenAI does not know the planning model"),
    408: _LOST,
    500: _BUSY,
    502: _LOST,
    503: _BUSY,
}


def refusal(status: int, code: str) -> ReelwrightError:
    """Return what an error reply of OpenAI means; `code` is the one of its body, empty when it has none."""
    other = _LOST if status > HTTPStatus.INTERNAL_SERVER_ERROR else _BUSY
    kind, words = _BY_CODE.get(code) or _BY_STATUS.get(status, other)
    return kind(f"{words} ({status}{f' {code}' if code else ''}).")


def broken_off(was_sent: bool) -> ReelwrightError:
    """Return what a request without a reply means; `was_sent` is whether the service may have begun to answer it."""
    if was_sent:
        return PlannerAnswerLost("The planning model's answer did not come in time, or the connection broke.")
    return PlannerUnavailable("The planning model could not be reached.")
