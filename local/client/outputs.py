"""Where results go: their names, what must hold of the folder before anything is bought, and how they get there.

Touches the output folder, and a folder of kept results where the output folder cannot be written to after all.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from local.processes.file_names import NAME_LIMIT, UNNAMED
from shared.errors import InvalidRequest

# What a film of a minute with its pictures takes at most, in bytes, with room to spare.
ROOM = 64 << 20
STAGING = ".reelwright-"


def shorten(name: str, folder: Path, endings: Iterable[str]) -> str:
    """Return `name`, cut so that with the longest of `endings` it is a file name that `folder` takes."""
    room = _name_limit(folder) - max(len(ending.encode()) for ending in endings)
    return name.encode()[:room].decode(errors="ignore").rstrip() or UNNAMED


def _name_limit(folder: Path) -> int:
    there = next((place for place in (folder, *folder.absolute().parents) if place.is_dir()), Path("/"))
    try:
        return os.pathconf(there, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):
        return NAME_LIMIT


def check(files: Sequence[Path], folder: Path, room: int = ROOM) -> None:
    """Try the names in the folder; raise InvalidRequest when results could not be put there.

    They take at most `room` bytes. A folder that is not there is made only for that: what is refused leaves nothing.
    """
    try:
        with _made_for_now(folder), staging(folder) as trial:
            for file in files:
                (trial / file.name).touch()
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise InvalidRequest(
            f"{folder}: nothing can be written there ({error.strerror}); choose another --out."
        ) from None
    if free < room:
        raise InvalidRequest(
            f"{folder}: only {free >> 20} MB are free and {room >> 20} are needed; choose another --out."
        )


@contextlib.contextmanager
def _made_for_now(folder: Path) -> Generator[None]:
    new_folders = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    finally:
        for place in new_folders:
            with contextlib.suppress(OSError):
                place.rmdir()


@contextlib.contextmanager
def staging(folder: Path) -> Generator[Path]:
    """Give a folder within `folder`, which is made where there is none, for the length of the block; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder) as name:
        yield Path(name)


def check_free(files: Sequence[Path], *, force: bool) -> None:
    """Raise InvalidRequest when a result would replace a folder, or a file that the user did not offer by `force`."""
    folder = next((file for file in files if file.is_dir()), None)
    if folder:
        raise InvalidRequest(f"{folder} is a folder where a result would go; choose another folder with --out.")
    there = next((file for file in files if os.path.lexists(file)), None)
    if there and not force:
        raise InvalidRequest(f"{there} is there already; replace it with --force, or choose another folder with --out.")


def places(first_choice: Path) -> Iterator[Path]:
    """Yield the folders to try for results: the wanted one, then such that outlive this process; OSError skips one.

    A folder that was made for it and stays empty is removed when the next is asked for.
    """
    yield first_choice
    data = Path(os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser())
    for parent in (data / "reelwright" / "kept", Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            parent.mkdir(parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix="reelwright-kept-", dir=parent))
            yield place
            place.rmdir()


def put(staging: Path, folder: Path, *, force: bool) -> None:
    """Move the files of `staging`, a folder of the same file system, to `folder`: all of them, or none when one cannot.

    What they replace stays until the last one is in its place. Raises OSError; without `force` nothing that is there
    is replaced, and a folder never is.
    """
    files = sorted(staging.iterdir())
    for file in files:
        _write_through(file)
    old_files = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    try:
        with ExitStack() as undo:
            for file in files:
                _place(file, folder / file.name, old_files / file.name if force else None, undo)
            undo.pop_all()
        shutil.rmtree(old_files, ignore_errors=True)
    finally:
        # Holds what could not be put back, if that is so; then it stays.
        with contextlib.suppress(OSError):
            old_files.rmdir()
    with contextlib.suppress(OSError):
        # Not every file system can write a folder through.
        _write_through(folder)


def _place(file: Path, target: Path, aside: Path | None, undo: ExitStack) -> None:
    """Put a file in its place, and what it replaces `aside`; `undo` gets what brings the target back to what it was."""
    if aside and os.path.lexists(target):
        if target.is_dir() and not target.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        undo.callback(_put_back, aside, target)
        _keep(target, aside)
    else:
        # Fails when there is a file, one made since the check included; then it is only our own that is replaced.
        with target.open("xb"):
            undo.callback(target.unlink, missing_ok=True)
    file.replace(target)


def _keep(target: Path, aside: Path) -> None:
    try:
        # A second name for it: the first one is there all the time.
        os.link(target, aside, follow_symlinks=False)
    except OSError:
        target.rename(aside)


def _put_back(aside: Path, target: Path) -> None:
    if not os.path.lexists(aside):
        return
    try:
        aside.replace(target)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}; what was there is in {aside}", str(target)) from error
    # Two names of one file are left as they are.
    aside.unlink(missing_ok=True)


def _write_through(path: Path) -> None:
    """Have the disk hold what the path names; a full disk may say so only now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
