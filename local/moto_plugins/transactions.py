"""Let moto's DynamoDB undo a transaction without a copy of the table: it makes one for each part of each transaction.

Touches one method of one of moto's classes in this process, and what its module copies by.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import wraps
from types import SimpleNamespace
from typing import Any, NamedTuple

from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table


class _Place(NamedTuple):
    """Where an item lies, and the item as it is before the transaction."""

    table: Any
    hash_key: Any
    range_key: Any
    item: Any

    def restore(self) -> None:
        """Put the item back as it was."""
        if self.item is None:
            self.table.delete_item(self.hash_key, self.range_key)
        elif self.range_key:
            self.table.items[self.hash_key][self.range_key] = self.item
        else:
            self.table.items[self.hash_key] = self.item


def _undoing_items(transact: Callable[..., None]) -> Callable[..., None]:
    @wraps(transact)
    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        places = list(_places(backend, transact_items))
        try:
            transact(backend, transact_items)
        except BaseException:
            for place in places:
                place.restore()
            raise

    return transact_write_items


def _places(backend: Any, transact_items: list[dict[str, Any]]) -> Iterable[_Place]:
    for part in transact_items:
        for write in part.values():
            table = backend.tables.get(write.get("TableName"))
            key = write.get("Key") or write.get("Item") or {}
            # moto refuses a key that is not whole, before it writes anything.
            if table and key.keys() >= {table.hash_key_attr, table.range_key_attr or table.hash_key_attr}:
                yield _place(table, key)


def _place(table: Any, key: dict[str, Any]) -> _Place:
    hash_key = DynamoType(key[table.hash_key_attr])
    range_key = DynamoType(key[table.range_key_attr]) if table.range_key_attr else None
    return _Place(table, hash_key, range_key, copy.deepcopy(table.get_item(hash_key, range_key)))


def _copy_of(value: Any) -> Any:
    """Return a copy; of a table itself: a transaction changes it back item by item."""
    return value if isinstance(value, Table) else copy.deepcopy(value)


def install() -> None:
    """Put it in place; calling it again changes nothing."""
    method = DynamoDBBackend.transact_write_items
    if not hasattr(method, "__wrapped__"):
        setattr(DynamoDBBackend, "transact_write_items", _undoing_items(method))  # noqa: B010 - moto ships no types
        setattr(models, "copy", SimpleNamespace(deepcopy=_copy_of))  # noqa: B010
