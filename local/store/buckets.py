"""Keep the objects of moto's S3 buckets: their bodies as files, the rest as documents.

Touches moto's buckets, and three methods of its backend while a store is in use. Only the current version of an object
is kept; what is deleted or replaced leaves the disk at once.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false
# moto ships no types for its internals, whose methods are replaced here.

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends

from local.clients import ACCOUNT
from local.processes.scopes import replace_methods
from local.shelf.database import OTHER, Database, Document, Row
from local.store.bodies import Bodies, Body
from local.store.journal import Journal
from shared.errors import InvalidRequest

SHELF = "objects/"
# What of an object is stored as it is, and under which name.
_FIELDS = {
    "etag": "_etag",
    "version": "_version_id",
    "storage": "_storage_class",
    "encryption": "encryption",
    "kms_key": "kms_key_id",
    "bucket_key": "bucket_key_enabled",
    "checksum_algorithm": "checksum_algorithm",
    "checksum": "checksum_value",
    "checksum_type": "checksum_type",
    "checksum_parts": "checksum_parts",
    "redirect": "website_redirect_location",
}


def _backend() -> Any:
    return s3_backends[ACCOUNT]["aws"]


def _buckets() -> Mapping[str, Any]:
    return _backend().buckets


class _ObjectChange:
    """An object of a bucket, as it was before a request."""

    def __init__(self, bucket: str, key: str, bodies: Bodies) -> None:
        self._bucket = bucket
        self._key = key
        self._bodies = bodies
        self._before = list(self._versions())
        # The one thing of an object that is not changed by putting another in its place.
        self._tags = {version.arn: _tags(version) for version in self._before if isinstance(version, FakeKey)}
        self._new: Body | None = None

    @property
    def what(self) -> tuple[str, ...]:
        return (SHELF, self._bucket, self._key)

    def rows(self) -> Iterator[Row]:
        now = self._now()
        if now is None:
            if self._before:
                yield Row(SHELF + self._bucket, self._key, None)
            return
        body = now._value_buffer
        if not isinstance(body, Body):
            body = self._new = self._bodies.write(now.value)
        yield Row(SHELF + self._bucket, self._key, _document(now, body))

    def undo(self) -> None:
        if self._new:
            self._new.remove()
            self._new.close()
        _set(self._bucket, self._key, self._before)
        for arn, tags in self._tags.items():
            _tag(arn, tags)

    def note_written(self) -> None:
        now = self._now()
        if now is not None and self._new:
            _exchange(now, self._new)
        _set(self._bucket, self._key, [] if now is None else [now])
        for version in self._before:
            if version is not now and isinstance(version, FakeKey):
                _drop(version)

    def _now(self) -> Any:
        """Return the object, or None when there is none or its deletion is what is newest."""
        versions = self._versions()
        return versions[-1] if versions and isinstance(versions[-1], FakeKey) else None

    def _versions(self) -> list[Any]:
        return _buckets()[self._bucket].keys.getlist(self._key, [])


@contextmanager
def kept_by(journal: Journal, bodies: Bodies) -> Generator[None]:
    """Write each changed object of the buckets there are now to the store; headers may be set until a request's end."""
    names = set(_buckets())

    def watch(method: str) -> Any:
        plain: Any = getattr(S3Backend, method)
        where = _PLACES[method]

        def call(backend: Any, *rest: Any, **keywords: Any) -> Any:
            bucket, key = where(rest, keywords)
            with journal.unit():
                if bucket in names:
                    journal.touch(_ObjectChange(bucket, key, bodies))
                return plain(backend, *rest, **keywords)

        return call

    with replace_methods(S3Backend, **{method: watch(method) for method in _PLACES}):
        yield


def _by_names(rest: Any, keywords: Any) -> tuple[str, str]:
    arguments = {**dict(zip(("bucket_name", "key_name"), rest, strict=False)), **keywords}
    return arguments["bucket_name"], arguments["key_name"]


def _by_object(rest: Any, keywords: Any) -> tuple[str, str]:
    key = keywords["key"] if "key" in keywords else rest[0]
    return getattr(key, "bucket_name", ""), getattr(key, "name", "")


# The methods that change an object, and how each is told which.
_PLACES = {
    "put_object": _by_names,
    "delete_object": _by_names,
    "delete_object_tagging": _by_names,
    "put_object_tagging": _by_object,
}


def load(database: Database, bodies: Bodies) -> None:
    """Put the stored objects into the buckets, and delete the files that belong to none.

    Raises InvalidRequest when a body is missing or not whole, or the store has a bucket that this version does not.
    """
    names = set[str]()
    for shelf in database.shelves(SHELF):
        name = shelf.removeprefix(SHELF)
        if name not in _buckets():
            raise InvalidRequest(f"The store has a bucket {name} that this Reelwright does not have; {OTHER}.")
        for key, document in database.all(shelf).items():
            if bodies.size(document["file"]) != document["size"]:
                raise InvalidRequest(
                    f"The store's file objects/{document['file']} is missing or not whole ({key}); "
                    f"put a copy of it in its place, or {OTHER}."
                )
            names.add(document["file"])
            _set(name, key, [_object(_buckets()[name], key, document, bodies)])
    bodies.keep_only(names)


def _document(key: Any, body: Body) -> Document:
    return {
        **{name: getattr(key, field) for name, field in _FIELDS.items()},
        "etag": key.etag.strip('"'),
        "modified": key.last_modified.isoformat(),
        "metadata": dict(key.metadata),
        "tags": _tags(key),
        "size": key.size,
        "file": body.path.name,
    }


def _object(bucket: FakeBucket, name: str, document: Document, bodies: Bodies) -> Any:
    key: Any = FakeKey(
        name, b"", ACCOUNT, bucket.region_name, bucket_name=bucket.name, is_versioned=bool(bucket.is_versioned)
    )
    for source, field in _FIELDS.items():
        setattr(key, field, document[source])
    key.last_modified = datetime.fromisoformat(document["modified"])
    key.set_metadata(document["metadata"], replace=False)
    key.contentsize = document["size"]
    _exchange(key, bodies.of(document["file"]))
    _tag(key.arn, document["tags"])
    return key


def _tags(key: Any) -> dict[str, str]:
    return _backend().tagger.get_tag_dict_for_resource(key.arn)


def _tag(arn: str, tags: Mapping[str, str]) -> None:
    _backend().tagger.delete_all_tags_for_resource(arn)
    _backend().tagger.tag_resource(arn, [{"Key": tag, "Value": text} for tag, text in tags.items()])


def _exchange(key: Any, body: Body) -> None:
    """Let the object be read from the disk, and let go of what moto keeps of it."""
    with key.lock:
        key._value_buffer.close()
        key._value_buffer = body
    if key.multipart:
        key.multipart.dispose()
        key.multipart = None


def _drop(key: Any) -> None:
    """Delete an object's body, which those who read it at this moment may read to its end."""
    if isinstance(key._value_buffer, Body):
        key._value_buffer.remove()
    _backend().tagger.delete_all_tags_for_resource(key.arn)
    # moto wants to be told before it forgets an object; it is closed when the last reader lets go of it.
    key.disposed = True


def _set(bucket: str, key: str, versions: list[Any]) -> None:
    # moto's own way closes the buffers of what it drops, which somebody may be reading.
    keys: Any = _buckets()[bucket].keys
    if versions:
        dict.__setitem__(keys, key, versions)
    else:
        dict.pop(keys, key, None)
