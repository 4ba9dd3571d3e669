"""Requests and responses as values, and how they come from and go to a WSGI server.

Touches the streams of the WSGI environment that it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.http.body import Environ, read_body

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# The headers as they were sent, in the environment.
HEADERS = "reelwright.headers"
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(frozen=True)
class HttpRequest:
    """One HTTP request, its path as it was sent."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return the last value of a header by any case of its name, or an empty string."""
        values = [value for key, row in self.headers.items() if key.lower() == name.lower() for value in row]
        return values[-1] if values else ""


@dataclass(frozen=True)
class Response:
    """What the client gets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def read_request(environ: Environ, most: int | None = None) -> HttpRequest:
    """Return the whole request, with at most `most` bytes of its body. Raises what `read_body` raises."""
    raw: str = environ["RAW_URI"]
    path, _, query = raw.partition("?")
    headers: HTTPMessage = environ[HEADERS]
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        # A client of a proxy writes the whole address.
        path=path if path.startswith("/") else urlsplit(path).path,
        query=parse_qs(query, keep_blank_values=True),
        headers={name: headers.get_all(name, []) for name in headers},
        body=read_body(environ, most),
    )


def respond(environ: Environ, start_response: StartResponse, response: Response) -> Iterable[bytes]:
    """Send a whole response; to HEAD everything but the body."""
    headers = list(response.headers)
    if response.status not in BODILESS:
        headers.append(("Content-Length", str(len(response.body))))
    start_response(f"{response.status} {_phrase(response.status)}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" or response.status in BODILESS else [response.body]


def application(answer: Callable[[HttpRequest], Response], most: int | None = None) -> Application:
    """Return the WSGI application that answers by `answer`, which sees at most `most` bytes of a body."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return respond(environ, start_response, answer(read_request(environ, most)))

    return serve


def text_response(status: int, message: str) -> Response:
    """Return a sentence as plain text."""
    return Response(status, (("Content-Type", "text/plain; charset=utf-8"),), f"{message}\n".encode())


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
