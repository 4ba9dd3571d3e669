"""The account's default event bus.

Touches EventBridge; what it does not take is EventsUnavailable.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.errors import EventsUnavailable


def put(source: str, detail_type: str, detail: str) -> None:
    """Put an event on the bus, `detail` as JSON; raise EventsUnavailable when it was not taken."""
    entry: Any = {"EventBusName": "default", "Source": source, "DetailType": detail_type, "Detail": detail}
    try:
        reply = clients.events().put_events(Entries=[entry])
    except (ClientError, BotoCoreError) as error:
        raise EventsUnavailable("EventBridge could not be reached or refused the event.") from error
    if reply["FailedEntryCount"]:
        raise EventsUnavailable(f"EventBridge rejected the event ({reply['Entries'][0].get('ErrorCode', '')}).")
