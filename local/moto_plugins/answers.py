"""Let moto write its answers quickly: it works out anew, for each member of each answer, under which names to look.

Touches an attribute of one of moto's classes in this process, and keeps names at the shapes of its service models.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

from typing import Any

from moto.core.constants import MISSING
from moto.core.serialize import AttributePicker, AttributePickerContext, ResponseSerializer
from moto.core.utils import get_value

_original = ResponseSerializer.get_value
_KINDS = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
_NAMES = "_names_by_type"


def _value(self: Any, value: Any, key: str, shape: Any) -> Any:
    # An attribute value is a mapping of its kind to its content, and has no other name for either.
    if type(value) is dict and len(value) == 1 and key in _KINDS and not _KINDS.isdisjoint(value):
        return value.get(key)
    picker = self._value_picker
    if not isinstance(picker, AttributePicker) or picker.response_transformers:
        return _original(self, value, key, shape)
    for name in _names(picker, value, key, shape):
        member = get_value(value, name, MISSING)
        if member is not MISSING:
            return member
    return None


def _names(picker: AttributePicker, value: Any, key: str, shape: Any) -> tuple[str, ...]:
    """Return the names under which the picker looks, which are a matter of the shape and of the value's type."""
    names_by_type = shape.__dict__.setdefault(_NAMES, {})
    kind = (type(picker), type(value), key)
    if kind not in names_by_type:
        context = AttributePickerContext(obj=value, key=key, shape=shape)
        names_by_type[kind] = tuple(dict.fromkeys(picker.get_possible_keys(context)))
    return names_by_type[kind]


def install() -> None:
    """Put the quick way in place; calling it again changes nothing."""
    ResponseSerializer.get_value = _value
