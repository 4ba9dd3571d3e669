"""Serve HTTP on loopback quietly: the base of the gateway, of the Lambda Runtime API and of the emulators.

Touches one listening socket on 127.0.0.1 and the threads that serve it.
"""

import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class QuietServer(ThreadingHTTPServer):
    """An HTTP server that serves in the background once `serve` was called."""

    daemon_threads = True
    # So many clients may knock at the same moment; the library's 5 makes the others wait, or turns them away.
    request_queue_size = 256

    def __init__(self, port: int, handler: "type[QuietHandler]") -> None:
        """Listen on `port`, 0 for any free one. Raises OSError when it is taken."""
        super().__init__(("127.0.0.1", port), handler)

    def serve(self) -> None:
        """Serve in a thread until `shutdown`."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about a client that gives up, or is killed, in the middle of a reply."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class QuietHandler(BaseHTTPRequestHandler):
    """A conversation of a `QuietServer`; it logs nothing."""

    protocol_version = "HTTP/1.1"
    # One write per reply: headers and body in two packets would wait for the client's delayed ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    @property
    def content_length(self) -> int:
        """The request's length in bytes."""
        return int(self.headers.get("Content-Length") or 0)

    def reply(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Send a whole reply."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
