"""Moments as the record keeps them: ISO 8601, in UTC.

Values only; touches nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: str) -> datetime | None:
    """Return the moment of an ISO 8601 text, one without an offset as UTC; None for anything else.

    Records that were written before this project keep times in their own ways.
    """
    try:
        parsed_time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed_time if parsed_time.tzinfo else parsed_time.replace(tzinfo=UTC)
