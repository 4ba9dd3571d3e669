"""Tell where an HTTP request ends, and read its body as far as it is wanted.

Touches the stream of a WSGI environment.
"""

from __future__ import annotations

import io
from http import HTTPStatus
from http.client import HTTPMessage
from typing import Any

Environ = dict[str, Any]

BODY = "reelwright.body"


class HttpError(Exception):
    """The request is no proper HTTP, or not for this server."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check_framing(headers: HTTPMessage) -> None:
    """Raise HttpError when it is not certain where the request ends, or whom it is for."""
    lengths = headers.get_all("Content-Length", [])
    codings = headers.get_all("Transfer-Encoding", [])
    if len(headers.get_all("Host", [])) != 1:
        raise HttpError(HTTPStatus.BAD_REQUEST, "A request names one host.")
    if len(lengths) + len(codings) > 1:
        raise HttpError(HTTPStatus.BAD_REQUEST, "A request has one length, or is chunked.")
    if any(not (length.isascii() and length.isdigit()) for length in lengths):
        raise HttpError(HTTPStatus.BAD_REQUEST, "The length of the body is no number of bytes.")
    if any(coding.lower() != "chunked" for coding in codings):
        raise HttpError(HTTPStatus.NOT_IMPLEMENTED, "The only transfer coding is chunked.")


def read_body(environ: Environ, most: int | None = None) -> bytes:
    """Return the request's body, of which at most `most` bytes are read.

    Raises HttpError when it ends early, or its chunks are malformed, and TimeoutError when it never comes.
    """
    stream: Any = environ["wsgi.input"]
    is_chunked = bool(environ.get("wsgi.input_terminated"))
    length = None if is_chunked else int(environ.get("CONTENT_LENGTH") or 0)
    limit = most if length is None else length if most is None else min(length, most)
    try:
        body: bytes = stream.read(-1 if limit is None else limit)
    except (TimeoutError, ConnectionError):
        raise
    except (OSError, ValueError) as error:
        raise HttpError(HTTPStatus.BAD_REQUEST, "The chunks of the body are malformed.") from error
    if limit is not None and not is_chunked and len(body) < limit:
        raise HttpError(HTTPStatus.BAD_REQUEST, "The body is shorter than its length says.")
    return body


def body_of(environ: Environ) -> bytes:
    """Return the whole body and leave it to be read again. Raises what `read_body` raises."""
    put_body(environ, environ[BODY] if BODY in environ else read_body(environ))
    return environ[BODY]


def put_body(environ: Environ, body: bytes) -> None:
    """Let the application read `body`, whatever was sent."""
    for name in ("wsgi.input_terminated", "HTTP_TRANSFER_ENCODING"):
        environ.pop(name, None)
    environ.update({BODY: body, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)})


def head_of(environ: Environ, size: int) -> bytes:
    """Return the first `size` bytes of the body, all of which can still be read. Raises what `read_body` raises."""
    if BODY in environ or environ.get("wsgi.input_terminated"):
        return body_of(environ)[:size]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    head = read_body(environ, size)
    environ["wsgi.input"] = io.BufferedReader(_Rejoined(head, environ["wsgi.input"], length))
    return head


class _Rejoined(io.RawIOBase):
    """A body of `length` bytes whose `head` was read already."""

    def __init__(self, head: bytes, rest: Any, length: int) -> None:
        self._head = memoryview(head)
        self._rest = rest
        self._remaining = length - len(head)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the head, then from the rest, and never beyond the end of the body."""
        room = memoryview(buffer)
        if self._head:
            size = min(len(room), len(self._head))
            room[:size] = self._head[:size]
            self._head = self._head[size:]
            return size
        size = self._rest.readinto(room[: min(len(room), self._remaining)]) if self._remaining else 0
        self._remaining -= size
        return size
