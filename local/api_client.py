"""The CLI's side of the REST API: upload, start, watch and fetch, as any client of the cloud would.

Touches the API's URL and the presigned URLs that it hands out, nothing of AWS directly.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from botocore.exceptions import BotoCoreError
from requests.adapters import HTTPAdapter
from requests_toolbelt import MultipartEncoder  # pyright: ignore[reportMissingTypeStubs]
from urllib3 import Retry

from shared.record import VideoView

# Seconds until the gateway must answer; API Gateway itself gives up at 29.
TIMEOUT = 35
CHUNK_BYTES = 1 << 20


class ApiError(Exception):
    """The API refused: `code` is the error's class name, `status` the HTTP status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class _Patience(Retry):
    """Makes a call again that was told to slow down, and so did nothing: after Retry-After, else after 1, 2, 4 … s."""

    RETRY_AFTER_STATUS_CODES = frozenset([429])


PATIENCE = _Patience(
    6,
    connect=False,
    read=False,
    status_forcelist=[429],
    allowed_methods=None,
    backoff_factor=0.5,
    raise_on_status=False,
)


@dataclass(frozen=True)
class ApiClient:
    """A signed-in client of the API at `url`; `token` returns a current Cognito ID token."""

    url: str
    token: Callable[[], str]

    def upload(self, recording: Path, title: str, content_type: str) -> str:
        """Create a video for the recording, upload the file, and return the video id."""
        wanted = {
            "title": title,
            "filename": recording.name,
            "contentType": content_type,
            "fileSize": recording.stat().st_size,
        }
        reply = self._call("POST", "/videos", wanted)
        form = reply["upload"]
        with _reached(), recording.open("rb") as file:
            # Read while it is sent: a recording of an hour is not to be held in memory.
            body = MultipartEncoder({**form["fields"], "file": ("recording", file, content_type)})
            headers = {"Content-Type": body.content_type}
            answer = requests.post(form["url"], data=body, headers=headers, timeout=TIMEOUT * 10)
        if not answer.ok:
            raise ApiError(answer.status_code, "UploadFailed", f"The upload was refused ({answer.status_code}).")
        return reply["video"]["video_id"]

    def start(self, video_id: str, choices: dict[str, Any]) -> None:
        """Start a generation of the video; raises ApiError when it is refused."""
        self._call("POST", "/ai-video", {"videoId": video_id, **choices})

    def start_all(self, items: list[dict[str, Any]]) -> list[ApiError | None]:
        """Start a batch (at most 25 bodies of `POST /ai-video`); return for each why it was refused, or None."""
        return [_refusal(answer) for answer in self._call("POST", "/ai-video/batch", {"items": items})["results"]]

    def resume(self, video_id: str, *, order_again: bool = False) -> None:
        """Go on with a generation that failed or was cancelled; raises ApiError when it is refused.

        `order_again` orders clips again that may have been bought.
        """
        self._call("POST", f"/ai-video/{video_id}/resume", {"orderAgain": order_again})

    def show(self, video_id: str) -> VideoView:
        """Return the video's record."""
        return VideoView.model_validate(self._call("GET", f"/ai-video/{video_id}")["video"])

    def fetch(self, url: str, to: Path) -> None:
        """Write what a presigned URL gives to the file `to`, whole or not at all; raises ApiError when it cannot."""
        part = to.with_name(f".{to.name}.part")
        try:
            with _reached(), requests.get(url, stream=True, timeout=TIMEOUT) as answer, part.open("wb") as file:
                if not answer.ok:
                    raise ApiError(502, "DownloadFailed", f"{to.name} was refused ({answer.status_code}).")
                for chunk in answer.iter_content(CHUNK_BYTES):
                    file.write(chunk)
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        with _reached(), requests.Session() as session:
            headers = {"Authorization": self.token()}
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=PATIENCE))
            answer = session.request(method, self.url + path, json=body, headers=headers, timeout=TIMEOUT)
            reply: dict[str, Any] = answer.json()
        if answer.ok:
            return reply
        raise _error(answer.status_code, reply)


def _refusal(answer: dict[str, Any]) -> ApiError | None:
    problem = answer.get("problem")
    return _error(answer["statusCode"], problem) if problem else None


def _error(status: int, problem: dict[str, Any]) -> ApiError:
    return ApiError(status, str(problem.get("error", "ApiError")), str(problem.get("message", "")))


@contextmanager
def _reached() -> Generator[None]:
    # The library's own message would show the whole URL, and a presigned one is a key. Signing in is a call, too.
    try:
        yield
    except (requests.RequestException, BotoCoreError) as error:
        raise ApiError(503, "Unreachable", f"The API could not be reached ({type(error).__name__}).") from None
