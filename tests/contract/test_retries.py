"""Each task retries AWS's errors by one table, and exactly the transient errors that its function can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from local.lambda_runtime import worker_faults
from shared import errors
from tests.contract import asl, aws_errors

TRANSIENT = {leaf.__name__ for leaf in errors.TransientError.__subclasses__()}
# Counts what the stages raise, and raises nothing.
COUNTS = asl.ROOT / "shared" / "stage.py"


def imports_of(tree: ast.Module) -> Iterable[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            files = (asl.ROOT / f"{name.replace('.', '/')}.py" for name in names)
            yield from (file for file in files if file.exists())


def errors_of(function: str) -> set[str]:
    """The transient errors that a function's modules name, and the modules that these import."""
    files_left = [*(asl.ROOT / "functions" / function).glob("*.py")]
    files_read = {COUNTS}
    names = set[str]()
    while files_left:
        file = files_left.pop()
        if file not in files_read:
            files_read.add(file)
            tree = ast.parse(file.read_text(encoding="utf-8"))
            names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & TRANSIENT
            files_left += imports_of(tree)
    return names


@pytest.mark.parametrize("state", sorted(asl.tasks(asl.LAMBDA)))
def test_what_a_function_may_mend_by_itself_later_is_tried_again(state: str) -> None:
    task = asl.tasks(asl.LAMBDA)[state]
    names = {name for retry in task["Retry"] for name in retry["ErrorEquals"] if "." not in name}
    function = asl.stage_of(state) if state in asl.stages() else "settle"
    assert names == errors_of(function)


@pytest.mark.parametrize("state", sorted(asl.tasks()))
def test_awss_errors_are_retried_by_the_table(state: str) -> None:
    task = asl.tasks()[state]
    lists = [(frozenset(retry["ErrorEquals"]), retry["MaxAttempts"]) for retry in task["Retry"]]
    theirs = [(names, times) for names, times in lists if any("." in name for name in names)]
    assert theirs == [(row.names, row.at_most) for row in aws_errors.RETRIED[task["Resource"]]]


def test_every_end_of_a_worker_is_in_the_table() -> None:
    assert aws_errors.ENDED.names >= worker_faults.ERRORS


@pytest.mark.parametrize("state", sorted(asl.tasks()))
def test_a_catch_names_no_error_of_awss_but_a_lost_condition(state: str) -> None:
    names = {name for catch in asl.tasks()[state]["Catch"] for name in catch["ErrorEquals"]}
    assert {name for name in names if "." in name} <= {aws_errors.LOST, "States.ALL"}


@pytest.mark.parametrize("state", sorted(asl.tasks(asl.UPDATE)))
def test_a_status_write_that_lost_its_condition_supersedes_the_job(state: str) -> None:
    # The writes of a scene alone fail the scene: the job's own next write finds the same.
    ends = [
        (catch["Next"], catch["Assign"]["error"])
        for catch in asl.tasks()[state]["Catch"]
        if aws_errors.LOST in catch["ErrorEquals"]
    ]
    assert ends == ([] if state == "MarkScene" else [("Failed", "Superseded")])
