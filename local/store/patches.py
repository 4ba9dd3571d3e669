"""Replace methods of moto's for the length of a `with` block.

Touches the classes it is given, and puts them back.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replace_methods(owner: Any, **methods: Any) -> Generator[None]:
    """Put the methods in place meanwhile."""
    before = {name: getattr(owner, name) for name in methods}
    for name, method in methods.items():
        setattr(owner, name, method)
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(owner, name, method)
