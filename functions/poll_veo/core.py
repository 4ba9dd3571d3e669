"""What one reading of a Veo operation means: running, a clip, filtered, failed in passing, or failed for good.

Values only; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shared.errors import SceneTimedOut, VeoFailed
from shared.record import VertexAiTask
from shared.vertex_words import PASSING
from shared.vertex_words import meaning as meaning_of_words


@dataclass(frozen=True)
class Reading:
    """One reading: `clip` holds the bytes of an MP4 when done, `reason` Veo's words when filtered or failed.

    `failed` is a failure that passes; `blocked` says that the filter withheld the prompt itself and not a clip.
    """

    status: Literal["running", "done", "filtered", "failed"]
    clip: bytes = b""
    reason: str = ""
    blocked: bool = False


def meaning(operation: Any) -> Reading:
    """Return what google-genai's operation says; raise VeoFailed when it ended without a clip for good."""
    if not operation.done:
        return Reading("running")
    if operation.error:
        return _failure(operation.error)
    response = operation.response
    if response and response.rai_media_filtered_count:
        return Reading("filtered", reason="; ".join(response.rai_media_filtered_reasons or [])[:500])
    videos: list[Any] = (response.generated_videos if response else None) or []
    clip: bytes | None = videos[0].video.video_bytes if videos and videos[0].video else None
    if not clip:
        raise VeoFailed("Veo reported the clip as done but delivered none.")
    return Reading("done", clip=clip)


def check_deadline(now: float, deadline: float, sequence: int) -> None:
    """Raise SceneTimedOut when a clip still runs after its deadline (Unix seconds)."""
    if now > deadline:
        raise SceneTimedOut(f"Veo did not finish the clip of scene {sequence} in time; it may still be charged.")


def notes(task: VertexAiTask) -> tuple[str, ...]:
    """Return what the film will show otherwise than planned in the scene of `task`, whose clip is there."""
    if not task.rephrased:
        return ()
    return (f"Scene {task.sequence} shows a rephrased description: Veo's safety filter withheld the planned one.",)


def _failure(error: dict[str, Any]) -> Reading:
    words = str(error.get("message", ""))
    if error.get("code") in PASSING:
        return Reading("failed", reason=_words(error))
    if meaning_of_words(words) == "blocked":
        return Reading("filtered", reason=words[:500], blocked=True)
    raise VeoFailed(f"Veo failed to make the clip: {_words(error)}")


def _words(error: dict[str, Any]) -> str:
    return f"{error.get('message', 'no reason given')} (code {error.get('code', '?')})"[:400]
