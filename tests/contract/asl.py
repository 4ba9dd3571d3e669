"""The definition as the contract tests read it.

Reads statemachine/pipeline.asl.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "statemachine" / "pipeline.asl.json"
TEXT = FILE.read_text(encoding="utf-8")
MACHINE: dict[str, Any] = json.loads(TEXT)
LAMBDA = "arn:aws:states:::lambda:invoke"
UPDATE = "arn:aws:states:::dynamodb:updateItem"


def states(machine: dict[str, Any] = MACHINE) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every state with its name, those of the Map's iterations included."""
    for name, state in machine["States"].items():
        yield name, state
        if state["Type"] == "Map":
            yield from states(state["ItemProcessor"])


def tasks(resource: str = "") -> dict[str, dict[str, Any]]:
    """Return the Task states, those of one resource if it is named."""
    return {name: state for name, state in states() if state["Type"] == "Task" and resource in ("", state["Resource"])}


def stages() -> dict[str, dict[str, Any]]:
    """Return the states that run a stage, which are all that invoke a function but those that tell of the end."""
    return {name: state for name, state in tasks(LAMBDA).items() if not name.startswith("Tell")}


def stage_of(state: str) -> str:
    """Return the stage id of a state name: GenerateScene is generate_scene."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", state).lower()


def expressions() -> list[str]:
    """Return the text inside every {% … %}."""
    texts: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            texts.extend([value[2:-2].strip()] if value.startswith("{%") else [])
        elif isinstance(value, dict | list):
            parts: Any = value.values() if isinstance(value, dict) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            for part in parts:
                walk(part)

    walk(MACHINE)
    return texts
