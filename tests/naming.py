"""Check that names say what they are: no bare participle (`found`, `kept`), and no `a, b = x, y` to save a line.

Reads the program's own source files and the tests, and prints what breaks the rule; exit status 1 when anything does.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
ROOMS = ("functions", "shared", "local", "cdk", "bench", "tests", "reelwright.py")
# Participles that do not end in -ed. What is also a present tense (put, read, set) may be a verb, and is not here.
IRREGULAR = re.compile(
    r"been|begun|bent|bound|bought|broken|brought|built|caught|chosen|come|done|drawn|driven|fallen|fed"
    r"|felt|found|given|gone|got|grown|heard|held|hidden|hung|kept|known|laid|lent|lit|lost|made|meant|met"
    r"|one|ones|paid|ridden|risen|said|seen|sent|shown|slept|sold|spent|spoken|stood|stolen|struck|sung"
    r"|sworn|taken|taught|thought|thrown|told|torn|understood|woken|won|worn|written"
)
# Words that only look like participles.
NOUNS = re.compile(r"bed|bleed|breed|deed|embed|exceed|feed|hundred|indeed|need|proceed|reed|seed|shed|speed|weed")
# Attributes of the API, by which clients know them; one of moto's; and the side of a picture.
ALLOWED = frozenset({"charged", "degraded", "disposed", "left", "started", "undecided"})


class Fault(NamedTuple):
    """A place in a file (line from 1), and what is wrong there."""

    file: Path
    line: int
    words: str


def is_bare_participle(name: str) -> bool:
    """Return whether `name` is one word that says what happened to something, and not what it is."""
    word = name.strip("_")
    if not word.islower() or "_" in word or word in ALLOWED or NOUNS.fullmatch(word):
        return False
    return bool(IRREGULAR.fullmatch(word)) or (word.endswith("ed") and len(word) > len("red"))


def names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name that the module gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name, node.lineno
            case _:
                pass


def joint_assignments(tree: ast.Module) -> Iterator[int]:
    """Yield the line of each assignment of several values to as many names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            yield from (node.lineno for target in node.targets if isinstance(target, ast.Tuple))


def faults(file: Path) -> Iterator[Fault]:
    """Yield what breaks the rule in `file`; a name once, where it is first given."""
    tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
    first: dict[str, int] = {}
    for name, line in names(tree):
        first[name] = min(line, first.get(name, line))
    for name, line in first.items():
        if is_bare_participle(name):
            yield Fault(file, line, f"`{name}` is a bare participle: name the thing, or the act")
    for line in joint_assignments(tree):
        yield Fault(file, line, "several assignments in one: give each its own line")


def files() -> Iterator[Path]:
    """Yield the modules of the program and of its tests."""
    for room in ROOMS:
        path = ROOT / room
        yield from (path,) if path.is_file() else sorted(path.rglob("*.py"))


def main() -> int:
    """Print each fault with its place; return 1 when there is any."""
    wrong = [fault for file in files() if "node_modules" not in file.parts for fault in faults(file)]
    for fault in wrong:
        print(f"{fault.file.relative_to(ROOT)}:{fault.line}: {fault.words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
