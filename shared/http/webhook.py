"""The body of the request that tells a receiver of a generation's end.

Touches nothing.
"""

from __future__ import annotations

from typing import Literal

from shared.video.events import VideoEnded
from shared.video.public_record import Moment
from shared.wire import Wire


class VideoEndedHook(Wire):
    """What a webhook's receiver is sent."""

    type: Literal["video.completed", "video.failed", "video.cancelled", "video.awaiting_review"]
    timestamp: Moment
    data: VideoEnded
