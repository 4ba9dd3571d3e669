"""What Vertex AI's answers mean: a refused order, and an operation that runs, brought a clip, was filtered, or failed.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any

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
from shared.models.port import Done, Failed, Filtered, Reading, Running
from shared.models.vertex_words import PASSING
from shared.models.vertex_words import meaning as meaning_of_words


def meaning(operation: Any) -> Reading:
    """Return what google-genai's operation says."""
    if not operation.done:
        return Running()
    if operation.error:
        return _failure(operation.error)
    response = operation.response
    if response and response.rai_media_filtered_count:
        return Filtered("; ".join(response.rai_media_filtered_reasons or [])[:500])
    videos: list[Any] = (response.generated_videos if response else None) or []
    video: Any = videos[0].video if videos else None
    if not (video and (video.video_bytes or video.uri)):
        return Failed("Veo reported the clip as done but delivered none.")
    return Done(video.video_bytes or b"", video.uri or "")


def refusal(status: int, reason: str, message: str, model: str, why: AbstractSet[str] = frozenset()) -> ReelwrightError:
    """Return what an HTTP error reply to an order means.

    `reason` is the name that Google's error body gives its code, `why` holds the reasons in its details.

    SceneFiltered is a prompt that the safety check blocks. An error of a server proves nothing about the order, but for
    Google's own UNAVAILABLE: it was turned away.
    """
    if status in vertex_words.WORDY and (error := _by_words(status, message, model, why)):
        return error
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and (status, reason) != _TURNED_AWAY:
        return SubmitOutcomeUnknown(f"Veo broke off the order ({status}); it may be accepted: {message[:300]}")
    kind, words = _REFUSALS.get(status, (VeoRefused, "Veo rejected the request"))
    return kind(f"{words} ({status}): {message[:300]}")


def _by_words(status: int, message: str, model: str, why: AbstractSet[str]) -> ReelwrightError | None:
    about = meaning_of_words(message, why)
    if about == "blocked":
        return SceneFiltered(message)
    if about or status == HTTPStatus.NOT_FOUND:
        return vertex_words.not_offered(status, message, model, why)
    return None


_TURNED_AWAY = (HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE")
_REFUSALS: dict[int, tuple[type[ReelwrightError], str]] = {
    401: (CredentialsRejected, "Google rejected the credentials"),
    403: (CredentialsRejected, "Google refused the project or its credentials; check the role Vertex AI User"),
    408: (SubmitOutcomeUnknown, "The order timed out; it may have been accepted"),
    429: (VeoThrottled, "Veo's quota is used up for the moment"),
    503: (VeoUnavailable, "Veo is not available"),
}


def _failure(error: dict[str, Any]) -> Reading:
    words = str(error.get("message", ""))
    if error.get("code") in PASSING:
        return Failed(_words(error), is_retriable=True)
    if meaning_of_words(words) == "blocked":
        return Filtered(words[:500], is_prompt_blocked=True)
    return Failed(f"Veo failed to make the clip: {_words(error)}")


def _words(error: dict[str, Any]) -> str:
    return f"{error.get('message', 'no reason given')} (code {error.get('code', '?')})"[:400]
