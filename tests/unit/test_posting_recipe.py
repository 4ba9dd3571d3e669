"""The receiver of docs/events.md takes what the function `webhook` sends, and drafts a post of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from functions.webhook.core import body_of, headers_of
from shared.video.events import VideoEnded

EVENTS = Path(__file__).resolve().parents[2] / "docs" / "events.md"
SECRET = "whsec_" + "c2VjcmV0" * 4
FILM = b"\0\0\0\x18ftypmp42"
END = VideoEnded(
    id="v1-g1", video_id="v1", generation_id="g1", user_id="u1", title="Talk", status="completed", cost_usd=3,
    ended_at="2026-01-31T12:00:00.000Z",
)  # fmt: skip
POSTS = [
    {"platform": "youtube", "title": "A talk", "text": "Of bread #bread"},
    {"platform": "x", "title": "", "text": "Of bread"},
]


class Services(ThreadingHTTPServer):
    """The API, its bucket and Postiz on loopback; `bodies` are the bodies that came, by path."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Services  # pyright: ignore[reportIncompatibleVariableOverride] - it is served by no other

    def do_GET(self) -> None:
        links = {"video": {"url": f"{self.server.url}/film"}}
        data = {"links": links, "finished_at": END.ended_at}
        answers: dict[str, Any] = {
            "/ai-video/v1": {"video": {"ai_generation_data": data}},
            "/ai-video/v1/plan": {"plan": {"publish": {"posts": POSTS}}},
        }
        expected_key = None if self.path == "/film" else "Bearer token"
        self._answer(FILM if self.path == "/film" else json.dumps(answers[self.path]).encode(), expected_key)

    def do_POST(self) -> None:
        self.server.bodies[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b'{"id": "m1", "path": "https://media.example/m1.mp4"}', "key")

    def _answer(self, body: bytes, key: str | None) -> None:
        self.send_response(200 if self.headers["Authorization"] == key else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def services() -> Iterator[Services]:
    with Services() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def recipe(services: Services, monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., Any]]:
    variables = {"REELWRIGHT_API": services.url, "REELWRIGHT_TOKEN": "token", "POSTIZ_API": services.url}
    variables |= {"POSTIZ_KEY": "key", "POSTIZ_YOUTUBE": "channel", "WEBHOOK_SECRET": SECRET}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (code,) = re.findall(r"```python\n(.+?)```", EVENTS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, EVENTS.name, "exec"), names)
    return names


def call_of(event: VideoEnded, secret: str = SECRET) -> tuple[dict[str, str], str]:
    body = body_of(event)
    return headers_of(event, body, secret, datetime.now(UTC)), body


def test_each_finished_video_is_taken_once_and_nothing_that_somebody_else_signed(
    recipe: dict[str, Callable[..., Any]],
) -> None:
    earlier_ids: set[str] = set()
    failure = END.model_copy(update={"status": "failed"})
    calls = [call_of(END, "whsec_" + "b3RoZXI=" * 4), call_of(failure), call_of(END), call_of(END)]
    answers = [recipe["receive"](*call, earlier_ids) for call in calls]
    assert answers == [(401, None), (204, None), (202, "v1"), (204, None)]


def test_the_video_and_its_words_become_a_draft_of_the_channels_that_there_are(
    recipe: dict[str, Callable[..., Any]], services: Services
) -> None:
    recipe["draft"]("v1")
    assert FILM in services.bodies["/upload"]
    order = json.loads(services.bodies["/posts"])
    (post,) = order["posts"]
    assert (order["type"], post["integration"], post["settings"]["title"]) == ("draft", {"id": "channel"}, "A talk")
    media = {"id": "m1", "path": "https://media.example/m1.mp4"}
    assert post["value"] == [{"content": "Of bread #bread", "image": [media]}]
