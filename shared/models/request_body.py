"""A request as it is sent, frozen: one text of JSON, in one order of keys, and the digest that it is known by.

Values only; touches nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Picture:
    """A picture: its file, and its media type."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class FrozenRequest:
    """What is sent to `model`: `body` is its JSON, in the one form that equal bodies share; `usd` is what it costs."""

    model: str
    usd: float
    body: str

    @property
    def digest(self) -> str:
        """What tells this request from any other, in hexadecimal."""
        return hashlib.sha256(f"{self.model}\0{self.body}".encode()).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """The body as what it says."""
        return json.loads(self.body)


def canonical(body: Mapping[str, Any]) -> str:
    """Return `body` as JSON in the one form that equal bodies share."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def inline(picture: Picture) -> dict[str, str]:
    """Return a picture as the part of a request: its file in Base64, and its media type."""
    return {"data": base64.b64encode(picture.data).decode(), "mime_type": picture.media_type}
