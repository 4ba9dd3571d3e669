"""The CLI's side of the REST API: upload, start, watch and fetch, as any client of the cloud would.

Touches the API's URL and the presigned URLs that it hands out, nothing of AWS directly.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import requests
from botocore.exceptions import BotoCoreError
from requests_toolbelt import MultipartEncoder  # pyright: ignore[reportMissingTypeStubs]
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from local.processes.file_names import NAME_LIMIT, readable
from shared.http.views import VersionView, VideoView

# Seconds until the gateway must answer; API Gateway itself gives up at 29.
TIMEOUT = 35
# Records that one answer lists.
PAGE = 100
CHUNK_BYTES = 1 << 20
# Tries of a call that may succeed later, and the seconds between them where the API does not say.
TRIES = 8
BACK_OFF = wait_exponential_jitter(1, max=30)

# Why no answer came, the narrower kinds first: an error of a certificate is one of the connection, too.
_UNREACHABLE: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.JSONDecodeError, "what answered is something else; check the address and the proxy"),
    (requests.exceptions.SSLError, "its certificate is not trusted here; check the address and the proxy"),
    (requests.exceptions.ProxyError, "the proxy does not let it through; check HTTPS_PROXY and NO_PROXY"),
    (requests.exceptions.Timeout, "it did not answer in time; try again"),
    (requests.exceptions.ConnectionError, "nothing answers there, or the connection broke; try again"),
    (requests.exceptions.ChunkedEncodingError, "the connection broke; try again"),
    (requests.RequestException, "its address cannot be used; check it"),
    (BotoCoreError, "signing in got no answer; try again"),
)


class ApiError(Exception):
    """The API refused: `code` is the error's class name, `status` the HTTP status.

    `retriable` says that the same call may succeed later, `wait` in how many seconds, if the API said so; `edit` which
    of the edits that were sent was refused, from 0.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retriable: bool = False,
        wait: float | None = None,
        edit: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retriable = retriable
        self.wait = wait
        self.edit = edit


