"""A cloud with a store whose jobs are held, each at a moment of its own, until the process is killed.

Touches the store in the folder that the command line names; prints what it began as JSON, then "held".
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import requests

from local.api_client import ApiClient
from local.emulators.aws.faults_before_moto import ObservedRequest
from local.emulators.messages import EmulatorRequest
from local.store.store import Store
from local.system import LocalSystem
from tests.chaos.run import SHORT, await_end, recording_of
from tests.local.jobs import quick

CHOICES = {"targetDuration": 5, "captions": "none"}
OWN_PASSWORD = "Correct-Horse-7-Battery"


@dataclass(frozen=True)
class Moment:
    """A request of a function's, before or after it was answered; for `Veo` the order itself."""

    function: str
    operation: str
    is_answered: bool

    def is_now(self, function: str, operation: str, is_answered: bool) -> bool:
        return (self.function, self.operation, self.is_answered) == (function, operation, is_answered)


MOMENTS = {
    "heard": Moment("Transcribe", "transcribe StartTranscriptionJob", True),
    "before the order": Moment("Veo", "order", False),
    "after the order": Moment("Veo", "order", True),
    "waiting for the clip": Moment("PollVeo", "dynamodb GetItem", False),
    "cutting": Moment("RenderScene", "s3 PUT", False),
    "joining": Moment("Stitch", "s3 PUT", True),
}
# The outcome of such an order is known to nobody.
UNKNOWN = ("before the order", "after the order")


@dataclass
class Hold:
    """Holds each video's job at its moment, for ever."""

    moments: dict[str, Moment] = field(default_factory=dict[str, Moment])
    arrivals: dict[str, threading.Event] = field(default_factory=dict[str, threading.Event])
    invocations: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, video: str, moment: Moment) -> None:
        self.moments[video] = moment
        self.arrivals[video] = threading.Event()

    def see(self, request: ObservedRequest) -> None:
        if not request.trace:
            return
        video_named = next((video for video in list(self.moments) if video in request.text), None)
        # Not every request names the video, but an invocation's first does.
        video = (
            self.invocations.setdefault(request.trace, video_named)
            if video_named
            else self.invocations.get(request.trace)
        )
        if video:
            self._hold(
                video, request.caller.split("-")[1], f"{request.service} {request.text.split()[0]}", request.is_answered
            )

    def order(self, request: EmulatorRequest, is_answered: bool) -> None:
        video = next((video for video in list(self.moments) if video.lower().encode() in request.body), None)
        if video and b"prompt" in request.body:
            self._hold(video, "Veo", "order", is_answered)

    def _hold(self, video: str, function: str, operation: str, is_answered: bool) -> None:
        if self.moments[video].is_now(function, operation, is_answered):
            self.arrivals[video].set()
            threading.Event().wait()


def begin(system: LocalSystem, recording: Path) -> dict[str, Any]:
    """Make a video, delete another, add a user, and begin a job for each moment; return the videos by what they are."""
    api = ApiClient(system.cloud.api_url, system.token())
    upload = partial(api.upload, recording, "talk", "audio/flac")
    videos = {"finished": upload(), "deleted": upload()}
    api.start(videos["finished"], CHOICES)
    await_end(system, videos["finished"])
    url = f"{system.cloud.api_url}/videos/{videos['deleted']}"
    requests.delete(url, headers={"Authorization": system.token()()}, timeout=30).raise_for_status()
    add_user(system)
    hold = Hold()
    system.cloud.aws.listeners.append(hold.see)
    system.veo.listeners.append(hold.order)
    # An order is not waited for as long as the others take.
    for names in ([name for name in MOMENTS if name not in UNKNOWN], UNKNOWN):
        for name in names:
            videos[name] = upload()
            hold.add(videos[name], MOMENTS[name])
            api.start(videos[name], CHOICES)
        for arrival in hold.arrivals.values():
            arrival.wait()
    return videos


def add_user(system: LocalSystem) -> None:
    client = system.cloud.client("cognito-idp")
    pool = system.cloud.outputs["UserPoolId"]
    client.admin_create_user(UserPoolId=pool, Username="eve", MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool, Username="eve", Password=OWN_PASSWORD, Permanent=True)


def main() -> None:
    folder = Path(sys.argv[1])
    with Store(folder / "kept") as store, quick(store=store) as system:
        videos = begin(system, recording_of(folder, SHORT))
        print(json.dumps({"videos": videos, "password": system.cloud.password}), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
