"""DynamoDB for every gateway: one port of a table, one builder of expressions, one meaning of each of its errors.

Touches the tables; what a service could do later is TableUnavailable, what no repetition mends is PermissionMissing or
RecordRejected, and a condition that does not hold is ConditionLost.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.errors import PermissionMissing, RecordRejected, TableUnavailable

Item = dict[str, Any]
# An attribute's name in a path or a condition: no placeholder, no function, no index.
_NAME = re.compile(r"(?<![:#\w])[A-Za-z_]\w*\b(?!\s*\()")
_OPERATORS = {"AND", "OR", "NOT", "IN", "BETWEEN"}


@dataclass(frozen=True)
class Stored:
    """A value of a condition as the table holds it: what was read, whatever of it has plain values."""

    attribute_value: Any


class ConditionLost(Exception):
    """The item is not, or no longer is, as the condition wants it; nothing was written."""


# AWS's page "Error handling with DynamoDB", and for the reasons of a cancelled transaction botocore's model of DynamoDB
# (1.44), both read 2026-11-26. Whatever is not here may pass.
_CODES: Mapping[type[Exception], str] = {
    ConditionLost: "ConditionalCheckFailedException ConditionalCheckFailed",
    PermissionMissing: "AccessDeniedException IncompleteSignatureException MissingAuthenticationTokenException "
    "ResourceNotFoundException UnrecognizedClientException",
    RecordRejected: "ItemCollectionSizeLimitExceeded ItemCollectionSizeLimitExceededException SerializationException "
    "ValidationError ValidationException",
}
_MEANINGS = {code: kind for kind, codes in _CODES.items() for code in codes.split()}
# The errors of our tree among them: what a call that may as well be made later is allowed to end with.
TABLE_ERRORS = (TableUnavailable, RecordRejected, PermissionMissing)
# Seconds, up to which one pauses when another transaction is at one of the items; the SDK does not try again then.
CONFLICT_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.4)
_WORDS: Mapping[type[Exception], str] = {  # The worst last.
    ConditionLost: "changed meanwhile",
    TableUnavailable: "could not be reached or is busy",
    RecordRejected: "would become malformed or larger than DynamoDB allows",
    PermissionMissing: "may not be used by this function, or does not exist",
}


@dataclass(frozen=True)
class Condition:
    """What must hold of an item: DynamoDB's own words with plain names, and the plain values of its `:placeholders`."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of a call that is made under this condition."""
        return _Expressions({}).arguments("", self)


@dataclass(frozen=True)
class Update:
    """A change of one item in plain values, by the paths of its attributes (`a.b[0].c`), and the condition it is under.

    A set of texts is added to the set that is there, or deleted from it. `names` are those of the `#placeholders` in
    paths: names that are data.
    """

    sets: Mapping[str, Any] = field(default_factory=dict[str, Any])
    adds: Mapping[str, Any] = field(default_factory=dict[str, Any])
    deletes: Mapping[str, set[str]] = field(default_factory=dict[str, set[str]])
    removes: Sequence[str] = ()
    where: Condition = Condition("")
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of a call that makes this change."""
        parts = _Expressions(self.names)
        clauses = [parts.changes("SET", " = ", self.sets), parts.changes("ADD", " ", self.adds)]
        # DynamoDB knows no empty set.
        deletes = {path: texts for path, texts in self.deletes.items() if texts}
        clauses += [parts.changes("DELETE", " ", deletes), parts.paths("REMOVE", self.removes)]
        return parts.arguments(" ".join(filter(None, clauses)), self.where)


class _Expressions:
    """The expressions of one call: each name and value is a placeholder, so that no name is a reserved word."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._aliases: dict[str, str] = {}
        self._values: Item = {}

    def changes(self, verb: str, separator: str, changes: Mapping[str, Any]) -> str:
        """Return the clause that gives each path its value; nothing when there are none."""
        return self.paths(verb, [f"{path}{separator}{self._value(value)}" for path, value in changes.items()])

    def paths(self, verb: str, paths: Sequence[str]) -> str:
        """Return the clause of these paths; nothing when there are none."""
        return f"{verb} {', '.join(map(self._with_aliases, paths))}" if paths else ""

    def arguments(self, update: str, where: Condition) -> dict[str, Any]:
        """Return the arguments of a call: only those that it needs, because DynamoDB refuses empty ones."""
        condition = self._with_aliases(where.text)
        self._values |= {f":{name}": _value_of(value) for name, value in where.values.items()}
        arguments = {
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": self._names | {alias: name for name, alias in self._aliases.items()},
            "ExpressionAttributeValues": self._values,
        }
        return {name: value for name, value in arguments.items() if value}

    def _value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = attribute_value(value)
        return placeholder

    def _with_aliases(self, text: str) -> str:
        return _NAME.sub(lambda match: self._alias(match[0]), text)

    def _alias(self, word: str) -> str:
        return word if word in _OPERATORS else self._aliases.setdefault(word, f"#n{len(self._aliases)}")


