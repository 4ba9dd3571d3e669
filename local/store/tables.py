"""Keep the items of moto's DynamoDB tables.

Touches moto's tables, and three methods of its classes while a store is in use.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types for its internals, whose methods are replaced here.

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local.clients import ACCOUNT, REGION
from local.processes.scopes import replace_methods
from local.shelf.database import OTHER, Database, Document, Row, text_of
from local.store.journal import Journal
from local.store.store import ITEMS
from shared.errors import InvalidRequest
from shared.video import tombstones

# When no sweep can come any more for a deleted video, whose files are gone and whose money is settled, in seconds.
_SWEPT = tombstones.PERIOD * (tombstones.LAST_AFTER + tombstones.MADE_UP)

Key = tuple[DynamoType, DynamoType | None]


def _tables() -> Mapping[str, Any]:
    return dynamodb_backends[ACCOUNT][REGION].tables


class _ItemChange:
    """An item, as it was before a request."""

    def __init__(self, table: str, key: Key) -> None:
        self._table = table
        self._key = key
        self._before = self._now()

    @property
    def what(self) -> tuple[str, ...]:
        return (ITEMS, self._table, _name(self._key))

    def rows(self) -> Iterator[Row]:
        now = self._now()
        # A refused condition changes nothing.
        if now != self._before:
            yield Row(ITEMS + self._table, _name(self._key), now)

    def undo(self) -> None:
        table = _tables()[self._table]
        if self._before is None:
            _plain_delete(table, *self._key)
        else:
            _plain_put(table, self._before)

    def note_written(self) -> None: ...

    def _now(self) -> Document | None:
        item = _tables()[self._table].get_item(*self._key)
        return {name: _plain(value) for name, value in item.attrs.items()} if item else None


_plain_delete: Any = Table.delete_item
_plain_put: Any = Table.put_item
_plain_update: Any = DynamoDBBackend.update_item


@contextmanager
def kept_by(journal: Journal) -> Generator[None]:
    """Write each changed item of the tables there are now to the store meanwhile."""
    names = set(_tables())

    def touch(table: Any, key: Key | None) -> None:
        if key and table.name in names:
            journal.touch(_ItemChange(table.name, key))

    def put(table: Any, item_attrs: dict[str, Any], *rest: Any, **keywords: Any) -> Any:
        with journal.unit():
            touch(table, _key(table, item_attrs))
            return _plain_put(table, item_attrs, *rest, **keywords)

    def delete(table: Any, hash_key: Any, range_key: Any) -> Any:
        with journal.unit():
            touch(table, (hash_key, range_key))
            return _plain_delete(table, hash_key, range_key)

    def update(backend: Any, table_name: str, key: dict[str, Any], *rest: Any, **keywords: Any) -> Any:
        with journal.unit():
            table = backend.get_table(table_name)
            touch(table, _key(table, key))
            return _plain_update(backend, table_name, key, *rest, **keywords)

    with replace_methods(Table, put_item=put, delete_item=delete), replace_methods(DynamoDBBackend, update_item=update):
        yield


def load(database: Database) -> None:
    """Put the stored items into the tables; those whose time is over leave the store instead.

    Raises InvalidRequest when the store has a table that this version does not.
    """
    for shelf in database.shelves(ITEMS):
        name = shelf.removeprefix(ITEMS)
        table = _tables().get(name)
        if table is None:
            raise InvalidRequest(f"The store has a table {name} that this Reelwright does not have; {OTHER}.")
        items = database.all(shelf)
        over = {at for at, item in items.items() if _is_over(table, item)}
        database.write(Row(shelf, at, None) for at in over)
        for at, item in items.items():
            if at not in over:
                _plain_put(table, item)


def _is_over(table: Any, item: Document) -> bool:
    expires: Any = item.get(table.ttl.get("AttributeName", ""), {}).get("N")
    deletion_time: Any = item.get("deleted_at", {}).get("N")
    now = time.time()
    return bool(expires and float(expires) < now) or bool(deletion_time and float(deletion_time) < now - _SWEPT)


def _key(table: Any, attributes: Mapping[str, Any]) -> Key | None:
    """Return an item's key, or None when it is not whole, which moto refuses."""
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if any(name not in attributes for name in names):
        return None
    values = [DynamoType(attributes[name]) for name in names]
    return values[0], values[1] if len(values) > 1 else None


def _name(key: Key) -> str:
    # Numbers are the same key however they are written.
    parts = [str(Decimal(part.value).normalize()) if part.is_number() else part.value for part in key if part]
    return text_of(parts)


def _plain(value: Any) -> Document:
    """Return an attribute's value as it was sent."""
    if value.is_map():
        return {value.type: {name: _plain(part) for name, part in value.value.items()}}
    if value.is_list():
        return {value.type: [_plain(part) for part in value.value]}
    return {value.type: list(value.value) if value.is_set() else value.value}
