"""What an HTTP error of Vertex AI means: to an order, which may or may not have been accepted, and to a free reading.

Values only; touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from shared.errors import (
    CredentialsRejected,
    ReelwrightError,
    SceneFiltered,
    SubmitOutcomeUnknown,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.models import vertex_words
from shared.models.port import Lost
from shared.models.vertex_words import VEO, Provider

_TURNED_AWAY = (HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE")
_GONE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
_LOST = (
    "The operation is gone, or the secret's vertex_ai_project_id or vertex_ai_location is not the one that it was "
    "ordered with: check both before the clip is ordered again."
)
# Of a model whose location the secret does not name.
_LOST_AT_ITS_LOCATION = (
    "The operation is gone, or the secret's vertex_ai_project_id is not the one that it was ordered with: check it "
    "before the clip is ordered again."
)
# Codes and names, which hold nothing of a prompt.
_TOKEN = re.compile(r"[\w.-]{1,40}")
_REFUSALS: dict[int, tuple[type[ReelwrightError], str]] = {
    401: (CredentialsRejected, "Google rejected the credentials"),
    403: (CredentialsRejected, "Google refused the project or its credentials; check the role Vertex AI User"),
    408: (SubmitOutcomeUnknown, "The order timed out; it may have been accepted"),
    409: (SubmitOutcomeUnknown, "The order met another; it may have been accepted"),
    429: (VeoThrottled, "{name}'s quota is used up for the moment"),
    503: (VeoUnavailable, "{name} is not available"),
}
_TROUBLES: dict[int, type[ReelwrightError]] = {401: CredentialsRejected, 403: CredentialsRejected, 429: VeoThrottled}


class ErrorReply(NamedTuple):
    """An HTTP error: its status, the name that its body gives it, what it says, and the reasons in its details."""

    status: int
    name: str
    message: str
    reasons: AbstractSet[str] = frozenset()

    @property
    def about(self) -> vertex_words.Meaning:
        """What it is about by its words, for a status that does not tell."""
        return vertex_words.meaning(self.message, self.reasons) if self.status in vertex_words.WORDY else ""


def error_reply(status: int, body: object) -> ErrorReply:
    """Return what the body of an HTTP error says: Google's own form, or that of interactions, whose code is a name."""
    document = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    inner = document.get("error")
    error = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
    name = error.get("status") or error.get("code") or ""
    message = error.get("message") or document.get("message") or ""
    return ErrorReply(status, str(name), str(message), vertex_words.reasons(document))


def shape(value: object) -> object:
    """Return an answer as the log may hold it: its fields, numbers and codes, of all other text only the length."""
    if isinstance(value, dict):
        return {str(name)[:40]: shape(item) for name, item in cast("dict[object, object]", value).items()}
    if isinstance(value, list):
        return [shape(item) for item in cast("list[object]", value)]
    if isinstance(value, str):
        return value if _TOKEN.fullmatch(value) else f"{len(value)} characters"
    return value


def order_error(reply: ErrorReply, model: str, provider: Provider = VEO) -> ReelwrightError:
    """Return what an HTTP error to an order means.

    SceneFiltered is a prompt that the safety check blocks. An error of a server proves nothing about the order, but for
    Google's own UNAVAILABLE: it was turned away.
    """
    if reply.about == "blocked":
        return SceneFiltered(reply.message)
    if reply.about or reply.status == HTTPStatus.NOT_FOUND:
        return vertex_words.not_offered(reply.status, reply.message, provider, model, reply.reasons)
    name = provider.name
    words = f"({reply.status}). {vertex_words.quotation(reply.message)}"
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR and (reply.status, reply.name) != _TURNED_AWAY:
        return SubmitOutcomeUnknown(f"{name} broke off the order; it may be accepted {words}")
    if reply.status < HTTPStatus.BAD_REQUEST:
        return SubmitOutcomeUnknown(f"{name}'s answer to the order cannot be read; it may be accepted {words}")
    kind, sentence = _REFUSALS.get(reply.status, (VeoRefused, "{name} rejected the request"))
    return kind(f"{sentence.format(name=name)} {words}")


def reading_error(reply: ErrorReply, provider: Provider = VEO) -> Lost | ReelwrightError:
    """Return what an HTTP error to a reading means: that the order is not known any more, or what to raise."""
    if reply.about == "project":
        # The operation stands: it is read again once the project is in order.
        return vertex_words.not_offered(reply.status, reply.message, provider, why=reply.reasons)
    words = f"{provider.name}'s operation could not be read ({reply.status}). {vertex_words.quotation(reply.message)}"
    if reply.status in _GONE:
        return Lost(f"{words} {_LOST_AT_ITS_LOCATION if provider.location else _LOST}")
    return _TROUBLES.get(reply.status, VeoUnavailable)(words)
