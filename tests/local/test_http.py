"""The local gateway's HTTP at the wire: framing, sizes, slow clients and malformed replies of functions."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from local.apigateway.gateway import MAX_BODY, Gateway
from local.apigateway.proxy import proxy_response
from local.cloud import EmbeddedCloud
from local.http.messages import HttpRequest, Response, application
from local.http.server import Handler, Server
from tests.local import stack

MB = 1024 * 1024


def talk(port: int, *pieces: bytes, close: bool = True) -> bytes:
    """Send raw bytes and return everything that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for piece in pieces:
            connection.sendall(piece)
        if close:
            connection.shutdown(socket.SHUT_WR)
        parts: list[bytes] = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def head(port: int, method: str = "POST", path: str = "/v1/", *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *lines, "", ""]).encode()


def status(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1]) if reply else 0


@pytest.fixture(name="gateway", scope="module")
def gateway_of_the_small_cloud(small_cloud: EmbeddedCloud) -> Iterator[Gateway]:
    where = (stack.template(), small_cloud.resources, small_cloud.endpoint_url, small_cloud.keys)
    gateway = Gateway(*where, patience=0.5)
    yield gateway
    gateway.close()


@pytest.fixture(name="port", scope="module")
def port_of_the_gateway(gateway: Gateway) -> int:
    return int(gateway.url.split(":")[2].partition("/")[0])


@pytest.fixture(name="echo", scope="module")
def server_that_tells_the_body() -> Iterator[Server]:
    server = Server(0, application(lambda request: Response(200, (), request.body)), patience=0.5)
    server.serve()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello"),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    ],
)
def test_a_chunked_body_is_read(echo: Server, body: bytes, read: bytes) -> None:
    reply = talk(echo.port, head(echo.port, "POST", "/", "Transfer-Encoding: chunked"), body)
    assert (status(reply), reply.partition(b"\r\n\r\n")[2]) == (200, read)


@pytest.mark.parametrize(
    "body",
    [
        b"x\r\n",
        b"-5\r\nhello\r\n",
        b"5\r\nhelloworld\r\n0\r\n\r\n",
        b"5\r\nhel",
        b"\r\n",
        b"5;a=b\r\nhello\r\n0\r\n\r\n",
    ],
)
def test_a_malformed_chunk_is_a_bad_request(echo: Server, body: bytes) -> None:
    assert status(talk(echo.port, head(echo.port, "POST", "/", "Transfer-Encoding: chunked"), body)) == 400


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["Content-Length: -1"], 400),
        (["Content-Length: 1e3"], 400),
        (["Content-Length: 0x5"], 400),
        (["Content-Length: +5"], 400),
        (["Content-Length: 5, 5"], 400),
        (["Content-Length: "], 400),
        (["Content-Length: \u0665"], 400),
        (["Content-Length: 5", "Content-Length: 6"], 400),
        (["Content-Length: 5", "Transfer-Encoding: chunked"], 400),
        (["Transfer-Encoding: gzip, chunked"], 501),
        (["Transfer-Encoding: identity"], 501),
        (["Content-Length: 100"], 400),
    ],
)
def test_where_a_request_ends_is_never_guessed(port: int, lines: list[str], code: int) -> None:
    assert status(talk(port, head(port, "POST", "/v1/", *lines), b"hello")) == code


def test_a_chunked_request_reaches_its_function(port: int) -> None:
    chunks = b'8\r\n{"name":\r\n4\r\n"x"}\r\n0\r\n\r\n'
    reply = talk(port, head(port, "POST", "/v1/", "Transfer-Encoding: chunked"), chunks)
    # The root takes GET only, so API Gateway's answer is this, and not a bad request.
    assert (status(reply), b"Missing Authentication Token" in reply) == (403, True)


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it_at_once() -> None:
    server = Server(0, application(lambda request: Response(200, (), request.body)))
    server.serve()
    with closing(server), socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(head(server.port, "PUT", "/", "Expect: 100-continue", "Content-Length: 4"))
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"body")
        assert status(client.recv(65536)) == 200


