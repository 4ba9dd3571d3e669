"""Each function's task retries exactly the transient errors that the function's modules can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from shared import errors
from tests.contract import asl

TRANSIENT = {leaf.__name__ for leaf in errors.TransientError.__subclasses__()}
# Counts what the stages raise, and raises nothing.
COUNTS = asl.ROOT / "shared" / "stage.py"


def imported(tree: ast.Module) -> Iterable[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            files = (asl.ROOT / f"{name.replace('.', '/')}.py" for name in names)
            yield from (file for file in files if file.exists())


def raised(function: str) -> set[str]:
    """The transient errors that a function's modules name, and the modules that these import."""
    todo, seen, named = [*(asl.ROOT / "functions" / function).glob("*.py")], {COUNTS}, set[str]()
    while todo:
        file = todo.pop()
        if file not in seen:
            seen.add(file)
            tree = ast.parse(file.read_text(encoding="utf-8"))
            named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & TRANSIENT
            todo += imported(tree)
    return named


@pytest.mark.parametrize("state", sorted(asl.tasks(asl.LAMBDA)))
def test_what_a_function_may_mend_by_itself_later_is_tried_again(state: str) -> None:
    task = asl.tasks(asl.LAMBDA)[state]
    retried = {name for retry in task["Retry"] for name in retry["ErrorEquals"] if "." not in name}
    function = asl.stage_of(state) if state in asl.stages() else "settle"
    assert retried == raised(function)
