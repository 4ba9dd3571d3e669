"""Let moto list an object's versions without copying the bucket: it copies the content of every object, at each look.

Touches one method of one of moto's classes in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# moto ships no types.

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from types import SimpleNamespace
from typing import Any

from moto.s3.models import FakeDeleteMarker, FakeKey, S3Backend


class _Outline:
    """What a listing marks and sorts: an object's attributes, its content not copied, and not closed at its end."""

    def __init__(self, version: Any) -> None:
        self.__dict__.update(version.__dict__)

    def __deepcopy__(self, _memo: dict[int, Any]) -> _Outline:
        return self

    def __del__(self) -> None:
        """Leave the content to the object."""


class _KeyOutline(_Outline, FakeKey):
    """Of an object."""


class _MarkerOutline(_Outline, FakeDeleteMarker):
    """Of the mark that an object was deleted."""


def _with_outlines(list_versions: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(list_versions)
    def list_by_outlines(backend: Any, bucket_name: str, *arguments: Any, **keywords: Any) -> Any:
        keys = backend.get_bucket(bucket_name).keys
        rows = _outlines(keys, keywords.get("prefix") or "")
        view = SimpleNamespace(keys=SimpleNamespace(iterlists=lambda: rows))

        def get_bucket(_name: str) -> SimpleNamespace:
            return view

        return list_versions(SimpleNamespace(get_bucket=get_bucket), bucket_name, *arguments, **keywords)

    return list_by_outlines


def _outlines(keys: Any, prefix: str) -> Iterator[tuple[str, list[Any]]]:
    for name, versions in keys.iterlists():
        if name.startswith(prefix):
            yield name, [_outline(version) for version in versions]


def _outline(version: Any) -> Any:
    kind: Any = _KeyOutline if isinstance(version, FakeKey) else _MarkerOutline
    return kind(version)


def install() -> None:
    """Put it in place; calling it again changes nothing."""
    method = S3Backend.list_object_versions
    if not hasattr(method, "__wrapped__"):
        setattr(S3Backend, "list_object_versions", _with_outlines(method))  # noqa: B010 - moto ships no types
