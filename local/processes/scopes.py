"""Change this process's environment or logging for the length of a `with` block.

Touches one variable or one logger, and puts it back.
"""

import logging
import os
from collections.abc import Generator
from contextlib import contextmanager


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
