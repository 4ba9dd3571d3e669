"""Webhook: tell the receiver that a job named of the job's end, signed; a failure is repeated by Lambda itself.

Called by a rule with the event of the end; touches the record, the secret and the receiver.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.webhook import adapters, core
from shared.errors import DeliveryFailed, InvalidRequest
from shared.http.webhook_url import receiver
from shared.observability.log import logger
from shared.settings import WebhookSettings
from shared.video.events import VideoEnded
from shared.video.record_table import RecordTable


@cache
def _settings() -> WebhookSettings:
    return WebhookSettings.read()


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return what was done: nothing, delivered or refused; raise DeliveryFailed when it is to be tried again."""
    end_event = core.event_of(event)
    url = core.url_of(RecordTable(_settings().table_name).get(end_event.video_id), end_event)
    outcome = _deliver(url, end_event) if url else "nothing"
    logger().info("webhook", extra={"done": outcome, "video_id": end_event.video_id, "event": end_event.id})
    return {"done": outcome}


def _deliver(url: str, end_event: VideoEnded) -> str:
    body = core.body_of(end_event)
    headers = core.headers_of(end_event, body, adapters.secret(_settings().webhook_secret_id), datetime.now(UTC))
    try:
        status = adapters.post(receiver(url, _settings().webhook_allowed_origins), body, headers)
    except InvalidRequest:
        # What was public when the job was submitted is so no more; trying again would be probing.
        return "refused"
    if core.wanted_again(status):
        raise DeliveryFailed(f"The receiver answered {status}.")
    return "delivered"
