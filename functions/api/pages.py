"""The opaque token of a list's next page, and a record's entity tag.

Values only; touches nothing. A token holds a position only, never whose list it is: that is always the caller's.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter

from shared.errors import InvalidRequest
from shared.video.record import VideoRecord

Position = tuple[str, str]
# Whatever wrote the records: both are keys of the table, which are printable and short.
_KeyText = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,255}$")]
_PAIR = TypeAdapter(tuple[_KeyText, _KeyText])


def token(position: Position) -> str:
    """Return the token of a position (created_at, video_id)."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def position(text: str) -> Position:
    """Return the position of a token; raise InvalidRequest for what was never one."""
    try:
        created_at, video_id = _PAIR.validate_json(base64.b64decode(text, altchars=b"-_", validate=True))
    except ValueError as error:
        raise InvalidRequest("next: this is not a pagination token; begin again without it.") from error
    return created_at, video_id


def entity_tag(records: Sequence[VideoRecord], now: datetime, link_seconds: int) -> str:
    """Return the tag of records as shown; it changes with each of them, and before half a link's life is over."""
    # A client that is told "not modified" keeps its links, so they must still work for a while.
    age = int(now.timestamp()) // (link_seconds // 2)
    bodies = " ".join(record.model_dump_json() for record in records)
    return f'"{hashlib.sha256(f"{age} {bodies}".encode()).hexdigest()[:32]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Return whether an If-None-Match header names the tag; `*` and weak tags count, as for any GET."""
    tags = [entry.strip().removeprefix("W/") for entry in (if_none_match or "").split(",")]
    return tag in tags or "*" in tags
