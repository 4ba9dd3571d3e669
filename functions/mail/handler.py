"""Mail: tell a user who wants it of the end of a generation by e-mail; a failure is repeated by Lambda itself.

Called by a rule with the event of the end; touches the user's settings, the user pool and SES, and no video's record.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from functions.mail import adapters, core
from shared.observability.log import logger
from shared.settings import MailSettings
from shared.users.mail_wishes import MailWishes
from shared.video.events import VideoEnded


@cache
def _settings() -> MailSettings:
    return MailSettings.read()


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return what was done: nothing or sent; raise DeliveryFailed or TableUnavailable when it is to be tried again."""
    end_event = core.event_of(event)
    address = _address(end_event) if core.is_news(end_event) else ""
    if address:
        adapters.send(_settings().mail_from, address, core.mail_of(end_event, _settings().site_url))
    outcome = "sent" if address else "nothing"
    logger().info("mail", extra={"done": outcome, "video_id": end_event.video_id, "event": end_event.id})
    return {"done": outcome}


def _address(end_event: VideoEnded) -> str:
    """Return where the user wants to be told, by what the user pool says now; nothing when nowhere."""
    username = MailWishes(_settings().accounts_table_name).username(end_event.user_id)
    if not username:
        return ""
    return core.address_of(adapters.attributes(_settings().user_pool_id, username), end_event.user_id)