def _may_be_tried_again(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.retriable


def _seconds(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wait = error.wait if isinstance(error, ApiError) else None
    return BACK_OFF(state) if wait is None else wait


class Reply(NamedTuple):
    """What the API answered: the body, and the entity tag of what it shows, if it has one."""

    body: dict[str, Any]
    tag: str


@dataclass(frozen=True)
class ApiClient:
    """A signed-in client of the API at `url`; `token` returns a current Cognito ID token.

    A call that may succeed later is made up to `tries` times; `check` raises when there is no use in another call.
    """

    url: str
    token: Callable[[], str]
    tries: int = TRIES
    check: Callable[[], None] = lambda: None

    def upload(self, recording: Path, title: str, content_type: str) -> str:
        """Create a video for the recording, upload the file, and return the video id."""
        upload_request = {
            "title": title,
            "filename": readable(recording.name)[:NAME_LIMIT],
            "contentType": content_type,
            "fileSize": recording.stat().st_size,
        }
        reply = self._call("POST", "/videos", upload_request)
        self._send(recording, content_type, reply["upload"])
        return reply["video"]["video_id"]

    def upload_image(self, picture: Path, content_type: str) -> str:
        """Upload a picture or clip of the caller's own, and return its id; raises ApiError when it is refused."""
        return self._upload("/images", picture, {"contentType": content_type})["image"]["imageId"]

    def upload_music(self, file: Path, content_type: str) -> str:
        """Upload music and return its id; what is wrong with it is known once it is checked."""
        return self._upload("/music", file, {"contentType": content_type})["music"]["musicId"]

    def upload_font(self, file: Path, content_type: str) -> str:
        """Upload a font and return its id; what is wrong with it is known once it is checked."""
        return self._upload("/fonts", file, {"contentType": content_type})["font"]["fontId"]

    def upload_transcript(self, video_id: str, file: Path) -> str:
        """Upload a transcript of the caller's own for a video, and return its id; raises ApiError."""
        return self._upload(f"/videos/{video_id}/transcripts", file, {})["transcript"]["transcriptId"]

    def _upload(self, path: str, file: Path, more: dict[str, Any]) -> dict[str, Any]:
        """Send a file by the form that a POST to the path answers with, and return that answer."""
        body = {"filename": readable(file.name)[:NAME_LIMIT], "fileSize": file.stat().st_size, **more}
        reply = self._call("POST", path, body)
        self._send(file, reply["upload"]["fields"]["Content-Type"], reply["upload"])
        return reply

    def _send(self, source: Path, content_type: str, form: dict[str, Any]) -> None:
        self.check()
        with _translate_errors(), source.open("rb") as file:
            # Read while it is sent: a recording of an hour is not to be held in memory.
            body = MultipartEncoder({**form["fields"], "file": ("recording", file, content_type)})
            headers = {"Content-Type": body.content_type}
            answer = requests.post(form["url"], data=body, headers=headers, timeout=TIMEOUT * 10)
        if not answer.ok:
            raise ApiError(answer.status_code, "UploadFailed", f"The upload was refused ({answer.status_code}).")

    def start(self, video_id: str, choices: dict[str, Any]) -> None:
        """Start a generation of the video; raises ApiError when it is refused."""
        self._call("POST", "/ai-video", {"videoId": video_id, **choices})

    def start_all(self, items: list[dict[str, Any]]) -> list[ApiError | None]:
        """Start a batch (at most 25 bodies of `POST /ai-video`); return for each why it was refused, or None."""
        return [_refusal(answer) for answer in self._call("POST", "/ai-video/batch", {"items": items})["results"]]

    def resume(self, video_id: str, *, order_again: bool = False, budget: float | None = None) -> None:
        """Go on with a generation that failed or was cancelled; raises ApiError when it is refused.

        `order_again` orders clips again that may have been bought; a `budget`, in USD, replaces the generation's.
        """
        new_budget = {} if budget is None else {"budget": budget}
        self._call("POST", f"/ai-video/{video_id}/resume", {"orderAgain": order_again, **new_budget})

    def show(self, video_id: str) -> VideoView:
        """Return the video's record."""
        return VideoView.model_validate(self._call("GET", f"/ai-video/{video_id}")["video"])

    def versions(self, video_id: str) -> list[VersionView]:
        """Return the finished videos of a recording, newest first."""
        rows = self._call("GET", f"/ai-video/{video_id}/versions")["versions"]
        return [VersionView.model_validate(row) for row in rows]

    def videos(self) -> Iterator[VideoView]:
        """Yield the caller's records, newest first."""
        following = ""
        while True:
            page = self._call("GET", f"/videos?limit={PAGE}{following}")
            yield from (VideoView.model_validate(video) for video in page["videos"])
            if not page.get("next"):
                return
            following = f"&next={quote(page['next'], safe='')}"

    def fetch(self, url: str, to: Path) -> None:
        """Write what a presigned URL gives to the file `to`, whole or not at all; raises ApiError when it cannot."""
        part = to.with_name(f".{to.name}.part")
        try:
            with (
                _translate_errors(),
                requests.get(url, stream=True, timeout=TIMEOUT) as answer,
                part.open("wb") as file,
            ):
                if not answer.ok:
                    raise ApiError(502, "DownloadFailed", f"{to.name} was refused ({answer.status_code}).")
                for chunk in answer.iter_content(CHUNK_BYTES):
                    file.write(chunk)
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, if_match: str = "") -> Reply:
        """Call the API as it is, and return what it answers; raises ApiError when it refuses."""
        # One key for all tries: what a try has done although its answer was lost is not done again.
        key = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        condition = {"If-Match": if_match} if if_match else {}
        again = Retrying(
            retry=retry_if_exception(_may_be_tried_again),
            wait=_seconds,
            stop=stop_after_attempt(self.tries),
            reraise=True,
        )
        return again(self._ask, method, path, body, key | condition)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.call(method, path, body).body

    def _ask(self, method: str, path: str, body: dict[str, Any] | None, extra_headers: dict[str, str]) -> Reply:
        self.check()
        with _translate_errors():
            headers = {"Authorization": self.token(), **extra_headers}
            answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=TIMEOUT)
            reply: dict[str, Any] = answer.json()
        if answer.ok:
            return Reply(reply, answer.headers.get("ETag", ""))
        raise error_of(answer.status_code, reply, answer.headers.get("Retry-After"))


def _refusal(answer: dict[str, Any]) -> ApiError | None:
    problem = answer.get("problem")
    return error_of(answer["statusCode"], problem) if problem else None


def error_of(status: int, problem: dict[str, Any], retry_after: str | None = None) -> ApiError:
    """Return the error that the body of a refusal tells."""
    return ApiError(
        status,
        str(problem.get("error", "ApiError")),
        str(problem.get("message", "")),
        retriable=problem.get("retriable") is True,
        wait=float(retry_after) if retry_after else None,
        edit=next((detail.get("edit") for detail in problem.get("details") or ()), None),
    )


@contextmanager
def _translate_errors() -> Generator[None]:
    # The library's own message would show the whole URL, and a presigned one is a key. Signing in is a call, too.
    try:
        yield
    except (requests.RequestException, BotoCoreError) as error:
        why = next(words for kind, words in _UNREACHABLE if isinstance(error, kind))
        raise ApiError(503, "Unreachable", f"The API could not be reached: {why}.") from None
