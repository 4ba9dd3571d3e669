"""Let moto write DynamoDB's values quickly: it looks for each by six names, in records of a thousand values.

Touches an attribute of one of moto's classes in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

from typing import Any

from moto.core.serialize import ResponseSerializer

_original = ResponseSerializer.get_value
_KINDS = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})


def _value(self: Any, value: Any, key: str, shape: Any) -> Any:
    # An attribute value is a mapping of its kind to its content, and has no other name for either.
    if type(value) is dict and len(value) == 1 and key in _KINDS and not _KINDS.isdisjoint(value):
        return value.get(key)
    return _original(self, value, key, shape)


def install() -> None:
    """Put the quick way in place; calling it again changes nothing."""
    ResponseSerializer.get_value = _value
