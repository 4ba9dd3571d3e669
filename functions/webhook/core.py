"""What a webhook says and how it is signed, after the Standard Webhooks specification.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook

from shared.http.webhook import VideoEndedHook
from shared.video.events import VideoEnded
from shared.video.record import VideoRecord

GONE = 410


def event_of(event: dict[str, Any]) -> VideoEnded:
    """Return what EventBridge delivers; pydantic's ValidationError when it is no end of a generation."""
    return VideoEnded.model_validate_json(json.dumps(event["detail"]))


def url_of(record: VideoRecord | None, event: VideoEnded) -> str:
    """Return where the job wants its webhook, or nothing when it wants none or is no longer the video's latest."""
    data = record.ai_generation_data if record else None
    return data.webhook_url if data and data.generation_id == event.generation_id else ""


def body_of(event: VideoEnded) -> str:
    """Return the request's body as JSON text."""
    hook = VideoEndedHook.model_validate(
        {"type": f"video.{event.status}", "timestamp": event.ended_at, "data": event.model_dump()}
    )
    return hook.model_dump_json(exclude_none=True)


def headers_of(event: VideoEnded, body: str, secret: str, now: datetime) -> dict[str, str]:
    """Return the request's headers; the id is the same at every attempt, time and signature are the attempt's own."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Reelwright",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event.id, now, body),
    }


def wanted_again(status: int) -> bool:
    """Return whether an attempt that was answered with this HTTP status is to be repeated."""
    return not 200 <= status < 300 and status != GONE  # noqa: PLR2004 - the range of success
