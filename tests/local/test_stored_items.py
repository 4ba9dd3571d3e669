"""Items and objects of moto in a store: whatever is done to them, a copy of the disk brings the same back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.dynamodb.models import dynamodb_backends  # pyright: ignore[reportMissingTypeStubs]
from moto.s3.models import s3_backends  # pyright: ignore[reportMissingTypeStubs]

from local.clients import ACCOUNT, REGION
from local.shelf.database import NotWrittenError
from local.store import buckets, tables
from local.store.journal import Journal
from local.store.store import Store
from shared.errors import InvalidRequest
from tests.local.test_store import full_disk

TABLE = "items"
PAIRS = "pairs"
BUCKET = "objects"
KEYS = st.sampled_from(["a", "b", "ü"])
LEAVES: Any = st.one_of(
    st.text(max_size=5).map(lambda text: {"S": text}),
    st.integers(-10, 10).map(lambda number: {"N": str(number)}),
    st.booleans().map(lambda yes: {"BOOL": yes}),
    st.just({"NULL": True}),
    st.sets(st.text(min_size=1, max_size=3), min_size=1, max_size=3).map(lambda texts: {"SS": sorted(texts)}),
    st.binary(min_size=1, max_size=4).map(lambda raw: {"B": raw}),
)
VALUES: Any = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.lists(part, max_size=3).map(lambda parts: {"L": parts}),
        st.dictionaries(st.sampled_from(["x", "$bytes", "S"]), part, max_size=3).map(lambda parts: {"M": parts}),
    ),
    max_leaves=6,
)
WRITES = st.tuples(st.sampled_from(["put", "update", "delete", "refused", "move"]), KEYS, KEYS, VALUES)
BODIES = st.tuples(st.sampled_from(["put", "delete", "copy", "tag"]), KEYS, KEYS, st.binary(max_size=8))


def dynamodb() -> Any:
    return dynamodb_backends[ACCOUNT][REGION]


def s3() -> Any:
    return s3_backends[ACCOUNT]["aws"]


def deploy() -> None:
    """An empty table of each kind and a bucket with versions, as a new process has them."""
    dynamodb().reset()
    s3().reset()
    for name, keys in ((TABLE, ["id"]), (PAIRS, ["id", "at"])):
        dynamodb().create_table(
            name,
            schema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            attr=[{"AttributeName": key, "AttributeType": "N" if key == "at" else "S"} for key in keys],
            throughput=None,
            indexes=None,
            global_indexes=None,
            billing_mode="PAY_PER_REQUEST",
            streams=None,
            sse_specification=None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )
    dynamodb().update_time_to_live(TABLE, {"Enabled": True, "AttributeName": "expires"})
    s3().create_bucket(BUCKET, REGION)
    s3().put_bucket_versioning(BUCKET, "Enabled")


@pytest.fixture(autouse=True)
def clean_moto() -> Iterator[None]:
    deploy()
    yield
    dynamodb().reset()
    s3().reset()


def state() -> tuple[dict[str, str], dict[str, Any]]:
    items = {
        f"{name} {item.hash_key.value} {item.range_key and item.range_key.value}": repr(sorted(item.to_json().items()))
        for name in (TABLE, PAIRS)
        for item in dynamodb().tables[name].all_items()
    }
    objects = {
        key.name: (
            key.value,
            key.etag,
            key.version_id,
            dict(key.metadata),
            s3().tagger.get_tag_dict_for_resource(key.arn),
        )
        for key in s3().buckets[BUCKET].keys.values()
        if hasattr(key, "value")
    }
    return items, objects


class Kept:
    """A store that follows moto for the length of a `with` block."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.journal = Journal(self.store.database, {})
        self._exits = ExitStack()

    def __enter__(self) -> Kept:
        self._exits.enter_context(self.store)
        self._exits.enter_context(tables.kept_by(self.journal))
        self._exits.enter_context(buckets.kept_by(self.journal, self.store.bodies))
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def load(self) -> None:
        tables.load(self.store.database)
        buckets.load(self.store.database, self.store.bodies)


def write(what: str, key: str, other: str, value: Any) -> None:
    backend = dynamodb()
    at = {"id": {"S": key}}
    pair = {"id": {"S": key}, "at": {"N": str(len(json.dumps(value, default=repr)) % 3)}}
    if what == "put":
        backend.put_item(TABLE, {**at, "value": value})
        backend.put_item(PAIRS, {**pair, "value": value})
    elif what == "update":
        backend.update_item(TABLE, at, "SET v = :v, n = if_not_exists(n, :z) + :z", {}, {":v": value, ":z": {"N": "1"}})
    elif what == "delete":
        backend.delete_item(TABLE, at)
        backend.delete_item(PAIRS, pair)
    elif what == "refused":
        with pytest.raises(Exception, match="conditional"):
            backend.put_item(TABLE, {**at, "value": value}, condition_expression="attribute_exists(nothing)")
    elif key != other:
        put = {"Put": {"TableName": TABLE, "Item": {"id": {"S": other}, "value": value}}}
        backend.transact_write_items([{"Delete": {"TableName": TABLE, "Key": at}}, put])


