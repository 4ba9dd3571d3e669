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
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
