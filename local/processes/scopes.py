"""Change this process's environment, logging, or another's class for the length of a `with` block.

Touches one variable, logger or class, and puts it back.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def variable(name: str, value: str) -> Generator[None]:
    """Set an environment variable meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def quiet(name: str, level: int) -> Generator[None]:
    """Let a logger say only what is at least of `level` meanwhile."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def replace_methods(owner: Any, **methods: Any) -> Generator[None]:
    """Put methods in place of a class's own meanwhile."""
    before = {name: getattr(owner, name) for name in methods}
    for name, method in methods.items():
        setattr(owner, name, method)
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(owner, name, method)
