"""How a child process runs a module of ours, whatever folder or variables this process was started with.

Reads this process's environment; touches nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `module`; its environment must come from `environment`."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment(own: Mapping[str, str] | None = None, root: Path = ROOT) -> dict[str, str]:
    """Return `own`, else this process's environment, with modules looked for in `root` and nowhere of the user's.

    The current folder is kept off the path by the command; nothing but `PYTHONPATH` puts another one before the
    standard library.
    """
    rest = {name: value for name, value in (os.environ if own is None else own).items() if name != "PYTHONHOME"}
    folders = dict.fromkeys([str(root), str(ROOT)])
    return {**rest, "PYTHONPATH": os.pathsep.join(folders)}
