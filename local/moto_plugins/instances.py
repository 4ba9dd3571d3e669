"""Let moto forget what it no longer stores: it lists every object that it ever made, each version of each item too.

Touches three methods of moto's models in this process.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# moto ships no types.

from __future__ import annotations

from typing import Any

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey


def _create(cls: type[Any], *_arguments: Any, **_keywords: Any) -> Any:
    return object.__new__(cls)


def _close(key: Any) -> None:
    # moto's own would warn that nobody did so before; with the list gone, this is the place that does.
    key.dispose()


def install() -> None:
    """Put both in place; calling it again changes nothing.

    The list serves moto's dashboard, and its reset, which closes the files of objects that no bucket holds any more.
    """
    setattr(BaseModel, "__new__", _create)  # noqa: B010 - a type checker reads the assignment as an override
    setattr(FakeKey, "__del__", _close)  # noqa: B010
