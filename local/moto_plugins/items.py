"""Let moto copy, measure, read and write DynamoDB's items quickly: it does so anew for every level of every item.

Touches methods of moto's classes and functions of its modules in this process; what they return stays the same.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto ships no types, and some of what is replaced is private.

from __future__ import annotations

import base64
import copy
from typing import Any

from moto.core.parse import BaseJSONParser
from moto.core.serialize import AttributePicker, BaseJSONSerializer
from moto.dynamodb import responses
from moto.dynamodb.models import utilities
from moto.dynamodb.models.dynamo_type import DynamoType

ATTRIBUTE_VALUE = "AttributeValue"
_TEXTS = frozenset({"S", "N"})
_TRUTHS = frozenset({"BOOL", "NULL"})
_SETS = frozenset({"SS", "NS"})
_SCALARS = (str, int, float, bool, type(None))

_original_parse = BaseJSONParser._parse_structure
_original_serialize = BaseJSONSerializer._serialize_type_structure
_original_size = DynamoType.size
_original_to_dict = utilities.dynamo_to_dict


def is_plain(value: Any) -> bool:
    """Return whether an attribute value is written as it is: of one known kind, without bytes, and so all within."""
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, content),) = value.items()
    if kind in _TEXTS:
        return type(content) is str
    if kind == "M":
        return type(content) is dict and all(map(is_plain, content.values()))
    if kind == "L":
        return type(content) is list and all(map(is_plain, content))
    if kind in _SETS:
        return type(content) is list and all(type(member) is str for member in content)
    return kind in _TRUTHS and type(content) is bool


def _parse_structure(self: Any, shape: Any, value: Any) -> Any:
    # What moto would build of it, member by member, is the same.
    is_same = shape.name == ATTRIBUTE_VALUE and self.MAP_TYPE is dict and is_plain(value)
    return value if is_same else _original_parse(self, shape, value)


def _serialize_structure(self: Any, result: Any, value: Any, shape: Any, key: str) -> None:
    picker = self._value_picker
    is_ours = isinstance(picker, AttributePicker) and not picker.response_transformers
    if shape.name == ATTRIBUTE_VALUE and key and is_ours and is_plain(value):
        self._default_serialize(result, value, shape, key)
    else:
        _original_serialize(self, result, value, shape, key)


def _copy_of(value: Any, _memo: Any = None) -> Any:
    """Return a copy of a DynamoType; values are trees, and moto changes the places in them."""
    result = object.__new__(type(value))
    result.type = value.type
    content = value.value
    kind = type(content)
    if kind is dict:
        result.value = {name: _part(part) for name, part in content.items()}
    elif kind is list:
        result.value = [_part(part) for part in content]
    else:
        result.value = content
    return result


def _part(part: Any) -> Any:
    return _copy_of(part) if type(part) is DynamoType else copy.deepcopy(part)


def _to_regular_json(self: Any) -> dict[str, Any]:
    content = self.value
    if isinstance(content, dict):
        content = {name: _regular(part) for name, part in content.items()}
    elif isinstance(content, list):
        content = [_regular(part) for part in content]
    elif self.type == "B" and isinstance(content, str):
        content = base64.b64decode(content)
    return {self.type: content}


def _regular(part: Any) -> Any:
    return part.to_regular_json() if isinstance(part, DynamoType) else copy.deepcopy(part)


def _size(self: Any) -> int:
    content = self.value
    if self.type == "M":
        return sum(utilities.bytesize(name) + _size_of(part) for name, part in content.items())
    if self.type == "L":
        return sum(map(_size_of, content))
    return utilities.bytesize(content) if self.type == "S" and type(content) is str else _original_size(self)


def _size_of(part: Any) -> int:
    return _size(part) if type(part) is DynamoType else DynamoType(part).size()


def _to_dict(value: Any) -> Any:
    if isinstance(value, _SCALARS):
        return value
    if type(value) is dict:
        return {name: _to_dict(part) for name, part in value.items()}
    if type(value) is list:
        return [_to_dict(part) for part in value]
    if type(value) is DynamoType and value.type not in ("B", "BS"):
        return {value.type: _to_dict(value.value)}
    return _original_to_dict(value)


# Whose, by what name, and what does it quickly.
QUICK: tuple[tuple[Any, str, Any], ...] = (
    (BaseJSONParser, "_parse_structure", _parse_structure),
    (BaseJSONSerializer, "_serialize_type_structure", _serialize_structure),
    (DynamoType, "__deepcopy__", _copy_of),
    (DynamoType, "to_regular_json", _to_regular_json),
    (DynamoType, "size", _size),
    (utilities, "dynamo_to_dict", _to_dict),
    (responses, "dynamo_to_dict", _to_dict),
)


def install() -> None:
    """Put all of it in place; calling it again changes nothing."""
    for owner, name, quick in QUICK:
        setattr(owner, name, quick)
