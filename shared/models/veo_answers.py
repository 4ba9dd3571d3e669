"""What an operation of Veo says: that it runs, brought a clip, was filtered, or failed.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Any

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


def _failure(error: dict[str, Any]) -> Reading:
    words = str(error.get("message", ""))
    if error.get("code") in PASSING:
        return Failed(_words(error), is_retriable=True)
    if meaning_of_words(words) == "blocked":
        return Filtered(words[:500], is_prompt_blocked=True)
    return Failed(f"Veo failed to make the clip: {_words(error)}")


def _words(error: dict[str, Any]) -> str:
    return f"{error.get('message', 'no reason given')} (code {error.get('code', '?')})"[:400]
