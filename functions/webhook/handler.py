"""Webhook: tell the receiver that a job named of the job's end, signed; a failure is repeated by Lambda itself.

Called by a rule with the event of the end; touches the record, the secret and the receiver.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.webhook import adapters, core
from shared import env
from shared.errors import InvalidRequest, WebhookFailed
from shared.http.webhook_url import receiver
from shared.observability.log import logger
from shared.video.events import VideoEnded


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return what was done: nothing, delivered or refused; raise WebhookFailed when it is to be tried again."""
    ended = core.event_of(event)
    url = core.url_of(adapters.record(env.text("TABLE_NAME"), ended.video_id), ended)
    done = _deliver(url, ended) if url else "nothing"
    logger().info("webhook", extra={"done": done, "video_id": ended.video_id, "event": ended.id})
    return {"done": done}


def _deliver(url: str, ended: VideoEnded) -> str:
    body = core.body_of(ended)
    headers = core.headers_of(ended, body, adapters.secret(env.text("WEBHOOK_SECRET_ID")), datetime.now(UTC))
    try:
        status = adapters.post(receiver(url, env.text("WEBHOOK_ALLOWED_ORIGINS", "")), body, headers)
    except InvalidRequest:
        # What was public when the job was submitted is so no more; trying again would be probing.
        return "refused"
    if core.wanted_again(status):
        raise WebhookFailed(f"The receiver answered {status}.")
    return "delivered"
