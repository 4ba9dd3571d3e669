"""A function dies at every single thing it does, one crash a job: what was bought before is never bought again.

Each request of a function to AWS, and each order to Veo, is one step. The function is killed just before the request
takes effect, and in another job just after; Step Functions runs it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.chaos import audit
from local.chaos.run import PACE, SHORT, Remembering, ended, record_of, recording_of
from local.emulators.aws import Seen
from local.emulators.clips import alike, plain
from local.emulators.ledger import Entry
from local.emulators.server import HangUpError, Request
from local.studio import Studio
from shared.record import VideoRecord

AT_ONCE = 4


@dataclass
class Crash:
    """Watches one video's steps, and kills the function at the step numbered `at`, before or after it takes effect."""

    studio: Studio
    video: str
    at: int | None
    after: bool
    steps: list[str] = field(default_factory=list[str])
    struck: bool = False

    def see(self, seen: Seen) -> None:
        if seen.by_function and seen.service in ("s3", "dynamodb") and self.video in seen.text:
            self._step(f"{seen.service} {' '.join(seen.text.split()[:1])}", seen.answered)

    def order(self, request: Request, answered: bool) -> None:
        if self.video.lower().encode() in request.body:
            try:
                self._step("veo order", answered)
            except ConnectionError as error:
                raise HangUpError from error

    def _step(self, name: str, answered: bool) -> None:
        if answered != self.after or self.struck:
            return
        self.steps.append(name)
        if len(self.steps) - 1 == self.at:
            self.struck = True
            self.studio.cloud.kill(self.video)
            raise ConnectionError


@pytest.fixture(name="studio", scope="module")
def fast_studio() -> Iterator[Studio]:
    with Studio(pace=PACE, make=alike(plain), recogniser=Remembering()) as studio:
        yield studio


@pytest.fixture(name="recording", scope="module")
def short_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording_of(tmp_path_factory.mktemp("crashes"), SHORT)


def run(studio: Studio, recording: Path, at: int | None, after: bool) -> tuple[Crash, VideoRecord]:
    api = ApiClient(studio.cloud.api_url, studio.token())
    video = api.upload(recording, "crash", "audio/flac")
    api.start(video, {"targetDuration": 5, "captions": "none"})
    crash = Crash(studio, video, at, after)
    studio.cloud.aws.listeners.append(crash.see)
    studio.veo.listeners.append(crash.order)
    ended(studio, video)
    studio.cloud.aws.listeners.remove(crash.see)
    studio.veo.listeners.remove(crash.order)
    return crash, record_of(studio, video)


def sold(studio: Studio, record: VideoRecord) -> list[Entry]:
    return [sale for sale in studio.veo.ledger.charged_clips() if sale.video == record.video_id.lower()]


@pytest.mark.timeout(1800)
def test_a_crash_at_any_step_buys_no_clip_twice(studio: Studio, recording: Path) -> None:
    whole, record = run(studio, recording, None, after=True)
    assert record.ai_generation_status == "completed"
    assert {"veo order", "dynamodb UpdateItem", "s3 PUT", "s3 GET"} <= set(whole.steps)
    moments = [(at, after) for at in range(len(whole.steps)) for after in (False, True)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(run, studio, recording, *moment) for moment in moments]
        runs = [one.result() for one in running]
    ends = {(crash.at, crash.after, crash.steps[-1]): record.ai_generation_status for crash, record in runs}
    for crash, record in runs:
        assert crash.struck, crash
        assert len(sold(studio, record)) <= 1, crash
        assert audit.faults(record, studio.veo.ledger.clips()) == [], crash
    # Only where nobody can know whether the clip was bought does a job need a person.
    undone = {step for (_, _, step), status in ends.items() if status != "completed"}
    assert undone <= {"veo order", "dynamodb UpdateItem"}
    assert list(ends.values()).count("completed") >= len(moments) - 4
