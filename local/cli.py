"""`reelwright`: make videos on this machine, or serve the whole system until Ctrl-C.

Touches what the commands touch; exit status 0 done, 1 the generation or the machine failed, 2 bad input, 128
and the signal's number when it was stopped by one (130 for Ctrl-C).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from local.client import exit_status, options
from local.client.exit_status import DONE, FAILED, UNWRITTEN
from local.processes import surroundings


def run() -> NoReturn:
    """Run the command line as a process of its own, and end it with the exit status."""
    try:
        exit_status.listen()
        for stream in (sys.stdout, sys.stderr):
            exit_status.make_writable(stream)
        status = main(environment=surroundings.shut_out())
    except exit_status.Stopped as stop:
        status = exit_status.tell(stop.words, stop.status)
    except SystemExit as leaving:
        # The help, the version, or a command line that cannot be understood.
        status = leaving.code if isinstance(leaving.code, int) else DONE
    # What is left to do is Python's: it must neither hang nor be cut short.
    exit_status.end_within(exit_status.PATIENCE, status)
    for number in exit_status.STOPS:
        signal.signal(number, signal.SIG_IGN)
    if not exit_status.flush(sys.stdout) and status == DONE:
        status = exit_status.tell(UNWRITTEN, FAILED)
    exit_status.flush(sys.stderr)
    sys.exit(status)


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run the command line and return the exit status; live providers are configured by `environment`."""
    namespace = options.parser().parse_args(arguments)
    # Whoever asks for help, or mistypes an option, need not wait for what the commands import.
    from local import commands

    return commands.run(namespace, environment)


if __name__ == "__main__":
    run()
