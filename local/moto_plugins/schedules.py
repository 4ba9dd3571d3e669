"""Fire rules that have a rate as EventBridge does: first one period after they were made, then each period.

Touches moto's rules, which it reads.
"""

# pyright: reportMissingTypeStubs=false
# moto ships no types for its internals.

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from moto.events.models import events_backends

from local.clients import ACCOUNT, REGION

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


class Schedules:
    """The rules of the default bus; `deliver` takes a rule and the event that its targets get."""

    def __init__(self, deliver: Callable[[Any, dict[str, Any]], None]) -> None:
        self._deliver = deliver
        self._since: dict[str, float] = {}

    def fire(self, now: float) -> None:
        """Deliver the event of each rule whose time has come; `now` is Unix time."""
        rules: Any = events_backends[ACCOUNT][REGION].event_buses["default"].rules
        for rule in list(rules.values()):
            period = seconds(str(rule.scheduled_expression or ""))
            if period and rule.state == "ENABLED" and now - self._since.setdefault(rule.arn, now) >= period:
                self._since[rule.arn] = now
                self._deliver(rule, _event(rule.arn, now))


def seconds(expression: str) -> int:
    """Return the period of a schedule, such as `rate(10 minutes)`; 0 when it is none, or not of this kind."""
    match = _RATE.fullmatch(expression)
    return int(match[1]) * _SECONDS[match[2]] if match else 0


def _event(rule: str, now: float) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": now,
        "region": REGION,
        "resources": [rule],
        "detail": {},
    }
