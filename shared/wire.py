"""The base of every payload that crosses a boundary.

Touches nothing.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """The base of every payload: unknown fields are refused, values are not coerced, instances cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
