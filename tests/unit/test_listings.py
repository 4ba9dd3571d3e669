"""moto's list of an object's versions: the same without copying the bucket, and without closing anything in it."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportFunctionMemberAccess=false
# moto ships no types.

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.s3.models import S3Backend, s3_backends

from local.moto_plugins import instances, listings

KEYS = st.sampled_from(["a/1", "a/2", "a/b/3", "b/1"])
ACTS = st.lists(st.tuples(st.sampled_from(["put", "delete"]), KEYS), max_size=12)


@pytest.fixture(autouse=True, scope="module")
def plugins() -> None:
    instances.install()
    listings.install()


def bucket_of(acts: list[tuple[str, str]], content: bytes = b"x") -> S3Backend:
    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket("media", "us-east-1")
    backend.put_bucket_versioning("media", "Enabled")
    for act, key in acts:
        if act == "put":
            backend.put_object("media", key, content)
        else:
            backend.delete_object("media", key)
    return backend


def rows(answer: Any) -> list[Any]:
    versions, prefixes, markers, next_key, next_version = answer
    names = [[(each.name, each.version_id, each.is_latest) for each in part] for part in (versions, markers)]
    return [*names, prefixes, next_key, next_version]


@settings(max_examples=60, deadline=None)
@given(ACTS, st.sampled_from(["", "a/", "a/b/", "c/"]), st.sampled_from([None, "/"]), st.sampled_from([1, 2, 1000]))
def test_a_list_is_the_one_that_moto_makes(
    acts: list[tuple[str, str]], prefix: str, delimiter: str | None, most: int
) -> None:
    with mock_aws():
        backend = bucket_of(acts)
        question: dict[str, Any] = {"prefix": prefix, "delimiter": delimiter, "max_keys": most}
        as_moto = S3Backend.list_object_versions.__wrapped__(backend, "media", **question)
        assert rows(backend.list_object_versions("media", **question)) == rows(as_moto)


def test_a_list_reads_no_content_and_leaves_it_readable() -> None:
    size = 1_000_000
    with mock_aws():
        backend = bucket_of([("put", f"a/{n}") for n in range(20)], b"x" * size)
        tracemalloc.start()
        versions, *_ = backend.list_object_versions("media", prefix="a/")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(versions) == 20
        assert peak < size
        del versions
        objects: list[Any] = [backend.get_object("media", f"a/{n}") for n in range(20)]
        assert [len(each.value) for each in objects] == [size] * 20
