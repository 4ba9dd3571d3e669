"""Attacks on every loopback server, as a page of another origin or another user of the machine makes them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from local import site
from local.http import wall
from local.http.messages import application
from local.http.server import Server
from local.lambda_runtime.runtime import LambdaRuntime
from local.lambda_runtime.worker import Worker
from local.system import LocalSystem
from tests.local.jobs import quick

EVIL = "https://evil.example"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str = "/", method: str = "GET", body: bytes = b"", /, **headers: str) -> Answer:
    """Send a request with just these headers (`_` for `-`); the server's own Host unless another is given."""
    sent_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    sent_headers = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))} | sent_headers
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent_headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    reply = connection.getresponse()
    answer = Answer(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read())
    connection.close()
    return answer


def port_of(url: str) -> int:
    return int(url.split(":")[2].partition("/")[0])


@pytest.fixture(name="system", scope="module")
def served_system() -> Iterator[LocalSystem]:
    with quick() as system:
        site.mount(system.cloud)
        yield system


@pytest.fixture(name="runtime_port", scope="module")
def port_of_a_runtime_api(system: LocalSystem) -> int:
    """The port of one of the running workers' runtime APIs."""
    system.cloud.prewarm()
    runtime: LambdaRuntime = system.cloud._runtime  # pyright: ignore[reportPrivateUsage]
    (worker, *_) = runtime._workers  # pyright: ignore[reportPrivateUsage]
    return address_of(worker)


def address_of(worker: Worker) -> int:
    address = worker._server.address  # pyright: ignore[reportPrivateUsage]
    return int(address.split(":")[1].partition("/")[0])


SERVERS: dict[str, Callable[[LocalSystem], str]] = {
    "moto": lambda system: system.cloud.endpoint_url,
    "gateway": lambda system: system.cloud.api_url,
    "openai": lambda system: system.openai.url,
    "veo": lambda system: system.veo.url,
    "google": lambda system: system.google.url,
}
PATHS = ["/", "/config.json", "/_ledger", "/moto-api/data.json", "/2018-06-01/runtime/invocation/next"]


@pytest.fixture(name="port", params=[*SERVERS, "runtime"])
def port_of_each_server(request: pytest.FixtureRequest, system: LocalSystem) -> int:
    if request.param == "runtime":
        return request.getfixturevalue("runtime_port")
    return port_of(SERVERS[request.param](system))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:{port}", "localhost.evil.example:{port}"])
def test_no_server_answers_to_another_name(port: int, host: str) -> None:
    for path in PATHS:
        answer = ask(port, path, Host=host.format(port=port))
        assert (answer.status, answer.body) == (403, b"This server answers to its own address only.\n")


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost:1", "http://127.0.0.1", "file://"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT", "DELETE"])
def test_no_server_takes_anything_from_another_page(port: int, method: str, origin: str) -> None:
    preflight = {"Access_Control_Request_Method": "POST", "Content_Type": "text/plain"}
    for path in PATHS:
        answer = ask(port, path, method, Origin=origin, **preflight)
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_a_server_is_no_part_of_another_page(system: LocalSystem, runtime_port: int, where: str) -> None:
    ports = [port_of(find(system)) for name, find in SERVERS.items() if name != "moto"]
    for port in [*ports, runtime_port]:
        answer = ask(port, "/", Sec_Fetch_Site=where, Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="script")
        assert (answer.status, answer.body) == (403, b"This server is no part of another page.\n")


def test_two_hosts_are_none(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", f"127.0.0.1:{port}")
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


def test_the_page_may_ask_what_it_asks(system: LocalSystem) -> None:
    for origin in system.cloud.gateway.origins:
        preflight = {"Origin": origin, "Access_Control_Request_Headers": "x-amz-target"}
        answer = ask(port_of(system.cloud.endpoint_url), "/", "OPTIONS", **preflight)
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, origin)
        assert answer.headers["vary"] == "Origin"
        bucket = f"/{system.cloud.outputs['BucketName']}"
        preflight = {"Origin": origin, "Access_Control_Request_Method": "POST"}
        answer = ask(port_of(system.cloud.endpoint_url), bucket, "OPTIONS", **preflight)
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, origin)


