"""Serve HTTP on loopback by werkzeug's server: the base of moto, the gateway, the runtime API and the emulators.

Touches one listening socket on 127.0.0.1 and the threads that serve it. What `local.http.wall` refuses goes no further.
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPMessage
from typing import Any, NoReturn, cast

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from local.http import wall
from local.http.body import Environ, HttpError, check_framing
from local.http.messages import HEADERS, Application, StartResponse, respond, text_response

# Seconds that a client may keep a thread waiting for its next byte.
PATIENCE = 30.0
# So many clients may knock at the same moment; fewer would wait, or be turned away.
QUEUE = 256


class Handler(WSGIRequestHandler):
    """A conversation of a `Server`; it logs nothing."""

    protocol_version = "HTTP/1.1"
    # One write per reply: headers and body in two packets would wait for the client's delayed ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Let no client hold a thread for ever."""
        super().setup()
        self.connection.settimeout(cast(Server, self.server).patience)

    def make_environ(self) -> Environ:
        """Return the WSGI environment, with the headers as they were sent."""
        # The leave to send a body, which `run_wsgi` has just written: boto3 would wait a second for it at each upload.
        self.wfile.flush()
        return {**super().make_environ(), HEADERS: self.headers}

    def handle_expect_100(self) -> bool:
        """Leave it to `run_wsgi`, which tells the client to go on; the base would tell it twice."""
        return True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep quiet."""


class Server(ThreadedWSGIServer):
    """An HTTP server on loopback that serves in the background once `serve` was called."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        application: Application,
        *,
        origins: Collection[str] = (),
        embeddable: bool = False,
        handler: type[WSGIRequestHandler] = Handler,
        patience: float = PATIENCE,
    ) -> None:
        """Listen on `port`, 0 for any free one. Raises OSError when it is taken.

        Pages of `origins` may send requests, to which more can be added; `patience` is in seconds.
        """
        self.origins = set(origins)
        self.patience = patience
        self._embeddable = embeddable
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        # The library's own way of listening ends the whole program when the port is taken.
        with socket.create_server(("127.0.0.1", port), backlog=QUEUE) as listening:
            super().__init__("127.0.0.1", port, self._wrap(application), handler, fd=listening.fileno())
        # What is written to one end wakes the other.
        self._end, self._other_end = socket.socketpair()

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Serve in a thread until `close`."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port; harmless when called twice."""
        with suppress(OSError):
            self._end.send(b".")
        if self._thread.ident is not None:
            self._thread.join()
        for end in (self._end, self._other_end):
            end.close()
        self.server_close()

    def _accept(self) -> None:
        # The base looks twenty times a second whether it is to stop; a system has dozens of servers that mostly wait.
        with selectors.DefaultSelector() as selector:
            for source in (self, self._other_end):
                selector.register(source, selectors.EVENT_READ)
            while self._other_end not in {key.fileobj for key, _ in selector.select()}:
                cast(Any, self)._handle_request_noblock()

    def drop_connections(self) -> None:
        """End every conversation, also one whose client waits."""
        with self._guard:
            for connection in self._open:
                # The client may have closed its end already; then there is nothing left to drop.
                _shut(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread, and remember it meanwhile."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is over."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about a client that gives up, or is killed, in the middle of a reply."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def _wrap(self, application: Application) -> Application:
        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            try:
                self._check(environ[HEADERS])
                return application(environ, start_response)
            except HttpError as error:
                return respond(environ, start_response, text_response(error.status, str(error)))
            except TimeoutError:
                return respond(
                    environ, start_response, text_response(HTTPStatus.REQUEST_TIMEOUT, "The request never ended.")
                )

        return serve

    def _check(self, headers: HTTPMessage) -> None:
        check_framing(headers)
        why = wall.refusal(cast(Mapping[str, str], headers), self.port, self.origins, embeddable=self._embeddable)
        if why:
            raise HttpError(HTTPStatus.FORBIDDEN, why)


def hang_up(environ: Environ) -> NoReturn:
    """End the conversation; the client gets nothing more."""
    _shut(environ["werkzeug.socket"])
    # The server takes this for a client that went away, and keeps quiet.
    raise ConnectionAbortedError("hung up")


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
