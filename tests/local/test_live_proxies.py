"""Live providers are reached by the user's proxy, and loopback never is; here the proxy leads to the stand-ins."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from local.api_client import ApiClient
from local.client import make, outputs
from local.client.progress import PlainLines
from local.emulators.google.auth import GoogleAuthEmulator
from local.emulators.google.emulator import VeoEmulator
from local.emulators.openai.emulator import OpenAIEmulator
from local.processes import python, surroundings
from local.system import LocalSystem
from tests.chaos.run import CLIPS, PACE, Remembering
from tests.local.test_make import clean

# Names that only the proxy knows, and an address of this machine that no rule of ours exempts; nobody listens there.
OPENAI = "openai.example"
VERTEX = "vertex.example"
TOKENS = "oauth2.example"
ELSEWHERE = "127.0.0.2"
HOP = ("host", "connection", "proxy-connection", "transfer-encoding", "content-length")
# Ask as the functions do: by the SDK of OpenAI, and by the library that gets tokens from Google; in each environment
# that is a line of standard input. Importing the two takes longer than all the rest.
ASK = f"""
import contextlib, google.auth.exceptions, google.auth.transport.requests, json, openai, os, sys
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line))
    with contextlib.suppress(openai.APIError):
        openai.OpenAI(api_key="x", base_url="https://{ELSEWHERE}:9/v1", max_retries=0).models.list()
    with contextlib.suppress(google.auth.exceptions.TransportError):
        google.auth.transport.requests.Request()("https://{ELSEWHERE}:9/token", method="POST")
"""
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
EXCEPTIONS = ("NO_PROXY", "no_proxy")


class Proxy(ThreadingHTTPServer):
    """A proxy that remembers whom it was asked for; what it has no address of it does not reach."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.requests: list[str] = []
        self.addresses: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Conversation(BaseHTTPRequestHandler):
    """One request, for a whole address or for a tunnel."""

    @property
    def proxy(self) -> Proxy:
        return cast(Proxy, self.server)

    def do_CONNECT(self) -> None:
        self.proxy.requests.append(self.path)
        self.send_error(502)

    def _forward(self) -> None:
        address = urlsplit(self.path)
        self.proxy.requests.append(address.netloc)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        path = address.path + (f"?{address.query}" if address.query else "")
        connection = http.client.HTTPConnection(urlsplit(self.proxy.addresses[address.netloc]).netloc)
        connection.request(self.command, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_GET = do_POST = _forward  # noqa: N815 - the library's

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@pytest.fixture(name="proxy")
def proxy_on_loopback() -> Iterator[Proxy]:
    with Proxy() as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


@pytest.fixture(name="proxies", scope="module")
def proxies_of_each_environment() -> Iterator[dict[str, Proxy]]:
    """Have both providers asked with what a live run hands to its functions; return who was asked, by the variable."""
    with ExitStack() as running:
        proxies = {name: running.enter_context(Proxy()) for name in (*PROXY_VARIABLES, *EXCEPTIONS)}
        for proxy in proxies.values():
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            running.callback(proxy.shutdown)
        environments = [{name: proxies[name].url} for name in PROXY_VARIABLES]
        environments += [{"HTTPS_PROXY": proxies[name].url, name: ELSEWHERE} for name in EXCEPTIONS]
        lines = [json.dumps(clean() | surroundings.for_providers(environment)) for environment in environments]
        process: dict[str, Any] = {"env": python.environment(clean()), "input": "\n".join(lines), "text": True}
        subprocess.run([sys.executable, "-P", "-c", ASK], check=True, timeout=120, **process)
        yield proxies


@pytest.mark.parametrize("name", PROXY_VARIABLES)
def test_every_way_of_naming_a_proxy_is_honoured(proxies: dict[str, Proxy], name: str) -> None:
    assert proxies[name].requests == [f"{ELSEWHERE}:9"] * 2


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_where_the_user_wants_no_proxy_there_is_none(proxies: dict[str, Proxy], name: str) -> None:
    assert proxies[name].requests == []


def test_a_live_film_is_bought_through_the_proxy_and_nothing_else_is(
    proxy: Proxy, tmp_path: Path, short_talk: Path
) -> None:
    with ExitStack() as running:
        google = running.enter_context(GoogleAuthEmulator())
        openai = running.enter_context(OpenAIEmulator())
        veo = running.enter_context(VeoEmulator(token_valid=google.is_valid, make=CLIPS))
        proxy.addresses = {OPENAI: openai.url, VERTEX: veo.url, TOKENS: google.url}
        key = tmp_path / "key.json"
        key.write_text(json.dumps(google.service_account_info() | {"token_uri": f"http://{TOKENS}/token"}))
        environment = {
            "HTTP_PROXY": proxy.url,
            "OPENAI_API_KEY": openai.api_key,
            "GOOGLE_APPLICATION_CREDENTIALS": str(key),
            "GOOGLE_CLOUD_PROJECT": "p",
        }
        settings = {"OPENAI_BASE_URL": f"http://{OPENAI}/v1", "GOOGLE_VERTEX_BASE_URL": f"http://{VERTEX}"}
        live = LocalSystem(
            ("openai", "veo"), environment=environment, settings=settings, pace=PACE, recogniser=Remembering()
        )
        system = running.enter_context(live)
        api = ApiClient(system.cloud.api_url, system.token())
        job = make.VideoJob(short_talk, {"targetDuration": 5}, tmp_path / "out")
        outputs.check(job.files, job.out)
        make.run(job, api, PlainLines(Console(file=StringIO())))
        assert (len(openai.ledger.entries), len(veo.ledger.clips())) == (1, 1)
        assert system.openai.ledger.entries == []
    assert set(proxy.requests) == {OPENAI, VERTEX, TOKENS}
