"""A public class has a name of its own, and what is imported comes from the module that defines it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("functions", "shared", "local", "cdk")
# What each stage's handler needs is named alike in all of them.
CONVENTIONS = frozenset({"Deps"})
# The one vocabulary of failure: its kinds are read from it, wherever the file that holds them is.
FACADES = frozenset({"shared.errors"})


def trees() -> dict[str, ast.Module]:
    """Our own modules by their dotted names; packages that npm brings lie below one of the folders, too."""
    paths = (path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    own = (path for path in paths if not {"node_modules", "cdk.out"} & set(path.parts))
    return {".".join(path.with_suffix("").parts): ast.parse((ROOT / path).read_text("utf-8")) for path in own}


def repeated_classes(modules: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """The public classes whose name stands in several modules, with those modules."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for module, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    return {name: where for name, where in places.items() if len(where) > 1 and name not in CONVENTIONS}


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str, str]]:
    """The module, the name in it and the name here of each `from module import name`."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name, alias.asname or alias.name) for alias in node.names)


def borrowed_imports(modules: Mapping[str, ast.Module], readers: Mapping[str, ast.Module]) -> list[str]:
    """The imports of `readers` that take from one of `modules` what that only imports itself."""
    passed_on = {module: {here: origin for origin, _, here in _imports(tree.body)} for module, tree in modules.items()}
    return [
        f"{reader}: {name} from {module}, which has it from {passed_on[module][name]}"
        for reader, tree in readers.items()
        for module, name, _ in _imports(ast.walk(tree))
        if module not in FACADES and name in passed_on.get(module, {})
    ]


def test_no_two_public_classes_share_a_name() -> None:
    assert repeated_classes(trees()) == {}


def test_a_name_is_imported_from_the_module_that_defines_it() -> None:
    modules = trees()
    tests = {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in ROOT.glob("tests/**/*.py")}
    assert borrowed_imports(modules, {**modules, **tests}) == []


def test_what_breaks_the_rules_is_named() -> None:
    owner = ast.parse("class Run: ...\nclass _Own: ...")
    lender = ast.parse("from a import Run\nclass _Own: ...\nclass Deps: ...")
    assert repeated_classes({"a": owner, "b": owner, "c": lender, "d": lender}) == {"Run": ["a", "b"]}
    reader = {"e": ast.parse("from b import Run"), "f": ast.parse("from a import Run")}
    assert borrowed_imports({"a": owner, "b": lender}, reader) == ["e: Run from b, which has it from a"]
