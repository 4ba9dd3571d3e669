"""The recordings that the command line names: what may be read, and what comes through a pipe as a file.

Touches the files and pipes, and a temporary folder for what came through a pipe.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from local.client.options import STANDARD_INPUT
from local.processes import runs
from shared.errors import UnsupportedMedia, UserError
from shared.film.examine import Examined, examine_recording


def check(path: Path) -> None:
    """Raise UnsupportedMedia when the path names nothing that can be read."""
    if path.is_dir():
        raise UnsupportedMedia(f"{path}: this is a folder; name a recording.")
    if not path.exists():
        raise UnsupportedMedia(f"{path}: there is no such file.")
    if path.is_char_device() or path.is_block_device():
        # A terminal would be waited for, and some devices never end.
        raise UnsupportedMedia(f"{path}: this is no file; name a recording, or pipe one into standard input.")
    if not os.access(path, os.R_OK):
        raise UnsupportedMedia(f"{path}: the file may not be read.")


def as_file(path: Path, folder: Path) -> Path:
    """Return the path itself, or for a pipe the file in `folder` that all of it was written to."""
    # What standard input gives can be read once, even where it comes from a file.
    if stat.S_ISREG(path.stat().st_mode) and path != STANDARD_INPUT:
        return path
    copy = folder / path.name
    with path.open("rb") as source, copy.open("xb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return copy


def examine(file: Path, name: Path) -> Examined:
    """Return what the file holds; raise a UserError, which names `name`, when no video can be made of it."""
    try:
        with runs.temporary_files():
            return examine_recording(file)
    except UserError as error:
        raise type(error)(f"{name}: {error}") from error
