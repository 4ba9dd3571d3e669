"""Keep what a run writes for itself in one folder of this user's, and sweep what killed runs have left there.

Touches `reelwright-<user id>` in the folder for temporary files, which nobody else may read.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import IO, Any

from local.processes.disk import Disk

# Held by a living run; its lock ends with the process, however that ends.
LOCK = "lock"
# What a run tells this user's other commands: where it listens and by which keys.
CARD = "card.json"
PREFIX = "run-"
PRIVATE = 0o700


@dataclass(frozen=True)
class Run:
    """This process's folder, and the lock that says that it lives."""

    folder: Path
    lock: IO[str]

    @cached_property
    def disk(self) -> Disk:
        """The disk that the run's files are on."""
        return Disk(self.folder.parent.parent)

    def tell(self, card: Mapping[str, Any]) -> None:
        """Let this user's other commands find what is served here; `card` has its `port`."""
        path = self.folder / CARD
        new = path.with_suffix(".new")
        new.touch(0o600)
        new.write_text(json.dumps(card))
        new.replace(path)

    def close(self) -> None:
        """Remove the folder and give the lock back."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()


@cache
def current() -> Run:
    """Return this process's run, begun when it is first needed and over with the process.

    Raises OSError when the folder of this user's runs is not this user's alone, or its disk has no room for a run.
    """
    home = _home()
    Disk(home.parent).check_room()
    with (home / LOCK).open("w") as gate:
        # One at a time: a folder that is not locked yet would be taken for a dead run's.
        fcntl.flock(gate, fcntl.LOCK_EX)
        for leftover in home.glob(f"{PREFIX}*"):
            if not leftover.is_symlink() and not _lives(leftover):
                shutil.rmtree(leftover, ignore_errors=True)
        run = _begin(home)
    # A forked process has a copy of this one's memory; only this one may end the run.
    atexit.register(_end, run, os.getpid())
    return run


@contextlib.contextmanager
def temporary_files() -> Generator[None]:
    """Have code that knows nothing of runs make its temporary files in this run's folder, for the length of the block.

    The next run sweeps them if this one is killed. Raises OSError as `current` does.
    """
    usual = tempfile.gettempdir()
    tempfile.tempdir = str(current().folder)
    try:
        yield
    finally:
        tempfile.tempdir = usual


def _end(run: Run, process: int) -> None:
    if os.getpid() == process:
        run.close()


def close() -> None:
    """End this process's run, if one has begun."""
    if current.cache_info().currsize:
        current().close()


def folder(prefix: str) -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder for a `with` block, which the next run sweeps if this one is killed."""
    return tempfile.TemporaryDirectory(prefix=prefix, dir=current().folder)


def cards() -> Iterator[dict[str, Any]]:
    """Yield what this user's living runs tell. Raises OSError as `current` does."""
    for path in _home().glob(f"{PREFIX}*/{CARD}"):
        with contextlib.suppress(FileNotFoundError):
            if _lives(path.parent):
                yield json.loads(path.read_text())


def _home() -> Path:
    home = Path(tempfile.gettempdir()) / f"reelwright-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        home.mkdir(PRIVATE)
    status = home.lstat()
    # Anybody may have made it before us, in a folder where everybody may write.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise PermissionError(1, "not a folder of yours alone; remove it, or set TMPDIR to another place", str(home))
    return home


def _begin(home: Path) -> Run:
    run_folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    lock = (run_folder / LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return Run(run_folder, lock)


def _lives(run: Path) -> bool:
    try:
        with (run / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
