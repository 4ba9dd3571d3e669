"""The CLI's client against a server that answers as wanted: it uploads in pieces, and slows down when it is told to."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.api_client import TRIES, ApiClient, ApiError
from local.http import QuietHandler, QuietServer

PIECE = 1 << 16
RECORDING = 64 << 20
FIELDS = {"key": "uploads/u/v/talk.wav", "policy": "p"}


class Server(QuietServer):
    """Makes a video and takes its form; `refusals` are the statuses of the first calls."""

    def __init__(self) -> None:
        super().__init__(0, Handler)
        self.refusals: list[int] = []
        self.calls: list[str] = []
        self.keys: set[str | None] = set()
        self.form = b""
        self.received = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(QuietHandler):
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def _serve(self) -> None:
        self.server.calls.append(f"{self.command} {self.path}")
        self.server.keys.add(self.headers["Idempotency-Key"])
        if self.path == "/form":
            return self._take()
        self.rfile.read(self.content_length)
        if self.server.refusals:
            status = self.server.refusals.pop(0)
            return self._say(status, {"error": "Refused", "message": "No.", "retriable": status != 409})
        form = {"url": f"{self.server.url}/form", "fields": FIELDS}
        return self._say(201, {"video": {"video_id": "v1"}, "upload": form})

    def _take(self) -> None:
        self.server.form = self.rfile.read(PIECE)
        self.server.received = len(self.server.form)
        while self.server.received < self.content_length:
            self.server.received += len(self.rfile.read(min(PIECE, self.content_length - self.server.received)))
        self.reply(204, (), b"")

    def _say(self, status: int, body: dict[str, Any]) -> None:
        self.reply(status, [("Content-Type", "application/json"), ("Retry-After", "0")], json.dumps(body).encode())

    do_GET = do_POST = _serve  # noqa: N815 - the base's names


@pytest.fixture(name="server")
def server_that_answers() -> Iterator[Server]:
    server = Server()
    server.serve()
    yield server
    server.close()


@pytest.fixture(name="talk")
def recording_of_many_bytes(tmp_path: Path) -> Path:
    talk = tmp_path / "talk.wav"
    talk.touch()
    os.truncate(talk, RECORDING)
    return talk


def client(server: Server) -> ApiClient:
    return ApiClient(server.url, lambda: "token")


def test_a_recording_is_sent_without_being_held_in_memory(server: Server, talk: Path) -> None:
    tracemalloc.start()
    try:
        assert client(server).upload(talk, "Talk", "audio/wav") == "v1"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert server.received > RECORDING
    assert peak < RECORDING / 8


def test_the_file_is_the_last_field_of_the_form(server: Server, talk: Path) -> None:
    client(server).upload(talk, "Talk", "audio/wav")
    names = [part.split(b'"')[1].decode() for part in server.form.split(b"Content-Disposition: form-data; name=")[1:]]
    assert names == [*FIELDS, "file"]


def test_a_call_that_may_succeed_later_is_made_again_with_the_same_key(server: Server) -> None:
    server.refusals = [429, 504]
    client(server).start("v1", {})
    assert (server.calls, len(server.keys), None in server.keys) == (["POST /ai-video"] * 3, 1, False)


def test_a_call_that_is_refused_every_time_is_told(server: Server) -> None:
    server.refusals = [429] * TRIES
    with pytest.raises(ApiError) as refused:
        client(server).start("v1", {})
    assert (refused.value.status, len(server.calls)) == (429, TRIES)


def test_any_other_refusal_is_told_at_once(server: Server) -> None:
    server.refusals = [409]
    with pytest.raises(ApiError) as refused:
        client(server).start("v1", {})
    assert (refused.value.status, server.calls) == (409, ["POST /ai-video"])