def change(what: str, key: str, other: str, body: bytes) -> None:
    backend = s3()
    if what == "put":
        backend.put_object(BUCKET, key, body).set_metadata({"x-amz-meta-of": key})
    elif what == "delete":
        if backend.get_object(BUCKET, key):
            backend.delete_object(BUCKET, key)
    elif source := backend.get_object(BUCKET, key):
        if what == "tag":
            backend.put_object_tagging(source, {"of": other})
        elif key != other:
            backend.copy_object(source, BUCKET, other)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(WRITES.map(lambda row: (write, row)), BODIES.map(lambda row: (change, row))), max_size=12))
def test_what_the_disk_has_is_what_moto_has_after_every_request(requests: list[Any]) -> None:
    deploy()
    with TemporaryDirectory() as name:
        folder = Path(name)
        with Kept(folder / "kept") as cloud:
            for request, row in requests:
                with cloud.journal.unit():
                    request(*row)
            # As a kill leaves it: nothing is closed, and nothing is written from here on.
            shutil.copytree(folder / "kept", folder / "copy")
            before = state()
            files = sorted(path.name for path in (folder / "kept" / "objects").glob("*"))
        deploy()
        with Kept(folder / "copy") as again:
            again.load()
            assert state() == before
            assert len(files) == len(before[1])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITES, max_size=4), st.lists(BODIES, max_size=4), WRITES, BODIES)
def test_a_request_that_a_full_disk_refuses_never_was(
    writes: list[Any], bodies: list[Any], refused_write: Any, refused_body: Any
) -> None:
    deploy()
    with TemporaryDirectory() as name:
        folder = Path(name) / "kept"
        with Kept(folder) as cloud:
            for row in writes:
                with cloud.journal.unit():
                    write(*row)
            for row in bodies:
                with cloud.journal.unit():
                    change(*row)
            before = state()
            with full_disk():
                for request, row in ((write, refused_write), (change, refused_body)):
                    has_changed = False
                    try:
                        with cloud.journal.unit():
                            request(*row)
                            has_changed = state() != before
                    except NotWrittenError:
                        assert state() == before
                    else:
                        assert not has_changed
        deploy()
        with Kept(folder) as again:
            again.load()
            assert state() == before


def test_what_is_overwritten_or_deleted_leaves_the_disk(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept"):
        backend = s3()
        for body in (b"first", b"second"):
            backend.put_object(BUCKET, "a", body)
        reader = backend.get_object(BUCKET, "a")
        assert [path.read_bytes() for path in (tmp_path / "kept" / "objects").iterdir()] == [b"second"]
        backend.delete_object(BUCKET, "a")
        assert list((tmp_path / "kept" / "objects").iterdir()) == []
        # Whoever was reading it reads it to its end.
        assert reader.value == b"second"
        assert backend.get_object(BUCKET, "a") is None


def test_a_whole_upload_in_parts_is_one_file(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept") as cloud:
        backend = s3()
        part = b"x" * (5 << 20)
        upload = backend.create_multipart_upload(BUCKET, "a", {}, "STANDARD", {}, None, None, None)
        parts = [(number, backend.upload_part(BUCKET, upload.id, number, part).etag) for number in (1, 2)]
        with cloud.journal.unit():
            backend.complete_multipart_upload(BUCKET, upload.id, iter(parts))
        before = state()
    deploy()
    with Kept(tmp_path / "kept") as again:
        again.load()
        assert state() == before
        assert before[1]["a"][0] == part * 2


def test_a_body_that_is_missing_or_cut_is_told_of(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept"):
        s3().put_object(BUCKET, "a", b"whole")
    file = next((tmp_path / "kept" / "objects").iterdir())
    for spoil in (lambda: file.write_bytes(b"who"), file.unlink):
        spoil()
        deploy()
        with Kept(tmp_path / "kept") as again, pytest.raises(InvalidRequest, match=f"objects/{file.name}"):
            again.load()


@pytest.mark.parametrize("shelf", ["items/Gone", "objects/gone"])
def test_a_store_of_another_stack_is_told_of(tmp_path: Path, shelf: str) -> None:
    with Kept(tmp_path / "kept") as cloud:
        cloud.store.shelf(shelf).put("a", {})
        with pytest.raises(InvalidRequest, match="this Reelwright does not have"):
            cloud.load()


def test_items_whose_time_is_over_are_not_loaded(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept"):
        backend = dynamodb()
        for key, attribute, value in (("ttl", "expires", "1"), ("tomb", "deleted_at", "1"), ("new", "expires", "1e12")):
            backend.put_item(TABLE, {"id": {"S": key}, attribute: {"N": value}})
    deploy()
    with Kept(tmp_path / "kept") as again:
        again.load()
        assert [item.hash_key.value for item in dynamodb().tables[TABLE].all_items()] == ["new"]
        assert list(again.store.shelf(f"items/{TABLE}").all()) == ['["new"]']


def test_what_the_stack_did_not_make_is_not_kept(tmp_path: Path) -> None:
    with Kept(tmp_path / "kept") as cloud:
        s3().create_bucket("own", REGION)
        s3().put_object("own", "a", b"x")
        assert cloud.store.database.shelves("objects/") == []
