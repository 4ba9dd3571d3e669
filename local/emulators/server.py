"""Carry an emulator's HTTP conversation: parse a request, ask the emulator, send its reply.

Touches one listening socket on 127.0.0.1 and the threads that serve it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from local.emulators.faults import SLOW, Fault, FaultBook
from local.emulators.ledger import Ledger
from local.emulators.messages import EmulatorReply, EmulatorRequest, HangUpError
from local.http.body import Environ
from local.http.messages import Response, StartResponse, read_request, respond
from local.http.server import Server, hang_up
from local.shelf.shelf import Shelf


class Emulator:
    """A service on loopback: start it, point an SDK at `url`, stop it."""

    def __init__(self, kinds: Mapping[str, frozenset[str]], port: int = 0, sales: Shelf | None = None) -> None:
        """`kinds` are the faults it can show, by moment; port 0 means any free one; `sales` keeps the ledger."""
        self.faults = FaultBook(kinds)
        self.ledger = Ledger(sales)
        # Told of each request of the service, before and after it is answered; may raise HangUpError.
        self.listeners: list[Callable[[EmulatorRequest, bool], None]] = []
        self._port = port
        self._stopping = threading.Event()
        self._server: Server | None = None
        # What the bearer of a request to the emulator's own controls must show.
        self.control_key = secrets.token_urlsafe(32)

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        self._stopping.clear()
        self._server = Server(self._port, self._serve)
        self._server.serve()
        return self

    def stop(self) -> None:
        """Stop serving and drop every open connection; harmless when not running."""
        self._stopping.set()
        if self._server:
            self._server.close()
            # An idle client would outlive it.
            self._server.drop_connections()
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
        return self._server.url

    def answer(self, request: EmulatorRequest) -> EmulatorReply:
        """Return what the service replies. Raises HangUpError to reply nothing."""
        raise NotImplementedError

    def reply_to(self, request: EmulatorRequest) -> EmulatorReply:
        """Return the reply to any request: the emulator's own controls first, the service after."""
        control = _CONTROLS.get((request.method, request.path))
        if control:
            return control(self, request) if self._may_control(request) else _NO_CONTROL
        self._tell(request, False)
        reply = self.answer(request)
        self._tell(request, True)
        return reply

    def _may_control(self, request: EmulatorRequest) -> bool:
        return hmac.compare_digest(request.bearer.encode(), self.control_key.encode())

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return respond(environ, start_response, _as_response(self.reply_to(_read(environ))))
        except HangUpError:
            hang_up(environ)

    def _tell(self, request: EmulatorRequest, is_answered: bool) -> None:
        for listener in list(self.listeners):
            listener(request, is_answered)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the emulator's own end. Raises HangUpError when that comes first."""
        if self._stopping.wait(seconds):
            raise HangUpError

    def due(self, where: str, prompt: str) -> Fault | None:
        """Return the next fault that is not a delay, after serving one delay that is due too."""
        slow = self.faults.take(where, prompt, {SLOW})
        if slow:
            self.pause(slow.seconds)
        return self.faults.take(where, prompt, self.faults.kinds_at(where) - {SLOW})


_NO_CONTROL = EmulatorReply(401, {"error": "The controls of a stand-in want its control key as a bearer token."})


def _add_faults(emulator: Emulator, request: EmulatorRequest) -> EmulatorReply:
    try:
        emulator.faults.add(Fault.from_json(request.json()))
    except ValueError as error:
        return EmulatorReply(400, {"error": str(error)})
    return EmulatorReply(200, {})


def _clear_faults(emulator: Emulator, _: EmulatorRequest) -> EmulatorReply:
    emulator.faults.clear()
    return EmulatorReply(200, {})


def _show_ledger(emulator: Emulator, _: EmulatorRequest) -> EmulatorReply:
    return EmulatorReply(200, emulator.ledger.as_json())


_CONTROLS = {
    ("POST", "/_faults"): _add_faults,
    ("DELETE", "/_faults"): _clear_faults,
    ("GET", "/_ledger"): _show_ledger,
}


def _read(environ: Environ) -> EmulatorRequest:
    whole = read_request(environ)
    headers = {name.lower(): ",".join(values) for name, values in whole.headers.items()}
    return EmulatorRequest(whole.method, whole.path, headers, whole.body)


def _as_response(reply: EmulatorReply) -> Response:
    headers = {"Content-Type": "application/json; charset=UTF-8", **reply.headers}
    return Response(reply.status, tuple(headers.items()), json.dumps(reply.body).encode())
