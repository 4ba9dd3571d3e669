"""Stand between the SDKs and moto, and show on order how AWS's own services fail.

Touches the requests to moto's server, in its threads; a request that no fault waits for passes untouched.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple
from urllib.parse import unquote

from local.emulators.aws.refusals import CONDITIONAL, CONFLICT, ERRORS, refusal
from local.emulators.faults import SLOW, FaultBook
from local.http import aws_wire as wire
from local.http.body import Environ, body_of
from local.http.messages import Application, StartResponse
from local.http.server import hang_up

HANG_UP = "hang_up"
HANG_UP_AFTER = "hang_up_after"


class ObservedRequest(NamedTuple):
    """One request: `text` is its operation or method, path and body; `is_answered` whether moto has served it.

    `caller` is the access key id, which is a function's name; `trace` is the function's invocation, "" for others.
    """

    service: str
    caller: str
    trace: str
    text: str
    is_answered: bool


# It may raise ConnectionError, which hangs up.
Listener = Callable[[ObservedRequest], None]


# What another transaction of the same item is in the way of.
_WRITES = ("PutItem ", "UpdateItem ", "DeleteItem ", "TransactWriteItems ")
KINDS = {service: frozenset({*errors, SLOW, HANG_UP, HANG_UP_AFTER}) for service, errors in ERRORS.items()}
_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/[^/]+/([a-z0-9-]+)/aws4_request")
_TRACE = re.compile(r"Root=([0-9a-f-]+)")


class AwsFaults:
    """The faults that are due, and whoever listens to the requests."""

    def __init__(self) -> None:
        self.faults = FaultBook(KINDS)
        self.listeners: list[Listener] = []
        self._closing = threading.Event()
        # moto looks at a condition and writes in two steps; DynamoDB does both at once.
        self._one_write = threading.Lock()
        # moto fails when a key goes while keys are listed.
        self._one_look = threading.Lock()

    def close(self) -> None:
        """End every delay."""
        self._closing.set()

    def around(self, application: Application) -> Application:
        """Return the WSGI application that shows the faults and hands the rest to `application`."""

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            caller, service = _signer(environ)
            if service not in KINDS:
                return application(environ, start_response)
            request = ObservedRequest(service, caller, _trace(environ), _text(environ), is_answered=False)
            return self._serve(request, application, environ, start_response)

        return serve

    def _serve(
        self, request: ObservedRequest, application: Application, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        service = request.service
        text = request.text
        self._tell(environ, request)
        slow = self.faults.take(service, text, {SLOW})
        if slow:
            self._closing.wait(slow.seconds)
        fault = self.faults.take(service, text, _possible(request, environ))
        if fault is None or fault.kind == HANG_UP_AFTER:
            with self._alone(service, environ):
                answer = application(environ, start_response)
            self._tell(environ, request._replace(is_answered=True))
            return answer if fault is None else hang_up(environ)
        if fault.kind == HANG_UP:
            return hang_up(environ)
        answer = refusal(service, fault.kind, body_of(environ))
        return wire.refuse(service, answer, environ, start_response)

    def _alone(self, service: str, environ: Environ) -> AbstractContextManager[object]:
        """Return what keeps others waiting while moto serves a request that it must serve alone."""
        if service == "dynamodb":
            return self._one_write
        is_look = environ.get("QUERY_STRING", "").startswith(("versions", "delete", "list-type"))
        is_alone = is_look or environ["REQUEST_METHOD"] == "DELETE"
        return self._one_look if service == "s3" and is_alone else nullcontext()

    def _tell(self, environ: Environ, request: ObservedRequest) -> None:
        for listener in list(self.listeners):
            try:
                listener(request)
            except ConnectionError:
                hang_up(environ)


def _possible(request: ObservedRequest, environ: Environ) -> frozenset[str]:
    """Return the kinds of fault by which AWS may answer: a condition fails where there is one, a write in a conflict.

    A transaction is cancelled instead of a condition's failure, for reasons that moto names by itself.
    """
    is_conditional = b'"ConditionExpression"' in body_of(environ) and not request.text.startswith("Transact")
    impossible = {SLOW, *(() if is_conditional else (CONDITIONAL,))}
    impossible |= set() if request.text.startswith(_WRITES) else {CONFLICT}
    return KINDS[request.service] - impossible


def _signer(environ: Environ) -> tuple[str, str]:
    """Return the access key id and the service of a request, empty when it is not signed."""
    # A presigned request carries its scope in the query, a signed one in a header.
    signature = environ.get("HTTP_AUTHORIZATION") or unquote(environ.get("QUERY_STRING", ""))
    match = _SCOPE.search(signature)
    return (match[1], match[2]) if match else ("", "")


def _trace(environ: Environ) -> str:
    match = _TRACE.search(environ.get("HTTP_X_AMZN_TRACE_ID", ""))
    return match[1] if match else ""


def _text(environ: Environ) -> str:
    """Return what a fault's `match` is looked for in; the body can be read again."""
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2] or environ["REQUEST_METHOD"]
    path = unquote(environ.get("PATH_INFO", ""))
    body = body_of(environ)
    # Media has no words to match.
    words = "" if path.endswith((".mp4", ".flac")) else body[:20_000].decode(errors="replace")
    return f"{operation} {path} {words}"
