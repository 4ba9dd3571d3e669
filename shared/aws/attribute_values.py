"""Between JSON values and DynamoDB's attribute values.

Values only; touches nothing.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, cast

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer


def attribute_value(value: Any) -> Any:
    """Return a JSON value, or a set of texts, as a DynamoDB attribute value (`{"S": …}`); floats become decimals."""
    if isinstance(value, set):
        return {"SS": sorted(cast("set[str]", value))}
    return TypeSerializer().serialize(json.loads(json.dumps(value), parse_float=Decimal))


def plain_values(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of attribute values as JSON values: a set is a list, and what is NULL or binary is absent."""
    return json.loads(json.dumps(_present(TypeDeserializer().deserialize({"M": item})), default=_plain))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        rows = cast("dict[str, Any]", value).items()
        return {key: _present(element) for key, element in rows if not (element is None or isinstance(element, Binary))}
    return [_present(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def _plain(value: object) -> float | int | list[Any] | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(cast("set[Any]", value)) if isinstance(value, set) else None
