"""A module that says it touches nothing imports nothing by which it could."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.imports import imports

ROOT = Path(__file__).parents[2]
ROOMS = ("functions", "shared", "local", "cdk", "bench")
# What reaches files, other processes or the network; a class of errors, or of a port, reaches nothing.
REACHING = re.compile(
    r"(boto3(?!\.dynamodb\.types)|openai|google\.genai|requests|urllib3|urllib\.request|http\.client|socket|subprocess|shutil|tempfile"
    r"|multiprocessing|shared\.aws\.clients)\b"
)
CLAIM = re.compile(r"ouch(es)? nothing([.;:,]|$)")
PURE = [
    path.relative_to(ROOT)
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if "node_modules" not in path.parts
    and CLAIM.search(" ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split()))
]


def reaching(source: str) -> set[str]:
    """Return what a module imports of that which reaches outside its process."""
    names = {
        name
        for module, members, is_for_types in imports(source)
        if not is_for_types
        for name in (module, *(f"{module}.{name}" for name in members))
    }
    return {name for name in names if REACHING.match(name)}


@pytest.mark.parametrize("path", PURE, ids=str)
def test_what_touches_nothing_has_nothing_to_touch_with(path: Path) -> None:
    assert reaching((ROOT / path).read_text(encoding="utf-8")) == set()


def test_every_core_makes_the_claim_or_is_looked_at() -> None:
    assert {path.parent.name for path in PURE if path.name == "core.py"} >= {
        path.parent.name for path in (ROOT / "functions").glob("*/core.py")
    }
    assert len(PURE) > len(list((ROOT / "functions").iterdir()))


@pytest.mark.parametrize(
    "source",
    ["import boto3", "from shared.aws import clients", "from google import genai", "def f():\n    import subprocess"],
)
def test_a_reach_is_seen(source: str) -> None:
    assert reaching(source)


@pytest.mark.parametrize(
    "source", ["import requests_toolbelt", "from botocore.exceptions import ClientError", "import re"]
)
def test_a_neighbour_is_none(source: str) -> None:
    assert not reaching(source)
