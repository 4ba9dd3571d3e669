"""The event that says a generation is over or waits for a review, as it goes onto the bus: its model and its kinds.

Touches nothing; `docs/events.md` shows it to those who listen.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shared.choices.words import Goal
from shared.contracts import Usd
from shared.publishing.words import PostWords
from shared.video import failure_words
from shared.video.public_record import Moment
from shared.video.record import VideoRecord
from shared.wire import Wire

SOURCE = "reelwright"
End = Literal["completed", "failed", "cancelled", "awaiting_review"]
DETAIL_TYPES: dict[End, str] = {
    "completed": "Video Completed",
    "failed": "Video Failed",
    "cancelled": "Video Cancelled",
    "awaiting_review": "Video Awaits Review",
}


class EndFailure(Wire):
    """Why it failed: the step, the scene when it was one, the error's name and its sentence."""

    step: str
    scene: int | None = None
    error: str
    message: str


class VideoEnded(Wire):
    """The `detail` of the event; `id` is the same however often the event arrives, `ended_at` ISO 8601 in UTC.

    `publish` are the words to post a finished video with, where its plan has any; `goal` is what there is to review.
    `parent_id` is the video of whose recording it is a clip, `variant_of` the one of which it is another format.
    """

    id: str
    video_id: str
    generation_id: str
    user_id: str
    title: str
    status: End
    cost_usd: Usd
    ended_at: Moment
    metadata: dict[str, str] = Field(default_factory=dict[str, str])
    failure: EndFailure | None = None
    publish: PostWords | None = None
    goal: Goal | None = None
    parent_id: str | None = None
    variant_of: str | None = None


def end_event(record: VideoRecord, execution_arn: str, publish: PostWords | None = None) -> VideoEnded | None:
    """Return the event of the end of this execution, or None when the record is not in a final state.

    `publish` are the words to post a finished video with.
    """
    data = record.ai_generation_data
    status = record.ai_generation_status
    if data is None or status not in DETAIL_TYPES:
        return None
    why = data.failure
    message = failure_words.sentence(why.error, why.message) if why else ""
    return VideoEnded(
        id=execution_arn.rsplit(":", 1)[-1],
        video_id=record.video_id,
        generation_id=data.generation_id,
        user_id=record.user_id,
        title=record.title,
        status=status,
        cost_usd=data.cost_breakdown.total,
        ended_at=record.updated_at,
        metadata=record.metadata,
        failure=EndFailure(step=why.step, scene=why.scene, error=why.error, message=message) if why else None,
        publish=publish,
        goal=data.goal if status == "awaiting_review" else None,
        parent_id=record.parent_id,
        variant_of=record.variant_of,
    )
