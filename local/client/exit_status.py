"""How the command ends: by a signal at any moment, on closed or narrow output streams, and never by hanging.

Touches this process's signal handlers and its standard streams; when it must be ended by force, what it has started and
the folder of its run.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from local.processes import runs
from local.processes.disk import FULL

DONE = 0
FAILED = 1
BAD_INPUT = 2
# Shells tell the signal that ended a command by its number above this.
SIGNALLED = 128
STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
# Seconds that stopping, or Python's own end, may take before this process is ended by force.
PATIENCE = 15.0
# Bytes of a file's name that are no UTF-8, as Python holds them, are shown as the letters that they mostly are.
LATIN = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}
# Why a port cannot be listened on, and what to do.
PORT_REASONS = {
    errno.EADDRINUSE: "The port is in use; choose another with --port.",
    errno.EACCES: "The port is kept for the system's own services; choose one from 1024 on with --port.",
}
UNWRITTEN = "Standard output could not be written to; what was made is in its folder all the same."
SAID = "interrupted; everything that was started is stopped."
SAID_BESIDE_SERVE = "interrupted; the cloud that is served goes on with what was started, which its page can cancel."


class Stopped(BaseException):
    """The user, or the system, asked the command to stop; `status`, and the `words`, tell so."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = SIGNALLED + number
        self.words = SAID


def listen() -> None:
    """Raise Stopped in the main thread at the first signal to stop; a second one, or patience, ends by force."""
    for number in STOPS:
        # `nohup` has the command ignore the end of its terminal.
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    for other in STOPS:
        signal.signal(other, _stop_at_once)
    end_within(PATIENCE, SIGNALLED + number)
    raise Stopped(number)


def _stop_at_once(number: int, _frame: FrameType | None) -> None:
    _end_by_force(SIGNALLED + number)


def end_within(seconds: float, status: int) -> None:
    """End this process with `status` by force unless it has ended by itself in `seconds`."""
    timer = threading.Timer(seconds, _end_by_force, [status])
    timer.daemon = True
    timer.start()


def _end_by_force(status: int) -> None:
    # Workers see the end of this process by themselves, but may write meanwhile to the folder that is removed here.
    for child in list(_descendants("self")):
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
    runs.close()
    os._exit(status)


def _descendants(process: int | str) -> Iterator[int]:
    """Yield the ids of all that a process has started, and of what those have, where the system lists them."""
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listing.read_text().split():
                yield int(child)
                yield from _descendants(child)


def reason(error: OSError) -> tuple[str, bool]:
    """Return what is said of an error of the system's, and whether the command line can mend it."""
    if error.errno in PORT_REASONS and error.filename is None:
        return PORT_REASONS[error.errno], True
    if error.errno in FULL:
        return runs.current().disk.sentence(error.filename), False
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part), False


def make_writable(stream: TextIO) -> None:
    """Have a stream write letters that its encoding lacks as escapes, instead of failing."""
    reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


def flush(stream: TextIO) -> bool:
    """Write out what a stream holds; return whether it could be, and let nothing be written to it later if not."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


def say(message: str) -> None:
    """Write a line to standard error, which may be closed, or belong to a terminal that is gone."""
    with contextlib.suppress(OSError, ValueError):
        print(message.translate(LATIN), file=sys.stderr, flush=True)


def note(message: str) -> None:
    """Say in what a result differs from what was asked for."""
    say(f"note: {message}")


def tell(message: str, status: int) -> int:
    """Say why a command ends, and return its exit status."""
    say(f"reelwright: {message}")
    return status
