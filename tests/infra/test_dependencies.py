"""Every package that the code imports is declared where it is used, and not there by another one's grace."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk.bundles.contents import bundle_of
from tests.imports import distributions, imports, normal

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
OURS = {"functions", "shared", "local", "cdk", "bench", "tests", "reelwright"}
# What Lambda's Python brings, and what the layer does.
RUNTIME = {"boto3", "botocore", "s3transfer"}
LAYER = "layer-ffmpeg"
# What layers bring that only some deployments have, by the function that imports it.
LAYERS_OF = {"stitch": "layer-c2pa"}
STAGES = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


def names_of(requirements: list[Any]) -> Iterator[str]:
    """Yield the packages of a group, those of the groups that it includes too."""
    for requirement in requirements:
        if isinstance(requirement, dict):
            yield from names_of(GROUPS[requirement["include-group"]])
        else:
            yield normal(re.split(r"[\[<>=!~; ]", requirement)[0])


# What is imported only where it is installed.
EXTRA = set(names_of(PROJECT["project"]["optional-dependencies"]["signed"]))


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)


def undeclared_imports(files: Iterator[Path], packages: set[str], with_types: bool = True) -> set[str]:
    """Return each import, with its file, of a package that is not declared."""
    return {
        f"{file.relative_to(ROOT)}: {module}"
        for file in files
        for module, names, is_for_types in imports(file.read_text(encoding="utf-8"))
        if (with_types or not is_for_types)
        and module.partition(".")[0] not in OURS | sys.stdlib_module_names
        and not distributions(module, names) & packages
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_functions_group_names_what_its_bundle_imports(stage: str) -> None:
    files = (ROOT / file for file in bundle_of(stage, "arm64").sources if file.endswith(".py"))
    layers = filter(None, [LAYER, LAYERS_OF.get(stage)])
    group = set(names_of(GROUPS[f"fn-{stage}"])).union(*(names_of(GROUPS[layer]) for layer in layers), RUNTIME)
    assert undeclared_imports(files, group, with_types=False) == set()


def test_what_is_installed_to_run_is_what_runs() -> None:
    packages = set(names_of(PROJECT["project"]["dependencies"])) | EXTRA
    assert undeclared_imports(sources("functions", "shared", "local"), packages, with_types=False) == set()


def test_what_develops_it_declares_its_own() -> None:
    packages = set(names_of(PROJECT["project"]["dependencies"])) | set(names_of(GROUPS["dev"])) | EXTRA
    assert undeclared_imports(sources(*sorted(OURS - {"reelwright"})), packages) == set()


def test_an_undeclared_package_is_named(tmp_path: Path) -> None:
    file = ROOT / "tests" / "imports.py"
    assert undeclared_imports(iter([file]), set()) == set()
    assert undeclared_imports(iter([Path(__file__)]), set()) == {"tests/infra/test_dependencies.py: pytest"}
    assert distributions("google", ("genai",)) == distributions("google.genai.types", ()) == {"google-genai"}
