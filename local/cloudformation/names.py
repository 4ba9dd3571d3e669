"""Let the random parts of the stack's names and generated secrets follow from one secret, so that they stay the same.

Touches moto's source of random numbers and two functions of its CloudFormation, while a stack is made.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateImportUsage=false
# moto ships no types for its internals.

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from moto.cloudformation import models, parsing
from moto.moto_api._internal import mock_random

_name: Any = parsing.generate_resource_name
_stack_id: Any = models.generate_stack_id
_sources: list[random.Random] = []


def source() -> random.Random:
    """Return where the characters of a generated secret come from."""
    return _sources[-1] if _sources else secrets.SystemRandom()


@contextmanager
def following(root: str) -> Generator[None]:
    """Name each resource of a stack by its logical id and the secret `root` alone, whatever else is in the template."""

    def name(resource_type: str, stack: str, logical_id: str) -> str:
        # A resource is made as soon as it has its name: what is drawn for it until the next name is its own.
        mock_random.seed(f"{root}/{logical_id}")
        return _name(resource_type, stack, logical_id)

    def stack_id(*arguments: Any) -> str:
        mock_random.seed(f"{root}/")
        return _stack_id(*arguments)

    parsing.generate_resource_name = name
    models.generate_stack_id = stack_id
    _sources.append(mock_random)
    try:
        yield
    finally:
        _sources.pop()
        models.generate_stack_id = _stack_id
        parsing.generate_resource_name = _name
        mock_random.seed(os.urandom(32))
