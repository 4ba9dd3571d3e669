"""The page as it is served locally: files, configuration, headers, and the API behind it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from local.http.messages import HttpRequest, Response
from local.site import PageServer
from shared.http import site

CONFIG = site.config("/v1", "us-east-1", "us-east-1_abc", "client", cognitoEndpoint="http://127.0.0.1:1")


@pytest.fixture(name="page_folder")
def a_built_page(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    files = {"index.html": "<p>page", "assets/a-1.js": "1", "assets/b-2.woff2": "f", "assets/c-3.wasm": "w"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture(name="page")
def the_page(page_folder: Path) -> PageServer:
    return PageServer(CONFIG, site.headers("https://api", "https://cognito", ["https://media"]), page_folder)


def get(page: PageServer, path: str, method: str = "GET") -> Response:
    return page.answer(HttpRequest(method, path, {}, {}, b""))


@pytest.mark.parametrize("path", ["/", "/videos/abc", "/videos/abc/new", "/index.html"])
def test_an_address_without_an_ending_is_the_page(page: PageServer, path: str) -> None:
    reply = get(page, path)
    assert (reply.status, reply.body) == (200, b"<p>page")
    assert dict(reply.headers)["Content-Type"] == "text/html; charset=utf-8"
    assert dict(reply.headers)["Cache-Control"] == site.FRESH


def test_hashed_files_are_kept_for_ever_and_have_their_types(page: PageServer) -> None:
    script = get(page, "/assets/a-1.js")
    font = get(page, "/assets/b-2.woff2")
    assert dict(script.headers)["Content-Type"] == "text/javascript; charset=utf-8"
    assert dict(font.headers)["Content-Type"] == "font/woff2"
    assert dict(get(page, "/assets/c-3.wasm").headers)["Content-Type"] == "application/wasm"
    assert "immutable" in dict(script.headers)["Cache-Control"]


def test_text_is_compressed_for_whoever_takes_it_and_fonts_are_already(page: PageServer) -> None:
    request = HttpRequest("GET", "/assets/a-1.js", {}, {"Accept-Encoding": ["gzip, br"]}, b"")
    script = page.answer(request)
    assert dict(script.headers)["Content-Encoding"] == "gzip"
    assert dict(script.headers)["Vary"] == "Accept-Encoding"
    assert gzip.decompress(script.body) == get(page, request.path).body
    font = page.answer(replace(request, path="/assets/b-2.woff2"))
    assert "Content-Encoding" not in dict(font.headers)


@pytest.mark.parametrize("path", ["/assets/gone.js", "/../pyproject.toml", "/assets/../../pyproject.toml"])
def test_no_other_file_is_served(page: PageServer, path: str) -> None:
    assert get(page, path).status == 404


def test_the_page_takes_only_get(page: PageServer) -> None:
    reply = get(page, "/", "POST")
    assert reply.status == 405
    assert dict(reply.headers)["Allow"] == "GET, HEAD"


def test_the_configuration_is_what_was_given(page: PageServer) -> None:
    reply = get(page, "/config.json")
    assert json.loads(reply.body) == CONFIG
    assert dict(reply.headers)["Cache-Control"] == site.FRESH


def test_the_policy_allows_own_code_only_and_the_three_services(page: PageServer) -> None:
    rows = dict(get(page, "/").headers)["Content-Security-Policy"].split("; ")
    policy = {name: sources.split(" ") for name, _, sources in (row.partition(" ") for row in rows)}
    assert policy["default-src"] == ["'none'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["connect-src"] == ["'self'", "https://api", "https://cognito", "https://media"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not [row for row in rows if "unsafe" in row.replace("'wasm-unsafe-eval'", "") or "*" in row]


def test_a_page_that_is_not_built_is_said(tmp_path: Path) -> None:
    page = PageServer(CONFIG, {}, tmp_path)
    assert not page.is_built
    answer = get(page, "/")
    assert (answer.status, b"make web" in answer.body) == (404, True)
    assert get(page, "/config.json").status == 200