def _value_of(value: Any) -> Any:
    return value.attribute_value if isinstance(value, Stored) else attribute_value(value)


@dataclass(frozen=True)
class Table:
    """A table whose items are found by the text attribute `key`; `words` are what its failures call it.

    Every method raises TableUnavailable, PermissionMissing or RecordRejected, and waits for a transaction at the item.
    """

    name: str
    key: str
    words: str

    def get(self, item_id: str) -> Item | None:
        """Return the item as it is now, in attribute values, or None."""
        return self._call("get_item", Key=self._key(item_id), ConsistentRead=True).get("Item")

    def newest(self, index: str, where: Condition, limit: int, after: Item | None) -> dict[str, Any]:
        """Return DynamoDB's answer to a query of an index, the last items of its order first, after the key `after`."""
        arguments = where.arguments()
        arguments["KeyConditionExpression"] = arguments.pop("ConditionExpression")
        place = {"ExclusiveStartKey": after} if after else {}
        return self._call("query", IndexName=index, ScanIndexForward=False, Limit=limit, **arguments, **place)

    def put(self, item: Item, where: Condition) -> bool:
        """Write the item, in attribute values; return False when the condition does not hold."""
        with suppress(ConditionLost):
            self._call("put_item", Item=item, **where.arguments())
            return True
        return False

    def update(self, item_id: str, update: Update) -> bool:
        """Change the item; return False when the condition does not hold."""
        with suppress(ConditionLost):
            self.change(item_id, update)
            return True
        return False

    def change(self, item_id: str, update: Update, returns: str = "NONE") -> Item:
        """Change the item and return what `returns` names of it, in attribute values; raise ConditionLost."""
        reply = self._call("update_item", Key=self._key(item_id), ReturnValues=returns, **update.arguments())
        return reply.get("Attributes", {})

    def delete(self, item_id: str, where: Condition) -> bool:
        """Delete the item; return False when the condition does not hold."""
        with suppress(ConditionLost):
            self._call("delete_item", Key=self._key(item_id), **where.arguments())
            return True
        return False

    def part(self, item_id: str, write: Update | Condition) -> dict[str, Any]:
        """Return a change, or a condition alone, as the part of a transaction."""
        kind = "Update" if isinstance(write, Update) else "ConditionCheck"
        return {kind: {"TableName": self.name, "Key": self._key(item_id), **write.arguments()}}

    def _key(self, item_id: str) -> Item:
        return {self.key: {"S": item_id}}

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return _call(self.words, operation, TableName=self.name, **arguments)


def write_all(parts: list[Any], words: str) -> bool:
    """Return whether all of a transaction was written, or, because a condition does not hold, nothing.

    `words` are what its failures call the tables. Raises what `Table` does.
    """
    with suppress(ConditionLost):
        _call(words, "transact_write_items", TransactItems=parts)
        return True
    return False


def _call(words: str, operation: str, **arguments: Any) -> dict[str, Any]:
    """Return the answer to a call; another transaction of one of its items is waited for, for about half a second."""
    pauses = iter(CONFLICT_PAUSES)
    while True:
        try:
            with meaning(words):
                return getattr(clients.dynamodb(), operation)(**arguments)
        except TableUnavailable as error:
            is_conflict = kind_of(error.__cause__)[1].startswith("TransactionConflict")
            if not is_conflict or (pause := next(pauses, None)) is None:
                raise
            time.sleep(random.uniform(0, pause))


@contextmanager
def meaning(words: str) -> Generator[None]:
    """Raise what an error of DynamoDB within means: ConditionLost, or an error of our tree about `words`."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        kind, code = kind_of(error)
        raise kind(f"The table of {words} {_WORDS[kind]} ({code}).") from error


def kind_of(error: BaseException | None) -> tuple[type[Exception], str]:
    """Return what an error of a call of DynamoDB means, and its code.

    A cancelled transaction means the worst of what its parts were cancelled for: a lost condition only if nothing else.
    """
    if not isinstance(error, ClientError):
        kind = RecordRejected if isinstance(error, ParamValidationError) else TableUnavailable
        return kind, type(error).__name__
    code = error.response.get("Error", {}).get("Code", "")
    reasons: list[Any] = error.response.get("CancellationReasons", [])
    codes = [reason["Code"] for reason in reasons if reason.get("Code", "None") != "None"] or [code]
    kinds = [(_MEANINGS.get(name, TableUnavailable), name) for name in codes]
    return max(kinds, key=lambda row: list(_WORDS).index(row[0]))
