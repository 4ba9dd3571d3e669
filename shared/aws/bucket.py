"""The deployment's bucket as the stages use it: text and files in and out by key.

Touches S3; what cannot be read or written is RecordingUnreadable with the key, what S3 could do later
StorageUnavailable, never a provider's raw error.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.errors import RecordingChanged, RecordingUnreadable, ReelwrightError, StorageUnavailable


@dataclass(frozen=True)
class Bucket:
    """One S3 bucket.

    Every method raises RecordingUnreadable when S3 refuses or the object is absent, StorageUnavailable when S3 is busy
    or out of reach.
    """

    name: str

    def read_text(self, key: str) -> str:
        """Return the object `key` as UTF-8 text."""
        with _named(key):
            return clients.s3().get_object(Bucket=self.name, Key=key)["Body"].read().decode()

    def write_text(self, key: str, text: str, content_type: str = "application/json") -> None:
        """Write `text` as the object `key`."""
        with _named(key):
            clients.s3().put_object(Bucket=self.name, Key=key, Body=text.encode(), ContentType=content_type)

    def write_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Write `data` as the object `key`."""
        with _named(key):
            clients.s3().put_object(Bucket=self.name, Key=key, Body=data, ContentType=content_type)

    def download(self, key: str, to: Path) -> Path:
        """Write the object `key` to the file `to` and return it."""
        with _named(key):
            clients.s3().download_file(self.name, key, str(to))
        return to

    def download_seen(self, key: str, etag: str, to: Path) -> Path:
        """Write the object `key` to the file `to` and return it; raise RecordingChanged unless its ETag is `etag`."""
        with _named(key), to.open("wb") as file:
            try:
                shutil.copyfileobj(clients.s3().get_object(Bucket=self.name, Key=key, IfMatch=etag)["Body"], file)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "PreconditionFailed":
                    raise RecordingChanged("The recording was replaced after it was first seen.") from error
                raise
        return to

    def upload(self, key: str, file: Path, content_type: str) -> None:
        """Write the file as the object `key`."""
        with _named(key):
            clients.s3().upload_file(str(file), self.name, key, ExtraArgs={"ContentType": content_type})

    def holds(self, key: str) -> bool:
        """Return whether the object `key` exists."""
        return bool(self.etag(key))

    def etag(self, key: str) -> str:
        """Return the ETag of the object `key`, which changes with its content; nothing when there is none."""
        # Listed and not asked for: whoever may list below a prefix only may be told 403 of an object that is not there.
        with _named(key):
            found = clients.s3().list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        return next((row.get("ETag", "") for row in found.get("Contents", []) if row.get("Key") == key), "")

    def delete_below(self, prefix: str) -> None:
        """Delete every object whose key begins with `prefix`; raise StorageUnavailable when one of them stays."""
        with _named(prefix):
            for page in clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
                keys: list[Any] = [{"Key": row["Key"]} for row in page.get("Contents", []) if "Key" in row]
                if keys:
                    self._delete(keys)

    def _delete(self, keys: list[Any]) -> None:
        # S3 answers 200 even when it has deleted nothing, and names what it could not.
        reply = clients.s3().delete_objects(Bucket=self.name, Delete={"Objects": keys, "Quiet": True})
        if left := reply.get("Errors", []):
            raise StorageUnavailable(
                f"{len(left)} of {len(keys)} objects could not be deleted ({left[0].get('Code')})."
            )


@contextmanager
def _named(key: str) -> Generator[None]:
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
