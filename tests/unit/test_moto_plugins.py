"""moto's DynamoDB made quick: whatever is asked, the answers are those of moto itself, byte for byte."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

import copy
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend

from local.clients import isolated_session
from local.moto_plugins import items, lookups, transactions

# What moto itself has, before any plugin.
_OWN: list[tuple[Any, str, Any]] = [
    (owner, name, owner.__dict__[name]) for owner, name, _ in (*items.QUICK, *lookups.QUICK)
] + [(DynamoDBBackend, "transact_write_items", DynamoDBBackend.transact_write_items), (models, "copy", copy)]

TEXTS = st.text(max_size=6)
NAMES = st.sampled_from(["a", "b", "status", "deep"])
NUMBERS = st.integers(-999, 999).map(str)
LEAVES: Any = st.one_of(
    TEXTS.map(lambda text: {"S": text}),
    NUMBERS.map(lambda number: {"N": number}),
    st.binary(min_size=1, max_size=4).map(lambda content: {"B": content}),
    st.booleans().map(lambda truth: {"BOOL": truth}),
    st.just({"NULL": True}),
    st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=3, unique=True).map(lambda texts: {"SS": texts}),
    st.lists(NUMBERS, min_size=1, max_size=3, unique=True).map(lambda numbers: {"NS": numbers}),
)
VALUES: Any = st.recursive(
    LEAVES,
    lambda values: st.one_of(
        st.lists(values, max_size=3).map(lambda parts: {"L": parts}),
        st.dictionaries(NAMES, values, max_size=3).map(lambda parts: {"M": parts}),
    ),
    max_leaves=8,
)
ITEMS = st.dictionaries(NAMES, VALUES, max_size=4)
IDS = st.sampled_from(["one", "two"])
UPDATES = st.sampled_from(
    ["SET #a = :v", "SET #a.#b = :v", "SET #a[0] = :v", "REMOVE #a", "ADD #a :v", "SET #a = if_not_exists(#b, :v)"]
)
CONDITIONS = st.sampled_from(["attribute_exists(#a)", "attribute_not_exists(#b) OR #a = :v", "#a.#b <> :v"])


def _change(update: str, condition: str, value: Any) -> dict[str, Any]:
    words = f"{update} {condition}"
    names = {name: meaning for name, meaning in (("#a", "deep"), ("#b", "a")) if name in words}
    values = {":v": value} if ":v" in words else {}
    arguments = {"UpdateExpression": update, "ConditionExpression": condition, "ExpressionAttributeNames": names}
    return {name: part for name, part in {**arguments, "ExpressionAttributeValues": values}.items() if part}


CHANGES = st.builds(_change, UPDATES, st.one_of(st.just(""), CONDITIONS), VALUES)
RETURNS = st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_NEW"])
CALLS: Any = st.lists(
    st.one_of(
        st.tuples(st.just("put"), IDS, ITEMS),
        st.tuples(st.just("update"), IDS, CHANGES, RETURNS),
        st.tuples(st.just("transact"), st.lists(st.tuples(IDS, CHANGES), min_size=1, max_size=2)),
        st.tuples(st.just("get"), IDS),
        st.tuples(st.just("query"), IDS),
    ),
    max_size=8,
)


def _arguments(call: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    kind, name, *rest = call
    key = {"id": {"S": name}}
    if kind == "put":
        return "put_item", {"Item": {**rest[0], **key}}
    if kind == "update":
        return "update_item", {"Key": key, "ReturnValues": rest[1], **rest[0]}
    if kind == "transact":
        rows = [{"Update": {"TableName": "t", "Key": {"id": {"S": each}}, **change}} for each, change in name]
        return "transact_write_items", {"TransactItems": rows}
    if kind == "get":
        return "get_item", {"Key": key}
    return "query", {"KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": name}}}


def _answers(client: Any, calls: list[tuple[Any, ...]]) -> list[bytes]:
    """Return the bodies of the answers of a new table to the calls, and of what it holds then."""
    bodies: list[bytes] = []

    def keep(response_dict: dict[str, Any], **_: object) -> None:
        bodies.append(response_dict["body"])

    client.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.meta.events.register("before-parse.dynamodb", keep)
    for call in (*calls, ("get", "one"), ("get", "two")):
        operation, arguments = _arguments(call)
        table = {} if operation == "transact_write_items" else {"TableName": "t"}
        with suppress(ClientError):
            getattr(client, operation)(**table, **arguments)
    client.meta.events.unregister("before-parse.dynamodb", keep)
    client.delete_table(TableName="t")
    return bodies


@contextmanager
def _as(rows: list[tuple[Any, str, Any]]) -> Generator[None]:
    with ExitStack() as exits:
        for owner, name, value in rows:
            exits.callback(setattr, owner, name, owner.__dict__[name])
            setattr(owner, name, value)
        yield


def _quick() -> list[tuple[Any, str, Any]]:
    for plugin in (items, lookups, transactions):
        plugin.install()
    return [(owner, name, owner.__dict__[name]) for owner, name, _ in _OWN]


@pytest.fixture(scope="module")
def client() -> Generator[Any]:
    """A client of moto in this process, without a server."""
    with mock_aws():
        yield isolated_session().create_client(
            "dynamodb", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )


LIST = ("put", "one", {"deep": {"L": [{"S": "old"}]}})
IN_LIST = _change("SET #a[0] = :v", "", {"S": "new"})
LOST = _change("REMOVE #a", "attribute_exists(#a.#b)", {"S": ""})


@settings(max_examples=60, deadline=None)
@given(CALLS)
@example([LIST, ("update", "one", IN_LIST, "ALL_OLD")])
@example([LIST, ("transact", [("one", IN_LIST), ("two", LOST)])])
@example([("transact", [("one", _change("SET #a = :v", "", {"S": "new"})), ("two", LOST)])])
def test_answers_are_those_of_moto(client: Any, calls: list[tuple[Any, ...]]) -> None:
    with _as(_OWN):
        own = _answers(client, calls)
    with _as(_quick()):
        assert _answers(client, calls) == own
