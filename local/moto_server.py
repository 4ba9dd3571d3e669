"""Start moto's server on loopback, quick to answer and gone without a trace.

Touches one port on 127.0.0.1.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportPrivateUsage=false
# moto ships no types, and its server's socket is a private attribute.

import socket
from collections.abc import Callable
from functools import cache
from typing import Any

from moto import backends
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import MotoRequestHandler
from moto.server import ThreadedMotoServer

_original_modules = backends.list_of_moto_modules


def start(port: int, around: Callable[[Any], Any]) -> ThreadedMotoServer:
    """Return an empty, running server on `port`, 0 for any; `around` wraps its WSGI application.

    Raises OSError when the port is taken.
    """
    moto_api_backend.reset()
    _check_free(port)
    # moto reads a folder of its own at every request, to see whether the host is one of its services.
    backends.list_of_moto_modules = cache(_modules)
    # Without this every reply waits 40 ms for the client's delayed ACK.
    MotoRequestHandler.disable_nagle_algorithm = True
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    if server._server:
        server._server.app = around(server._server.app)
    return server


def _modules() -> tuple[str, ...]:
    return tuple(_original_modules())


def stop(server: ThreadedMotoServer) -> None:
    """Stop the server and close the listening socket, which moto leaves open."""
    server.stop()
    if server._server:
        server._server.server_close()


def _check_free(port: int) -> None:
    # moto's server dies in its thread when the port is taken, and its starter waits forever.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
