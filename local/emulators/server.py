"""Carry an emulator's HTTP conversation: parse a request, ask the emulator, send its reply.

Touches one listening socket on 127.0.0.1 and the threads that serve it.
"""

import json
import socket
import socketserver
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

from local.emulators.faults import SLOW, Fault, FaultBook
from local.emulators.ledger import Ledger
from local.http import QuietHandler, QuietServer

Json = dict[str, Any]


class HangUpError(Exception):
    """Close the connection and send nothing."""


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def bearer(self) -> str:
        """The bearer token, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def json(self) -> Json:
        """The body as a JSON object. Raises ValueError when it is anything else."""
        document: object = json.loads(self.body or b"{}")
        if not isinstance(document, dict):
            raise ValueError("the body is not a JSON object")
        return cast(Json, document)

    def form(self) -> dict[str, str]:
        """The body as an HTML form. Raises ValueError when it is not text."""
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """A status and a JSON body."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Emulator:
    """A service on loopback: start it, point an SDK at `url`, stop it."""

    def __init__(self, kinds: Mapping[str, frozenset[str]], port: int = 0) -> None:
        """`kinds` are the faults it can show, by moment; port 0 means any free one."""
        self.faults = FaultBook(kinds)
        self.ledger = Ledger()
        # Told of each request of the service, before and after it is answered; may raise HangUpError.
        self.listeners: list[Callable[[Request, bool], None]] = []
        self._port = port
        self._stopping = threading.Event()
        self._server: _Server | None = None

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        self._stopping.clear()
        self._server = _Server(self._port, self)
        self._server.serve()
        return self

    def stop(self) -> None:
        """Stop serving and drop every open connection; harmless when not running."""
        self._stopping.set()
        if self._server:
            self._server.shutdown()
            self._server.drop_connections()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end. Raises RuntimeError when not running."""
        if not self._server:
            raise RuntimeError(f"{type(self).__name__} is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request: Request) -> Reply:
        """What the service replies. Raises HangUpError to reply nothing."""
        raise NotImplementedError

    def reply_to(self, request: Request) -> Reply:
        """The reply to any request: the emulator's own controls first, the service after."""
        control = _CONTROLS.get((request.method, request.path))
        if control:
            return control(self, request)
        self._tell(request, False)
        reply = self.answer(request)
        self._tell(request, True)
        return reply

    def _tell(self, request: Request, answered: bool) -> None:
        for listener in list(self.listeners):
            listener(request, answered)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the emulator's own end. Raises HangUpError when that comes first."""
        if self._stopping.wait(seconds):
            raise HangUpError

    def due(self, where: str, prompt: str) -> Fault | None:
        """The next fault that is not a delay, after serving one delay that is due too."""
        slow = self.faults.take(where, prompt, {SLOW})
        if slow:
            self.pause(slow.seconds)
        return self.faults.take(where, prompt, self.faults.kinds_at(where) - {SLOW})


def _add_faults(emulator: Emulator, request: Request) -> Reply:
    try:
        emulator.faults.add(Fault.from_json(request.json()))
    except ValueError as error:
        return Reply(400, {"error": str(error)})
    return Reply(200, {})


def _clear_faults(emulator: Emulator, _: Request) -> Reply:
    emulator.faults.clear()
    return Reply(200, {})


def _show_ledger(emulator: Emulator, _: Request) -> Reply:
    return Reply(200, emulator.ledger.as_json())


_CONTROLS = {
    ("POST", "/_faults"): _add_faults,
    ("DELETE", "/_faults"): _clear_faults,
    ("GET", "/_ledger"): _show_ledger,
}


class _Server(QuietServer):
    """Remembers its open connections, because an idle keep-alive client would outlive `stop`."""

    def __init__(self, port: int, emulator: Emulator) -> None:
        self.emulator = emulator
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(port, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        with self._guard:
            for connection in self._open:
                # The client may have closed its end already; then there is nothing left to drop.
                if connection.fileno() >= 0:
                    _shut(connection)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(QuietHandler):
    def __init__(self, request: Any, client_address: Any, server: socketserver.BaseServer) -> None:
        self._emulator = cast(_Server, server).emulator
        super().__init__(request, client_address, server)

    def _serve(self) -> None:
        body = self.rfile.read(self.content_length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urllib.parse.urlsplit(self.path).path
        try:
            self._send(self._emulator.reply_to(Request(self.command, path, headers, body)))
        except HangUpError:
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        headers = {"Content-Type": "application/json; charset=UTF-8", **reply.headers}
        self.reply(reply.status, headers.items(), json.dumps(reply.body).encode())

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the names are the base class's
