"""`reelwright` in a process whose AWS endpoint goes away at the first line of standard input.

Touches what the command touches.
"""

from __future__ import annotations

import gc
import sys
import threading

from local import cli
from local.cloud import EmbeddedCloud


def lose() -> None:
    sys.stdin.readline()
    for cloud in [thing for thing in gc.get_objects() if isinstance(thing, EmbeddedCloud)]:
        cloud._moto.close()  # pyright: ignore[reportPrivateUsage]


if __name__ == "__main__":
    threading.Thread(target=lose, daemon=True).start()
    sys.exit(cli.main())
