"""The CLI's client against a server that answers as wanted: it uploads in pieces, and slows down when it is told to."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.api_client import TRIES, ApiClient, ApiError
from local.http.body import Environ, read_body
from local.http.messages import Response, StartResponse, respond
from local.http.server import Server

PIECE = 1 << 16
RECORDING = 64 << 20
FIELDS = {"key": "uploads/u/v/talk.wav", "policy": "p"}


class Scripted(Server):
    """Makes a video and takes its form; `refusals` are the statuses of the first calls."""

    def __init__(self) -> None:
        super().__init__(0, self._answer)
        self.refusals: list[int] = []
        self.calls: list[str] = []
        self.keys: set[str | None] = set()
        self.form = b""
        self.bytes_received = 0

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.calls.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        self.keys.add(environ.get("HTTP_IDEMPOTENCY_KEY"))
        reply = self._take(environ) if environ["PATH_INFO"] == "/form" else self._created_video(environ)
        return respond(environ, start_response, reply)

    def _created_video(self, environ: Environ) -> Response:
        read_body(environ)
        if self.refusals:
            status = self.refusals.pop(0)
            return _json_reply(status, {"error": "Refused", "message": "No.", "retriable": status != 409})
        form = {"url": f"{self.url}/form", "fields": FIELDS}
        return _json_reply(201, {"video": {"video_id": "v1"}, "upload": form})

    def _take(self, environ: Environ) -> Response:
        length = int(environ["CONTENT_LENGTH"])
        self.form = environ["wsgi.input"].read(PIECE)
        self.bytes_received = len(self.form)
        while self.bytes_received < length:
            self.bytes_received += len(environ["wsgi.input"].read(min(PIECE, length - self.bytes_received)))
        return Response(204, (), b"")


def _json_reply(status: int, body: dict[str, Any]) -> Response:
    headers = (("Content-Type", "application/json"), ("Retry-After", "0"))
    return Response(status, headers, json.dumps(body).encode())


@pytest.fixture(name="server")
def server_that_answers() -> Iterator[Scripted]:
    server = Scripted()
    server.serve()
    yield server
    server.close()


@pytest.fixture(name="talk")
def recording_of_many_bytes(tmp_path: Path) -> Path:
    talk = tmp_path / "talk.wav"
    talk.touch()
    os.truncate(talk, RECORDING)
    return talk


def client(server: Scripted) -> ApiClient:
    return ApiClient(server.url, lambda: "token")


def test_a_recording_is_sent_without_being_held_in_memory(server: Scripted, talk: Path) -> None:
    tracemalloc.start()
    try:
        assert client(server).upload(talk, "Talk", "audio/wav") == "v1"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert server.bytes_received > RECORDING
    # The server is in this process too, and takes 10 MB to see whether a client has sent more than it should.
    assert peak < RECORDING / 4


def test_the_file_is_the_last_field_of_the_form(server: Scripted, talk: Path) -> None:
    client(server).upload(talk, "Talk", "audio/wav")
    names = [part.split(b'"')[1].decode() for part in server.form.split(b"Content-Disposition: form-data; name=")[1:]]
    assert names == [*FIELDS, "file"]


def test_a_call_that_may_succeed_later_is_made_again_with_the_same_key(server: Scripted) -> None:
    server.refusals = [429, 504]
    client(server).start("v1", {})
    assert (server.calls, len(server.keys), None in server.keys) == (["POST /ai-video"] * 3, 1, False)


def test_a_call_that_is_refused_every_time_is_told(server: Scripted) -> None:
    server.refusals = [429] * TRIES
    with pytest.raises(ApiError) as failure:
        client(server).start("v1", {})
    assert (failure.value.status, len(server.calls)) == (429, TRIES)


def test_any_other_refusal_is_told_at_once(server: Scripted) -> None:
    server.refusals = [409]
    with pytest.raises(ApiError) as failure:
        client(server).start("v1", {})
    assert (failure.value.status, server.calls) == (409, ["POST /ai-video"])
