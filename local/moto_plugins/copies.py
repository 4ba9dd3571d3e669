"""Let moto copy an object only if it still is the one that was asked for: it knows none of S3's `CopySourceIfMatch`.

Touches two methods of one of moto's classes in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from moto.s3.exceptions import PreconditionFailed
from moto.s3.responses import S3Response

_CONDITION = "x-amz-copy-source-if-match"


def _with_condition(copy: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(copy)
    def copy_if_match(response: Any) -> Any:
        etag = response.headers.get(_CONDITION)
        path = unquote(str(response.headers.get("x-amz-copy-source", ""))).partition("?")[0]
        bucket, _, key = path.lstrip("/").partition("/")
        source = response.backend.get_object(bucket, key)
        if etag and source and etag.strip('"') != source.etag.strip('"'):
            raise PreconditionFailed(failed_condition=_CONDITION)
        return copy(response)

    return copy_if_match


def install() -> None:
    """Put the condition in place; calling it again changes nothing."""
    for name in ("copy_object", "upload_part_copy"):
        method = getattr(S3Response, name)
        if not hasattr(method, "__wrapped__"):
            setattr(S3Response, name, _with_condition(method))
