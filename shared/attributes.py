"""Between JSON values and DynamoDB's attribute values.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer


def attribute_value(value: Any) -> Any:
    """Return a JSON value as a DynamoDB attribute value (`{"S": …}`); floats become exact decimals."""
    return TypeSerializer().serialize(json.loads(json.dumps(value), parse_float=Decimal))


def plain_values(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of attribute values as JSON values; TypeError when it holds a set or bytes."""
    return json.loads(json.dumps(TypeDeserializer().deserialize({"M": item}), default=_plain))


def _plain(value: object) -> float | int:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"A DynamoDB value of type {type(value).__name__} is no part of a record.")
