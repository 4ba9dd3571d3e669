"""The deployment's bucket as the stages use it: text and files in and out by key.

Touches S3; what cannot be read or written is RecordingUnreadable with the key, what S3 could do later
StorageUnavailable, never a provider's raw error.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import S3CopyFailedError

from shared.aws import clients
from shared.errors import RecordingChanged, RecordingUnreadable, ReelwrightError, StorageUnavailable

# What is larger is copied by parts of that size: a client waits for the copy of up to two gigabytes, and S3 copies
# parts side by side faster than one whole object.
PART_BYTES = 8 << 20
_PARTS_AT_ONCE = 20
# The most that S3 deletes by one request.
_DELETED_AT_ONCE = 1000
# What S3 answers to a condition on an ETag that does not hold; a HEAD has no body to say it in words.
_OTHER_ETAG = ("PreconditionFailed", "412")
# The same where the object is to be written: besides, it may be gone, or be written by another at the moment.
_REPLACED = (*_OTHER_ETAG, "NoSuchKey", "404", "ConditionalRequestConflict")


@dataclass(frozen=True)
class Bucket:
    """One S3 bucket.

    Every method raises RecordingUnreadable when S3 refuses or the object is absent, StorageUnavailable when S3 is busy
    or out of reach.
    """

    name: str

    def read_text(self, key: str) -> str:
        """Return the object `key` as UTF-8 text."""
        with _name_key_in_errors(key):
            return clients.s3().get_object(Bucket=self.name, Key=key)["Body"].read().decode()

    def read_bytes(self, key: str) -> bytes:
        """Return the object `key`."""
        with _name_key_in_errors(key):
            return clients.s3().get_object(Bucket=self.name, Key=key)["Body"].read()

    def write_text(self, key: str, text: str, content_type: str = "application/json") -> None:
        """Write `text` as the object `key`."""
        with _name_key_in_errors(key):
            clients.s3().put_object(Bucket=self.name, Key=key, Body=text.encode(), ContentType=content_type)

    def replace_text(self, key: str, text: str, etag: str) -> bool:
        """Write `text` in place of the object `key` whose ETag is `etag`; return False when it is another, or none."""
        with _name_key_in_errors(key):
            try:
                clients.s3().put_object(
                    Bucket=self.name, Key=key, Body=text.encode(), ContentType="application/json", IfMatch=etag
                )
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in _REPLACED:
                    return False
                raise
        return True

    def write_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Write `data` as the object `key`."""
        with _name_key_in_errors(key):
            clients.s3().put_object(Bucket=self.name, Key=key, Body=data, ContentType=content_type)

    def download(self, key: str, to: Path) -> Path:
        """Write the object `key` to the file `to` and return it."""
        with _name_key_in_errors(key):
            clients.s3().download_file(self.name, key, str(to))
        return to

    def download_seen(self, key: str, etag: str, to: Path) -> Path:
        """Write the object `key` to the file `to` and return it; raise RecordingChanged unless its ETag is `etag`."""
        with _name_key_in_errors(key), _raise_when_changed(), to.open("wb") as file:
            shutil.copyfileobj(clients.s3().get_object(Bucket=self.name, Key=key, IfMatch=etag)["Body"], file)
        return to

    def copy_seen(self, key: str, etag: str, to: str) -> None:
        """Copy the object `key` to the key `to` within the bucket; raise RecordingChanged unless its ETag is `etag`."""
        source: Any = {"Bucket": self.name, "Key": key}
        # Without tags, which would need rights of their own.
        extra = {"CopySourceIfMatch": etag, "TaggingDirective": "REPLACE"}
        by_parts = TransferConfig(
            multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=_PARTS_AT_ONCE
        )
        with _name_key_in_errors(key), _raise_when_changed():
            clients.s3().copy(source, self.name, to, ExtraArgs=extra, Config=by_parts)

    def copy(self, key: str, to: str, content_type: str) -> None:
        """Copy the object `key` to the key `to` within the bucket, as of that media type."""
        source: Any = {"Bucket": self.name, "Key": key}
        # By parts the media type would be lost.
        extra = {"TaggingDirective": "REPLACE", "MetadataDirective": "REPLACE", "ContentType": content_type}
        with _name_key_in_errors(key):
            clients.s3().copy(source, self.name, to, ExtraArgs=extra)

    def upload(self, key: str, file: Path, content_type: str, metadata: Mapping[str, str] | None = None) -> None:
        """Write the file as the object `key`, with `metadata` that `metadata` returns of it, if any."""
        extra = {"ContentType": content_type, **({"Metadata": dict(metadata)} if metadata else {})}
        with _name_key_in_errors(key):
            clients.s3().upload_file(str(file), self.name, key, ExtraArgs=extra)

    def metadata(self, key: str) -> dict[str, str]:
        """Return what was written as the metadata of the object `key`; nothing when there is no such object."""
        if not self.holds(key):
            return {}
        with _name_key_in_errors(key):
            return clients.s3().head_object(Bucket=self.name, Key=key).get("Metadata", {})

    def holds(self, key: str) -> bool:
        """Return whether the object `key` exists."""
        return bool(self.etag(key))

    def etag(self, key: str) -> str:
        """Return the ETag of the object `key`, which changes with its content; nothing when there is none."""
        # Listed and not asked for: whoever may list below a prefix only may be told 403 of an object that is not there.
        with _name_key_in_errors(key):
            reply = clients.s3().list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        return next((row.get("ETag", "") for row in reply.get("Contents", []) if row.get("Key") == key), "")

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the bytes of every object whose key begins with `prefix`, by its key."""
        with _name_key_in_errors(prefix):
            pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
            rows = [row for page in pages for row in page.get("Contents", [])]
        return {row.get("Key", ""): row.get("Size", 0) for row in rows}

    def keys(self, prefix: str, limit: int, after: str = "") -> list[str]:
        """Return at most `limit` keys that begin with `prefix`, in S3's order, beginning after the key `after`."""
        with _name_key_in_errors(prefix):
            reply = clients.s3().list_objects_v2(Bucket=self.name, Prefix=prefix, MaxKeys=limit, StartAfter=after)
        return [row.get("Key", "") for row in reply.get("Contents", [])]

    def media_type(self, key: str) -> str:
        """Return the media type that the object `key` was stored as."""
        with _name_key_in_errors(key):
            return clients.s3().head_object(Bucket=self.name, Key=key).get("ContentType", "")

    def delete_below(self, prefix: str) -> None:
        """Delete every object whose key begins with `prefix`, and in a versioned bucket all of its versions.

        Old versions that the bucket itself keeps, by a policy of its own or Object Lock, stay hidden behind a delete
        marker. Raises StorageUnavailable when anything else stays.
        """
        with _name_key_in_errors(prefix):
            _require_none(self._delete(self._list("list_objects_v2", "Contents", prefix)))
            errors = self._delete(self._list("list_object_versions", "Versions", prefix))
            _require_none([error for error in errors if error.get("Code") != "AccessDenied"])
            # A marker goes last, if at all: without it a version that must stay would be the object again.
            if not errors:
                _require_none(self._delete(self._list("list_object_versions", "DeleteMarkers", prefix)))

    def _list(self, operation: str, kind: str, prefix: str) -> list[dict[str, Any]]:
        """Return all of the `kind` below `prefix`, as a deletion names them."""
        client: Any = clients.s3()
        pages = client.get_paginator(operation).paginate(Bucket=self.name, Prefix=prefix)
        rows: list[dict[str, Any]] = [row for page in pages for row in page.get(kind, [])]
        return [{name: row[name] for name in ("Key", "VersionId") if name in row} for row in rows]

    def _delete(self, objects: list[Any]) -> list[Any]:
        """Return S3's errors for what it did not delete: it answers 200 also when it has deleted nothing."""
        errors = list[Any]()
        for first in range(0, len(objects), _DELETED_AT_ONCE):
            deletion: Any = {"Objects": objects[first : first + _DELETED_AT_ONCE], "Quiet": True}
            errors += clients.s3().delete_objects(Bucket=self.name, Delete=deletion).get("Errors", [])
        return errors


def _require_none(left: list[Any]) -> None:
    if left:
        raise StorageUnavailable(f"{len(left)} objects could not be deleted ({left[0].get('Code')}).")


@contextmanager
def _raise_when_changed() -> Generator[None]:
    """Raise RecordingChanged for S3's answer that an object's ETag is another one."""
    try:
        yield
    except (ClientError, S3CopyFailedError) as error:
        code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else _OTHER_ETAG[0]
        if code in _OTHER_ETAG:
            raise RecordingChanged("The recording was replaced after it was first seen.") from error
        raise


@contextmanager
def _name_key_in_errors(key: str) -> Generator[None]:
    try:
        yield
    except (ClientError, BotoCoreError, Boto3Error) as error:
        raise _meaning(error, key) from error


def _meaning(error: Exception, key: str) -> ReelwrightError:
    # A managed upload hides S3's own answer behind an error of its own.
    cause = error.__context__ if isinstance(error, Boto3Error) else error
    if isinstance(cause, ClientError):
        status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return RecordingUnreadable(f"The object {key} could not be read or written in the bucket ({status}).")
    return StorageUnavailable(f"The bucket is busy or unreachable; the object was {key}.")