def test_demo_passwords_are_for_the_page_only(system: LocalSystem) -> None:
    port = port_of(system.cloud.api_url)
    key = site.mount(system.cloud).partition("#key=")[2]
    stranger = ask(port, "/config.json")
    assert b"demoUsers" not in stranger.body
    assert system.cloud.password.encode() not in stranger.body
    assert b"demoUsers" not in ask(port, "/config.json", X_Reelwright_Key=f"{key}x").body
    if key:
        users = json.loads(ask(port, "/config.json", X_Reelwright_Key=key).body)["demoUsers"]
        assert {user["password"] for user in users} == {system.cloud.password}


@pytest.mark.parametrize(("method", "path"), [("POST", "/_faults"), ("DELETE", "/_faults"), ("GET", "/_ledger")])
@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer guess", "Basic x"])
def test_the_controls_of_the_stand_ins_want_their_key(system: LocalSystem, method: str, path: str, token: str) -> None:
    system.veo.faults.clear()
    for emulator in (system.veo, system.openai, system.google):
        headers = {"Authorization": token} if token else {}
        answer = ask(port_of(emulator.url), path, method, b'{"kind": "filter"}', **headers)
        assert answer.status == 401
    assert not system.veo.faults.waiting("")


@pytest.mark.parametrize("token", ["", "Bearer local-key", "Bearer x"])
def test_the_stand_ins_sell_nothing_without_this_runs_keys(system: LocalSystem, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    ordering = "/v1/projects/p/locations/l/publishers/google/models/veo-3.1-fast-generate-001:predictLongRunning"
    assert ask(port_of(system.openai.url), "/v1/responses", "POST", b"{}", **headers).status == 401
    assert ask(port_of(system.veo.url), ordering, "POST", b"{}", **headers).status == 401
    assert not system.openai.ledger.entries
    assert not system.veo.ledger.entries


@pytest.mark.parametrize("path", ["invocation/next", "init/error", "invocation/1/response"])
@pytest.mark.parametrize("prefix", ["", "/guess"])
def test_the_runtime_api_serves_its_own_worker_only(runtime_port: int, prefix: str, path: str) -> None:
    method = "GET" if path.endswith("next") else "POST"
    assert ask(runtime_port, f"{prefix}/2018-06-01/runtime/{path}", method, b"{}").status == 403


def test_a_deep_document_is_refused_and_not_a_crash(system: LocalSystem) -> None:
    deep = b'{"contents": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = ask(
        port_of(system.openai.url), "/v1/responses", "POST", deep, Authorization=f"Bearer {system.openai.api_key}"
    )
    assert answer.status == 400
    assert ask(port_of(system.google.url), "/token", "POST", b"\xff\xfe").status == 400


def test_nothing_listens_but_the_server_with_the_wall() -> None:
    ways = (
        "from http.server",
        "import http.server",
        "socketserver",
        "create_server",
        "socket.listen(",
        ".bind((",
        "make_server",
        "run_simple",
        "ThreadedMotoServer",
    )
    local = Path(wall.__file__).parents[1]
    sources = {path.relative_to(local).as_posix(): path.read_text(encoding="utf-8") for path in local.rglob("*.py")}
    assert {name for name, text in sources.items() if any(way in text for way in ways)} == {"http/server.py"}


def test_every_server_stands_behind_the_wall() -> None:
    server = Server(0, application(lambda _: pytest.fail("it was let in")))
    server.serve()
    try:
        assert ask(server.port, Host="evil.example").status == 403
        assert ask(server.port, Origin=EVIL).status == 403
    finally:
        server.close()


@pytest.mark.parametrize(
    ("headers", "comes_in"),
    [
        ({"Host": "127.0.0.1:80"}, True),
        ({"Host": "LOCALHOST:80"}, True),
        ({}, False),
        ({"Host": "[::1]:80"}, False),
        ({"Host": "localhost:80", "Origin": "http://page"}, True),
        ({"Host": "localhost:80", "Origin": "http://page.evil"}, False),
        ({"Host": "localhost:80", "Origin": ""}, False),
        ({"Host": "localhost:80", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, True),
        ({"Host": "localhost:80", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, False),
        ({"Host": "localhost:80", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, True),
        ({"Host": "localhost:80", "Sec-Fetch-Site": "none"}, True),
    ],
)
def test_the_rule(headers: dict[str, Any], comes_in: bool) -> None:
    assert (wall.refusal(headers, 80, {"http://page"}, embeddable=False) is None) is comes_in
