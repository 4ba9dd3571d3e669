"""`reelwright` in a process whose AWS endpoint goes away at the first line of standard input.

Touches what the command touches.
"""

from __future__ import annotations

import gc
import sys
import threading

from moto.server import ThreadedMotoServer

from local import cli, moto_server


def lose() -> None:
    sys.stdin.readline()
    for server in [thing for thing in gc.get_objects() if isinstance(thing, ThreadedMotoServer)]:
        moto_server.stop(server)


if __name__ == "__main__":
    threading.Thread(target=lose, daemon=True).start()
    sys.exit(cli.main())
