"""A function dies at every single thing it does, once a job: what was bought before is never bought again.

A step is a function's nth request to AWS within one invocation, or the order of a clip or a still: neither how often a
clip is asked for nor when settle is called again changes which steps there are. A function does one thing after the
other, so dying after a step is dying before the next; and a step that only reads leaves the world as it was. So each
function dies before its first step, after each that writes and after its last, and on both sides of the order. One job
takes a crash of each function, as each is tried again by itself; where nobody can know whether a clip was bought, the
job ends, so such a crash has a job of its own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local.crashes import CHOICES, FUNCTIONS, ORDER, Crash, Moment, jobs_of, moments, unknown_outcomes

AT_ONCE = 6


def run(system: LocalSystem, recording: Path, at: frozenset[Moment]) -> tuple[Crash, VideoRecord]:
    api = ApiClient(system.cloud.api_url, system.token())
    video = api.upload(recording, "crash", "audio/flac")
    crash = Crash(system, video, FUNCTIONS, at)
    with crash.watching():
        api.start(video, CHOICES)
        await_end(system, video)
    return crash, record_of(system, video)


@pytest.mark.timeout(900)
def test_a_crash_at_any_step_buys_no_clip_twice(system: LocalSystem, short_talk: Path) -> None:
    whole, record = run(system, short_talk, frozenset())
    assert record.ai_generation_status == "completed"
    assert {step.function for step in whole.steps} == {*FUNCTIONS, ORDER.function}
    assert {"order", "dynamodb UpdateItem", "s3 PUT", "events PutEvents"} <= set(whole.steps.values())
    crashes = moments(whole.steps)
    assert len(crashes) > 2 * len(FUNCTIONS)
    # Only where nobody can know whether the clip was bought does a job need a person.
    unknown = unknown_outcomes(whole.steps, "clip")
    assert unknown <= set(crashes)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = list(pool.map(partial(run, system, short_talk), jobs_of(crashes, unknown)))
    assert {moment for crash, _ in runs for moment in crash.at} == set(crashes)
    for crash, record in runs:
        assert crash.strikes == crash.at, crash
        assert len(audit.charged(record, system.veo.ledger.clips())) <= 1, crash
        assert audit.faults(record, system.veo.ledger.clips()) == [], crash
        assert (record.ai_generation_status == "completed") == crash.at.isdisjoint(unknown), crash
