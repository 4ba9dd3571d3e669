"""How much memory this process and all that it has started hold, looked at while something goes on.

Reads /proc; there is no figure where there is none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

PROC = Path("/proc")


@contextmanager
def watching(every: float) -> Generator[list[tuple[float, float]]]:
    """Yield a list that grows by the MB of this process and of its children, every so many seconds."""
    rows = [megabytes()]
    over = threading.Event()

    def look() -> None:
        while not over.wait(every):
            rows.append(megabytes())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield rows
    finally:
        over.set()
        thread.join()


def megabytes() -> tuple[float, float]:
    """Return the MB that this process has to itself, and those of all that it has started together."""
    return _private(os.getpid()), sum(map(_private, descendants()))


def descendants() -> list[int]:
    """Return the processes that this one has started, and those that they have."""
    parents = {int(file.parent.name): _parent(file) for file in PROC.glob("[0-9]*/stat")}
    return [pid for pid in parents if _descends(pid, os.getpid(), parents)]


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        # It has ended meanwhile.
        return 0


def _private(pid: int) -> float:
    """Return the MB of a process that no other holds; forked ones share what they have not changed."""
    try:
        rows = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) for row in rows if row.startswith(("Private_Clean:", "Private_Dirty:"))) / 1024
