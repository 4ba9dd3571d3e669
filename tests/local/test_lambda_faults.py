"""Every stage's function dies, runs out of time or ends without a reason: once is survived, twice is named."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.chaos import audit
from local.chaos.menu import STAGES
from local.chaos.run import PACE, SHORT, Remembering, ended, record_of, recording_of
from local.emulators.clips import alike, plain
from local.emulators.faults import Fault
from local.studio import Studio
from shared.record import VideoRecord

AT_ONCE = 4
KINDS = {"killed": 0.0, "killed_after": 0.0, "timeout": 0.001, "unknown": 0.0}
NAMES = {"Runtime.ExitError", "Sandbox.Timedout", "Lambda.Unknown", "SubmitOutcomeUnknown"}


@pytest.fixture(name="studio", scope="module")
def fast_studio() -> Iterator[Studio]:
    with Studio(pace=PACE, make=alike(plain), recogniser=Remembering()) as studio:
        yield studio


@pytest.fixture(name="recording", scope="module")
def short_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording_of(tmp_path_factory.mktemp("deaths"), SHORT)


def run(studio: Studio, recording: Path, stage: str, kind: str, times: int) -> VideoRecord:
    api = ApiClient(studio.cloud.api_url, studio.token())
    video = api.upload(recording, "death", "audio/flac")
    studio.cloud.lambda_faults.add(Fault(kind, "", times, f"-{stage}-\n{video}", KINDS[kind]))
    api.start(video, {"targetDuration": 5, "captions": "none"})
    ended(studio, video)
    return record_of(studio, video)


def runs(studio: Studio, recording: Path, times: int, kinds: list[str]) -> dict[tuple[str, str], VideoRecord]:
    cases = [(stage, kind) for stage in STAGES for kind in kinds]

    def one(case: tuple[str, str]) -> VideoRecord:
        return run(studio, recording, *case, times)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(cases, pool.map(one, cases), strict=True))


@pytest.mark.timeout(1200)
def test_a_stage_that_dies_once_is_run_again(studio: Studio, recording: Path) -> None:
    made = runs(studio, recording, 1, ["killed_after", "timeout", "unknown"])
    for case, record in made.items():
        assert record.ai_generation_status == "completed", (case, record.ai_generation_data)
        assert audit.faults(record, studio.veo.ledger.clips()) == [], case


@pytest.mark.timeout(1200)
def test_a_stage_that_dies_twice_fails_the_job_by_name(studio: Studio, recording: Path) -> None:
    made = runs(studio, recording, 2, ["killed"])
    for case, record in made.items():
        data = record.ai_generation_data
        assert data, case
        assert data.failure, case
        assert (record.ai_generation_status, data.failure.error in NAMES) == ("failed", True), case
        assert audit.faults(record, studio.veo.ledger.clips()) == [], case
