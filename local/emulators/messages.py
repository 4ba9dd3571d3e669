"""What an emulator is asked and what it replies, as values.

Touches nothing.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Json = dict[str, Any]


class HangUpError(Exception):
    """Close the connection and send nothing."""


@dataclass(frozen=True)
class EmulatorRequest:
    """One HTTP request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def bearer(self) -> str:
        """The bearer token, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def json(self) -> Json:
        """Return the body as a JSON object. Raises ValueError when it is anything else."""
        try:
            document: object = json.loads(self.body or b"{}")
        except RecursionError as error:
            raise ValueError("the body is nested too deeply") from error
        if not isinstance(document, dict):
            raise ValueError("the body is not a JSON object")
        return cast(Json, document)

    def form(self) -> dict[str, str]:
        """Return the body as an HTML form. Raises ValueError when it is not text."""
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class EmulatorReply:
    """A status and a JSON body."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
