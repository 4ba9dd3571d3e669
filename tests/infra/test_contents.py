"""What the archives hold: everything that their modules import, and nothing that they do not."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cdk.bundles.bundling import ROOT, Bundle
from cdk.bundles.contents import C2PA_LOCK, FFMPEG_LOCK, PACKAGES, bundle_of
from cdk.functions import FUNCTIONS, FunctionSpec
from tests.imports import distributions, imports

# What Lambda's Python brings.
RUNTIME = {"boto3", "botocore", "s3transfer"}
STAGES = [spec.stage for spec in FUNCTIONS]
EACH = pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.stage)


def own_files(module: str, names: tuple[str, ...]) -> set[str]:
    """Return the files that an import of our own needs, by the tree of sources: packages, the module, submodules."""
    parts = module.split(".")
    parents = {"/".join((*parts[:depth], "__init__.py")) for depth in range(1, len(parts))}
    folder = Path(*parts)
    if not (ROOT / folder).is_dir():
        return parents | {f"{folder}.py"}
    submodules = {f"{folder / name}.py" for name in names if (ROOT / folder / f"{name}.py").exists()}
    return parents | submodules | {f"{folder}/__init__.py"}


def packages(bundle: Bundle, spec: FunctionSpec) -> set[str]:
    """Return the distributions that a function has at run time: its lock's, the runtime's, and its layer's."""
    layers = {FFMPEG_LOCK: spec.needs_ffmpeg, C2PA_LOCK: spec.stage == "stitch"}
    locks = [bundle.lock, *(lock for lock, is_needed in layers.items() if is_needed)]
    text = "".join((ROOT / lock).read_text(encoding="utf-8") for lock in locks)
    return RUNTIME | set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE))


@EACH
def test_every_import_of_a_bundle_resolves_inside_it(spec: FunctionSpec) -> None:
    bundle = bundle_of(spec.stage, "arm64")
    files = set(bundle.sources)
    available = packages(bundle, spec)
    missing = set[str]()
    for file in files:
        if not file.endswith(".py"):
            continue
        for module, names, is_for_types in imports((ROOT / file).read_text(encoding="utf-8")):
            top = module.partition(".")[0]
            if is_for_types or top in sys.stdlib_module_names:
                continue
            if top in PACKAGES:
                missing |= {f"{file}: {file_needed}" for file_needed in own_files(module, names) - files}
            elif not available & distributions(module, names):
                missing.add(f"{file}: {module}")
    assert missing == set()


@EACH
def test_a_bundle_has_its_handler_and_no_sibling(spec: FunctionSpec) -> None:
    files = bundle_of(spec.stage, "arm64").sources
    assert {"functions/__init__.py", f"functions/{spec.stage}/__init__.py", "shared/__init__.py"} < set(files)
    assert f"functions/{spec.stage}/handler.py" in files
    folders = {file.split("/")[1] for file in files if file.startswith("functions/")}
    assert folders == {"__init__.py", spec.stage}
    assert not [file for file in files if "__pycache__" in file or file.endswith(".pyc")]


def test_every_module_of_a_function_is_deployed_with_it() -> None:
    sources = {file for stage in STAGES for file in bundle_of(stage, "arm64").sources}
    # A folder without a handler is none that is deployed.
    folders = [ROOT / "functions", *(handler.parent for handler in (ROOT / "functions").glob("*/handler.py"))]
    files = [*folders[0].glob("*.py"), *(file for folder in folders[1:] for file in folder.rglob("*.py"))]
    modules = {file.relative_to(ROOT).as_posix() for file in files}
    assert modules - sources == set()


def test_fonts_travel_with_their_functions_alone() -> None:
    fonts = {stage: [file for file in bundle_of(stage, "arm64").sources if "fonts/" in file] for stage in STAGES}
    folders = {"render_scene": ("fonts", "cjk_fonts"), "draw_scene": ("animatic/fonts",)}
    for stage, names in folders.items():
        files = [file for name in names for file in (ROOT / "functions" / stage / name).iterdir()]
        assert fonts.pop(stage) == sorted(file.relative_to(ROOT).as_posix() for file in files)
    assert not any(fonts.values())


@pytest.mark.parametrize(
    ("file", "stages"),
    [
        ("shared/captions/ass.py", {"api", "render_scene"}),
        ("shared/film/captions.py", {"api", "plan", "render_scene", "stitch"}),
        ("shared/captions/looks.py", {"api", "render_scene"}),
        ("shared/captions/profanity.py", {"api", "plan", "render_scene", "stitch"}),
        ("functions/plan/core.py", {"plan"}),
        ("functions/draw_scene/animatic/fonts/Lato-Bold.ttf", {"draw_scene"}),
        ("functions/render_scene/fonts/NotoSans-ExtraBold.ttf", {"render_scene"}),
        ("shared/errors.py", set(STAGES)),
    ],
)
def test_an_edit_changes_the_bundles_that_hold_it_and_no_other(tmp_path: Path, file: str, stages: set[str]) -> None:
    bundles = {stage: replace(bundle_of(stage, "arm64"), root=tmp_path) for stage in STAGES}
    for name in ("functions", "shared"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    before = {stage: bundle.digest() for stage, bundle in bundles.items()}
    with (tmp_path / file).open("ab") as stream:
        stream.write(b"\n# edited\n")
    assert {stage for stage, bundle in bundles.items() if bundle.digest() != before[stage]} == stages
