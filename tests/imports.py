"""What a module imports, by its source: for the tests of bundles and of declared packages.

Touches nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from typing import NamedTuple

# Namespace packages that several distributions share, by module.
SHARED_NAMESPACES = {
    "google.genai": "google-genai",
    "google.oauth2": "google-auth",
    "google.auth": "google-auth",
}


class Import(NamedTuple):
    """One import: a module, the names taken from it, and whether type checkers alone make it."""

    module: str
    names: tuple[str, ...]
    is_for_types: bool


def imports(source: str) -> Iterator[Import]:
    """Yield what a module imports, when it is imported itself or later."""
    tree = ast.parse(source)
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, (), id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield Import(str(node.module), tuple(alias.name for alias in node.names), id(node) in for_types)


def distributions(module: str, names: tuple[str, ...]) -> set[str]:
    """Return the distributions that may bring a module from which `names` are taken, as requirements name them."""
    for name in (module, *(f"{module}.{name}" for name in names)):
        for namespace, distribution in SHARED_NAMESPACES.items():
            if f"{name}.".startswith(f"{namespace}."):
                return {distribution}
    return {normal(name) for name in _distributions().get(module.partition(".")[0], [])}


def normal(name: str) -> str:
    """Return a distribution's name in the one form that tells whether two are the same (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()