def test_head_has_no_body(port: int, echo: Server) -> None:
    reply = talk(port, head(port, "HEAD", "/v1/nowhere"))
    assert (status(reply), reply.partition(b"\r\n\r\n")[2]) == (403, b"")
    assert b"Content-Length: 43" in reply
    reply = talk(echo.port, head(echo.port, "HEAD", "/", "Content-Length: 2"), b"hi")
    assert (b"Content-Length: 2\r\n" in reply, reply.partition(b"\r\n\r\n")[2]) == (True, b"")


@pytest.mark.parametrize("is_chunked", [False, True])
def test_more_than_10_mb_are_refused(port: int, is_chunked: bool) -> None:
    size = MAX_BODY + 1
    if is_chunked:
        opening = head(port, "POST", "/v1/videos", "Transfer-Encoding: chunked")
        reply = talk(port, opening, b"%x\r\n" % size, b"x" * size, b"\r\n0\r\n\r\n")
    else:
        reply = talk(port, head(port, "POST", "/v1/videos", f"Content-Length: {size}"), b"x" * size)
    assert (status(reply), b"Request Too Long" in reply) == (413, True)


@pytest.mark.parametrize(("size", "code"), [(5 * MB, 201), (6 * MB, 413), (9 * MB, 413)])
def test_an_event_of_more_than_6_mb_is_refused(small_cloud: EmbeddedCloud, port: int, size: int, code: int) -> None:
    body = json.dumps({"name": "x" * size}).encode()
    lines = [f"Content-Length: {len(body)}", f"Authorization: {small_cloud.id_token('demo')}"]
    assert status(talk(port, head(port, "POST", "/v1/videos", *lines), body)) == code


@pytest.mark.parametrize("opening", [b"[", b'{"name":'])
def test_a_deep_document_is_an_invalid_body(small_cloud: EmbeddedCloud, port: int, opening: bytes) -> None:
    body = opening * 200_000
    lines = [f"Content-Length: {len(body)}", f"Authorization: {small_cloud.id_token('demo')}"]
    reply = talk(port, head(port, "POST", "/v1/videos", *lines), body)
    assert (status(reply), b"Invalid request body" in reply) == (400, True)


@pytest.mark.parametrize(
    "beginning",
    [b"", b"POST /v1/ HTT", b"POST /v1/ HTTP/1.1\r\nHost: x\r\nX: ", b"POST /v1/ HTTP/1.1\r\n\r\n"],
    ids=["nothing", "half a line", "half a header", "no host"],
)
def test_a_slow_client_is_let_go(port: int, beginning: bytes) -> None:
    assert status(talk(port, beginning, close=False)) in (0, 400)


def test_a_body_that_never_ends_is_let_go(port: int) -> None:
    assert status(talk(port, head(port, "POST", "/v1/", "Content-Length: 10"), b"hel", close=False)) == 408
    opening = head(port, "POST", "/v1/", "Transfer-Encoding: chunked")
    assert status(talk(port, opening, b"5\r\nhel", close=False)) == 408


def test_others_are_served_while_one_is_slow(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /v1/ HTTP/1.1\r\nHost:")
        assert status(talk(port, head(port, "GET"))) == 201


def test_the_whole_address_may_be_named(port: int) -> None:
    assert status(talk(port, head(port, "GET", f"http://127.0.0.1:{port}/v1/?a=1"))) == 201
    # Two slashes are no host.
    assert status(talk(port, head(port, "GET", "//evil.example/v1/"))) == 403


def test_a_taken_port_is_an_error_and_not_the_end(echo: Server) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(echo.port, application(lambda _: Response(200, (), b"")))


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": "x"},
        {"statusCode": None},
        {"statusCode": 200, "headers": [1]},
        {"statusCode": 200, "body": "%%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": {"X": "a\r\nSet-Cookie: b"}},
        {"statusCode": 200, "multiValueHeaders": {"X": ["a\nb"]}},
    ],
)
def test_a_malformed_result_is_no_response(result: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        proxy_response(result)


def test_the_handler_is_quiet(capfd: pytest.CaptureFixture[str], echo: Server) -> None:
    talk(echo.port, b"nonsense\r\n\r\n")
    talk(echo.port, head(echo.port, "GET", "/"))
    assert capfd.readouterr() == ("", "")
    assert Handler.protocol_version == "HTTP/1.1"
    assert HttpRequest("GET", "/", {}, {"A": ["1", "2"]}, b"").header("a") == "2"
