"""Every stage's function dies, runs out of time or ends without a reason: once is survived, twice is named."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.emulators.faults import Fault
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.menu import STAGES
from tests.chaos.run import await_end, record_of

AT_ONCE = 4
# What draws is called by a draft alone.
DRAWS = "DrawScene"
OF_A_VIDEO = tuple(stage for stage in STAGES if stage != DRAWS)
KINDS = {"killed": 0.0, "killed_after": 0.0, "timeout": 0.001, "unknown": 0.0, "out_of_memory": 0.0}
NAMES = {"Runtime.ExitError", "Sandbox.Timedout", "Lambda.Unknown", "SubmitOutcomeUnknown"}


def run(system: LocalSystem, recording: Path, stages: Collection[str], kind: str, times: int) -> VideoRecord:
    """Make a film, or a draft, while each of the stages dies `times` times, and return its record."""
    api = ApiClient(system.cloud.api_url, system.token())
    video = api.upload(recording, "death", "audio/flac")
    for stage in stages:
        system.cloud.lambda_faults.add(Fault(kind, "", times, f"-{stage}-\n{video}", KINDS[kind]))
    api.start(video, {"targetDuration": 5, "captions": "none", "goal": "draft" if DRAWS in stages else "video"})
    await_end(system, video)
    assert not system.cloud.lambda_faults.waiting(video), kind
    return record_of(system, video)


@pytest.mark.timeout(1200)
def test_every_stage_may_die_once_in_one_job(system: LocalSystem, short_talk: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        kinds = ("killed_after", "timeout", "unknown", "out_of_memory")
        running = {kind: pool.submit(run, system, short_talk, OF_A_VIDEO, kind, 1) for kind in kinds}
        draft = pool.submit(run, system, short_talk, [DRAWS], "killed_after", 1)
    for kind, job in running.items():
        record = job.result()
        assert record.ai_generation_status == "completed", (kind, record.ai_generation_data)
        assert audit.faults(record, system.veo.ledger.clips()) == [], kind
    assert draft.result().ai_generation_status == "awaiting_review"


@pytest.mark.timeout(1200)
def test_a_stage_that_dies_twice_fails_the_job_by_name(system: LocalSystem, short_talk: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {stage: pool.submit(run, system, short_talk, [stage], "killed", 2) for stage in STAGES}
    for stage, job in running.items():
        record = job.result()
        data = record.ai_generation_data
        assert data, stage
        assert data.failure, stage
        assert (record.ai_generation_status, data.failure.error in NAMES) == ("failed", True), stage
        assert audit.faults(record, system.veo.ledger.clips()) == [], stage
