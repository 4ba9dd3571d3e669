"""A function dies at every single thing it does in a retake of a clip or of a still: nothing is bought twice.

As in `test_crashes.py`; what its owner does then is a part of it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
import requests

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.choices.words import Goal
from shared.video.take import TakeKind
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local.crashes import CHOICES, FUNCTIONS, ORDER, Crash, Moment, jobs_of, moments, unknown_outcomes
from tests.local.jobs import quick

TO_RETAKE = 4
# A still is drawn and its camera's pass rendered by one function.
OF_RETAKE: dict[TakeKind, tuple[str, ...]] = {
    "clip": ("Api", *FUNCTIONS),
    "still": ("Api", "Transcribe", "Plan", "DrawScene", "RenderScene", "Stitch", "Settle"),
}
GOALS: dict[TakeKind, Goal] = {"clip": "video", "still": "stills"}
LONG_AGO = "2026-01-01T00:00:00.000+00:00"
TIMEOUT = 60


@dataclass
class Retakes:
    """Videos of one scene that are made to a goal, and are retaken again and again, one run of each at a time."""

    system: LocalSystem
    kind: TakeKind
    videos: SimpleQueue[str]

    @contextmanager
    def video(self) -> Generator[str]:
        video = self.videos.get(timeout=TIMEOUT * TO_RETAKE)
        yield video
        self.videos.put(video)

    def retake(self, at: frozenset[Moment]) -> Retake:
        """Have a scene made anew by a person who goes on where the crashes leave it."""
        with self.video() as video:
            retake = Retake(self.system, self.kind, Crash(self.system, video, OF_RETAKE[self.kind], at))
            retake.go()
        return retake


@dataclass
class Retake:
    """One retake of one scene, its owner's calls, what was charged for it, and what the record then does not tell."""

    system: LocalSystem
    kind: TakeKind
    crash: Crash
    sales: int = 0
    has_decided: bool = False
    wrong: list[str] = field(default_factory=list[str])

    def go(self) -> None:
        before = self._sales()
        ready = record_of(self.system, self._video).ai_generation_status
        takes = self._takes()
        with self.crash.watching():
            self._ask("/scenes/s1/takes", {"kind": self.kind})
            self._await_end()
            while self._takes() == takes or self._status != ready:
                self._go_on()
        self.sales = self._sales() - before
        self.wrong = audit.faults(record_of(self.system, self._video), self.system.veo.ledger.entries)

    def _go_on(self) -> None:
        """Do what a person does who looks at the video and sees that there is no other take."""
        if self._status == "failed":
            answer = self._ask("/runs", {"goal": GOALS[self.kind]})
            if answer.status_code == 409 and answer.json()["error"] == "SceneMayBeBought":
                self.has_decided = True
                answer = self._ask("/runs", {"goal": GOALS[self.kind], "orderAgain": True})
        else:
            answer = self._ask("/scenes/s1/takes", {"kind": self.kind})
        assert answer.status_code == 202, answer.text
        self._await_end()

    @property
    def _video(self) -> str:
        return self.crash.video

    @property
    def _status(self) -> str | None:
        return record_of(self.system, self._video).ai_generation_status

    def _ask(self, path: str, body: dict[str, Any]) -> requests.Response:
        url = f"{self.system.cloud.api_url}/ai-video/{self._video}{path}"
        headers = {"Authorization": self.system.token()()}
        return requests.post(url, json=body, headers=headers, timeout=TIMEOUT)

    def _await_end(self) -> None:
        """Wait for the end of the run, or let the time pass after which it is known that none was begun."""
        try:
            await_end(self.system, self._video)
        except self.system.cloud.client("stepfunctions").exceptions.ExecutionDoesNotExist:
            cloud = self.system.cloud
            cloud.client("dynamodb").update_item(
                TableName=cloud.outputs["TableName"],
                Key={"video_id": {"S": self._video}},
                UpdateExpression="SET updated_at = :long_ago",
                ExpressionAttributeValues={":long_ago": {"S": LONG_AGO}},
            )
            ApiClient(cloud.api_url, self.system.token()).show(self._video)

    def _takes(self) -> int:
        data = record_of(self.system, self._video).ai_generation_data
        assert data
        return sum(take.kind == self.kind for take in data.takes.values())

    def _sales(self) -> int:
        return len(audit.charged(record_of(self.system, self._video), self.system.veo.ledger.entries))


@pytest.fixture(name="retakes", params=["clip", "still"])
def videos_to_retake(request: pytest.FixtureRequest, short_talk: Path) -> Iterator[Retakes]:
    kind: TakeKind = request.param
    with quick(settings={"USER_HOURLY_STARTS": "1000"}) as system:
        api = ApiClient(system.cloud.api_url, system.token())
        videos = SimpleQueue[str]()

        def make(_number: int) -> None:
            video = api.upload(short_talk, "crash", "audio/flac")
            api.start(video, CHOICES | {"goal": GOALS[kind]})
            assert await_end(system, video) == "SUCCEEDED"
            videos.put(video)

        with ThreadPoolExecutor(TO_RETAKE) as pool:
            list(pool.map(make, range(TO_RETAKE)))
        yield Retakes(system, kind, videos)


@pytest.mark.timeout(900)
def test_a_crash_at_any_step_of_a_retake_buys_no_take_twice_and_its_owner_goes_on(retakes: Retakes) -> None:
    whole = retakes.retake(frozenset())
    functions = OF_RETAKE[retakes.kind]
    assert (whole.sales, whole.has_decided) == (1, False)
    assert {step.function for step in whole.crash.steps} == {*functions, ORDER.function}
    crashes = moments(whole.crash.steps)
    assert len(crashes) > 2 * len(functions)
    unknown = unknown_outcomes(whole.crash.steps, retakes.kind)
    assert unknown <= {*crashes}
    with ThreadPoolExecutor(TO_RETAKE) as pool:
        ends = list(pool.map(retakes.retake, jobs_of(crashes, unknown)))
    assert {moment for end in ends for moment in end.crash.at} == {*crashes}
    for end in ends:
        assert end.crash.strikes == end.crash.at, end
        assert end.has_decided != end.crash.at.isdisjoint(unknown), end
        assert end.sales <= 1 + end.has_decided, end
        assert end.wrong == [], end
