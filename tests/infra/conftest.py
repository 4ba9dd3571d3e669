"""The synthesized template and readers of it, for the tests of the infrastructure.

Synthesises once per session, in a temporary folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk.app import local_template, use_bundled_node

# pytest loads this file before the tests, so before anything imports aws_cdk, which starts Node at once.
use_bundled_node()

ROOT = Path(__file__).resolve().parents[2]
PIPELINE: dict[str, Any] = json.loads((ROOT / "statemachine" / "pipeline.asl.json").read_text(encoding="utf-8"))


class Template:
    """A CloudFormation template as the tests read it."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.resources: dict[str, dict[str, Any]] = body["Resources"]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of every resource of a type, by logical id."""
        return {name: entry.get("Properties", {}) for name, entry in self.resources.items() if entry["Type"] == kind}

    def only(self, kind: str) -> dict[str, Any]:
        """Return the properties of the one resource of a type."""
        (properties,) = self.of_type(kind).values()
        return properties

    def functions(self) -> dict[str, dict[str, Any]]:
        """Return the properties of every function of ours, by construct id; CDK's own copies the site."""
        functions_of_type = self.of_type("AWS::Lambda::Function")
        return {name: props for name, props in functions_of_type.items() if props["Handler"].startswith("functions.")}

    def properties_of(self, name: str) -> dict[str, Any]:
        """Return the properties of the resource with a logical id."""
        return self.resources[name]["Properties"]


def text(value: Any) -> str:
    """Return an expression as text: a reference to X, or to X's ARN, is <X>, a pseudo parameter <Region>."""
    match value:
        case {"Ref": str(name)}:
            return f"<{name.removeprefix('AWS::')}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}>" if attribute == "Arn" else f"<{name}.{attribute}>"
        case {"Fn::Join": [str(between), parts]}:
            return between.join(text(part) for part in parts)
        case {"Fn::Sub": str(words)}:
            return re.sub(r"\$\{(?:AWS::)?(\w+)\}", r"<\1>", words)
        case {"Fn::Select": [index, {"Fn::Split": [str(between), whole]}]}:
            return f"part {index} of {text(whole)} split at {between}"
        case _:
            return str(value)


def tasks(states: dict[str, Any] = PIPELINE) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Task states of the definition with their names, those inside the Map included."""
    for name, state in states["States"].items():
        if state["Type"] == "Task":
            yield name, state
        if state["Type"] == "Map":
            yield from tasks(state["ItemProcessor"])


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built web page, as small as can be."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>Reelwright</title>")
    return folder


def function_of(state: dict[str, Any]) -> str:
    """Return the construct id of the function that a state invokes."""
    return state["Arguments"]["FunctionName"].removeprefix("${").removesuffix("FunctionArn}")


@pytest.fixture(scope="session")
def template() -> Template:
    """The stack's template."""
    return Template(local_template())
