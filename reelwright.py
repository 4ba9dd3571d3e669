"""The one name that an installation puts on Python's path: it makes the packages beside it importable.

Touches the module path, and starts Python anew where the user's folders come before the standard library on it.
"""

from __future__ import annotations

import os
import sys

# The packages of the project have common names: a stranger's `local` or `random` must not be taken for what is meant.
HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib would be imported from a stranger
# What of the user's environment changes which modules Python finds.
PATHS = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME")


def main() -> None:
    """Run the command line, and end with its exit status, in a Python that looks in no folder of the user's."""
    if not sys.flags.safe_path or "PYTHONPATH" in os.environ:
        rest = {name: value for name, value in os.environ.items() if name not in PATHS}
        os.execve(sys.executable, [sys.executable, "-P", os.path.abspath(__file__), *sys.argv[1:]], rest)  # noqa: PTH100
    import signal

    # Nothing is started yet, and there is nothing to tell of: until the command listens itself, Ctrl-C just ends it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path.insert(0, HERE)
    from local.cli import run

    run()


if __name__ == "__main__":
    main()
