"""Compile the modules of a bundle for the Python that will run it, so that a new function need not.

Starts uv, which looks for an interpreter, and that interpreter; writes __pycache__ folders below the bundle.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path


class CompilingFailed(RuntimeError):
    """A module of a bundle does not compile."""


@cache
def interpreter(version: str) -> str:
    """Return the path of a CPython of `version` such as 3.14 on this machine, or an empty string; none is fetched."""
    arguments = ["python", "find", f"cpython@{version}", "--no-python-downloads", "--no-project", "--system"]
    process = subprocess.run([sys.executable, "-m", "uv", *arguments], capture_output=True, text=True, check=False)
    return process.stdout.strip() if process.returncode == 0 else ""


def add(folder: Path, python: str, root: str) -> None:
    """Compile each module below `folder` by the interpreter `python`, as it will lie below `root` when it runs.

    Raises CompilingFailed with the compiler's words. Python takes such a file without looking at its source: below
    /var/task nothing can be written, and the times of the files are those of the upload.
    """
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", root]
    # A fixed seed orders the constants of each module, so the same source gives the same bytes.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    process = subprocess.run(
        [python, "-B", "-m", "compileall", *options, str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise CompilingFailed(
            f"A module of the bundle does not compile: {(process.stdout + process.stderr).strip()[:500]}"
        )
