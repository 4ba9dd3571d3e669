"""Folders, modules and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("functions", "shared", "local", "cdk", "bench")
# Lines, comments and docstrings included.
MODULE = 250
HANDLER = 60
FUNCTION = 40
# Nine of ten modules have no more.
MOST_MODULES = 180
# Files of a folder, by its path; what is data is none of a program's.
FOLDER = 20
SMALL_FOLDER = 12
SMALL_FOLDERS = ("shared", "local", "local/emulators", "local/store")
DATA = (".ttf", ".txt")


def modules() -> list[Path]:
    """Our own modules; packages that npm brings lie below one of the folders, too."""
    paths = (path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in paths if not {"node_modules", "cdk.out"} & set(path.parts)]


def too_long(path: Path, source: str) -> Iterator[str]:
    """What of a module is longer than it may be."""
    most = HANDLER if path.name == "handler.py" else MODULE
    lines = source.count("\n")
    if lines > most:
        yield f"{path}: {lines} lines of {most}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines of {FUNCTION}"


@pytest.mark.parametrize("path", modules(), ids=str)
def test_nothing_is_longer_than_it_may_be(path: Path) -> None:
    assert list(too_long(path, (ROOT / path).read_text(encoding="utf-8"))) == []


def overfull(paths: Iterable[Path]) -> dict[str, int]:
    """The folders that hold more files than they may, with how many they hold."""
    # A tool's own settings are hidden, and no file of the program.
    sources = (path for path in paths if path.suffix not in DATA and not path.name.startswith("."))
    counts = Counter(path.parent.as_posix() for path in sources)
    most = {folder: SMALL_FOLDER if folder in SMALL_FOLDERS else FOLDER for folder in counts}
    return {folder: count for folder, count in counts.items() if count > most[folder]}


def test_no_folder_holds_more_than_can_be_seen_at_once() -> None:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    own = (path.relative_to(ROOT) for path in files if not {"node_modules", "cdk.out", "__pycache__"} & set(path.parts))
    assert overfull(own) == {}
    assert overfull(Path("local", f"{n}.py") for n in range(13)) == {"local": 13}
    assert overfull(Path("cdk", f"{n}.py") for n in range(20)) == {}


def test_nine_of_ten_modules_are_short() -> None:
    lengths = sorted((ROOT / path).read_text(encoding="utf-8").count("\n") for path in modules())
    assert lengths[int(0.9 * len(lengths))] <= MOST_MODULES


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("core.py", "x = 1\n" * 251, "251 lines of 250"),
        ("handler.py", "x = 1\n" * 61, "61 lines of 60"),
        ("core.py", "def f():\n" + "    x = 1\n" * 40, "f has 41 lines of 40"),
        ("core.py", "class A:\n    async def g(self):\n" + "        x = 1\n" * 40, "g has 41 lines of 40"),
    ],
)
def test_what_is_too_long_is_named(name: str, source: str, words: str) -> None:
    (only,) = too_long(Path(name), source)
    assert words in only
