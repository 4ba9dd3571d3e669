"""What each archive holds: of our own code the modules that the function imports, and the data beside them.

Reads the sources' imports without running them; touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp

from cdk.bundles.bundling import ROOT, Bundle

PACKAGES = ("functions", "shared")
LOCK = "requirements.txt"
FFMPEG_LOCK = "locks/ffmpeg-layer.txt"
C2PA_LOCK = "locks/c2pa-layer.txt"
GPL = Path(__file__).with_name("GPL-3.0.txt")
FFMPEG_NOTICE = f"""This layer holds the wheel imageio-ffmpeg (BSD-2-Clause, https://github.com/imageio/imageio-ffmpeg)
with a build of ffmpeg that contains libx264 and other parts under the GNU General Public License, version 3 or later.
The functions run ffmpeg as a program of its own. Its source code: https://ffmpeg.org/download.html

{GPL.read_text(encoding="utf-8")}"""


def bundle_of(stage: str, architecture: str) -> Bundle:
    """Return what the archive of the function `stage` holds; what it lacks may change and its hash stays."""
    modules = modules_of(f"functions.{stage}.handler")
    files = {*map(_file_of, modules), *data_beside(modules)}
    sources = tuple(sorted(file.relative_to(ROOT).as_posix() for file in files))
    return Bundle(f"functions/{stage}/{LOCK}", architecture, sources)


def ffmpeg_bundle(architecture: str) -> Bundle:
    """Return what the layer with ffmpeg holds."""
    return Bundle(FFMPEG_LOCK, architecture, prefix="python", notice=FFMPEG_NOTICE)


def c2pa_bundle(architecture: str) -> Bundle:
    """Return what the layer holds by which videos are signed."""
    return Bundle(C2PA_LOCK, architecture, prefix="python")


def modules_of(entry: str) -> set[str]:
    """Return the module `entry` and what it imports of our own, at once or later, each with the packages it lies in."""
    modules = {entry, *_imports().find_upstream_modules(entry)}
    return {name for module in modules for name in _with_packages(module)}


def data_beside(modules: Iterable[str]) -> Iterator[Path]:
    """Yield the files that are no modules and lie in the packages of `modules`, or in folders of theirs.

    A module finds its data by its own place, so the data travels with the package. A lock is none.
    """
    for folder in {file.parent for file in map(_file_of, modules)}:
        for entry in folder.iterdir():
            if entry.is_dir() and not (entry / "__init__.py").exists() and entry.name != "__pycache__":
                yield from (file for file in entry.rglob("*") if file.is_file())
            elif entry.is_file() and entry.suffix != ".py" and entry.name != LOCK:
                yield entry


@cache
def _imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)


def _with_packages(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _file_of(module: str) -> Path:
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
