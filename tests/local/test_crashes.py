"""A function dies at every single thing it does, once a job: what was bought before is never bought again.

A step is a function's nth request to AWS within one invocation, or the order to Veo: neither how often a clip is asked
for nor when settle is called again changes which steps there are. A function does one thing after the other, so dying
after a step is dying before the next; and a step that only reads leaves the world as it was. So each function dies
before its first step, after each that writes and after its last, and on both sides of the order. One job takes a crash
of each function, as each is tried again by itself; where nobody can know whether a clip was bought, the job ends, so
such a crash has a job of its own.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

from local.api_client import ApiClient
from local.emulators.aws.faults_before_moto import ObservedRequest
from local.emulators.messages import EmulatorRequest, HangUpError
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.run import await_end, record_of

AT_ONCE = 6
# The others run when they like: before the execution, or after it.
FUNCTIONS = ("Transcribe", "Plan", "GenerateScene", "PollVeo", "RenderScene", "Stitch", "Settle")
# A secret is read once a process.
SERVICES = ("s3", "dynamodb", "transcribe", "events")
READS = ("GET", "HEAD", "GetItem")


class Step(NamedTuple):
    """The request numbered `nth`, from 1, of one invocation of a function."""

    function: str
    nth: int


ORDER = Step("Veo", 1)


class Moment(NamedTuple):
    """Just before or just after a step takes effect."""

    step: Step
    after: bool


@dataclass
class Crash:
    """Watches one video's steps, and kills each function that comes to one of the moments `at`, once a moment."""

    system: LocalSystem
    video: str
    at: frozenset[Moment]
    # What each step does: the service and the operation.
    steps: dict[Step, str] = field(default_factory=dict[Step, str])
    strikes: set[Moment] = field(default_factory=set[Moment])
    counts: Counter[str] = field(default_factory=Counter[str])
    buyer: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, request: ObservedRequest) -> None:
        function = function_of(request)
        if function not in FUNCTIONS or request.service not in SERVICES:
            return
        with self.lock:
            # Not every request names the video, but an invocation's first does.
            if self.video not in request.text and not self.counts[request.trace]:
                return
            self.counts[request.trace] += not request.is_answered
            step = Step(function, self.counts[request.trace])
            self.steps.setdefault(step, f"{request.service} {request.text.split()[0]}")
            self.buyer = request.trace if function == "GenerateScene" else self.buyer
            self._strike(Moment(step, request.is_answered), request.trace)

    def order(self, request: EmulatorRequest, is_answered: bool) -> None:
        if self.video.lower().encode() not in request.body:
            return
        with self.lock:
            self.steps[ORDER] = "veo order"
            try:
                self._strike(Moment(ORDER, is_answered), self.buyer)
            except ConnectionError as error:
                raise HangUpError from error

    def _strike(self, moment: Moment, invocation: str) -> None:
        if moment in self.at - self.strikes:
            if self.system.cloud.kill(invocation) == 1:
                self.strikes.add(moment)
            raise ConnectionError


def function_of(request: ObservedRequest) -> str:
    """The function that made a request, by its id in the template."""
    return request.caller.split("-")[1] if request.trace else ""


def run(system: LocalSystem, recording: Path, at: frozenset[Moment]) -> tuple[Crash, VideoRecord]:
    api = ApiClient(system.cloud.api_url, system.token())
    video = api.upload(recording, "crash", "audio/flac")
    crash = Crash(system, video, at)
    system.cloud.aws.listeners.append(crash.see)
    system.veo.listeners.append(crash.order)
    api.start(video, {"targetDuration": 5, "captions": "none"})
    await_end(system, video)
    system.cloud.aws.listeners.remove(crash.see)
    system.veo.listeners.remove(crash.order)
    return crash, record_of(system, video)


def moments(steps: dict[Step, str]) -> list[Moment]:
    """The moments that differ in what was done before them."""
    return [moment for step in sorted(steps) for moment in around(step, steps)]


def around(step: Step, steps: dict[Step, str]) -> list[Moment]:
    before = Moment(step, after=False)
    after = Moment(step, after=True)
    earlier = steps.get(step._replace(nth=step.nth - 1), "")
    last = step._replace(nth=step.nth + 1) not in steps
    return [before] * (not earlier.endswith(READS)) + [after] * last


def jobs_of(crashes: list[Moment], alone: set[Moment]) -> list[frozenset[Moment]]:
    """The crashes of each job: at most one of each function, and those `alone` by themselves."""
    by_function: dict[str, list[Moment]] = {}
    for moment in crashes:
        if moment not in alone:
            by_function.setdefault(moment.step.function, []).append(moment)
    together = (frozenset(filter(None, row)) for row in zip_longest(*by_function.values()))
    return [*together, *(frozenset({moment}) for moment in crashes if moment in alone)]


@pytest.mark.timeout(900)
def test_a_crash_at_any_step_buys_no_clip_twice(system: LocalSystem, short_talk: Path) -> None:
    whole, record = run(system, short_talk, frozenset())
    assert record.ai_generation_status == "completed"
    assert {step.function for step in whole.steps} == {*FUNCTIONS, ORDER.function}
    assert {"veo order", "dynamodb UpdateItem", "s3 PUT", "events PutEvents"} <= set(whole.steps.values())
    crashes = moments(whole.steps)
    assert len(crashes) > 2 * len(FUNCTIONS)
    # Only where nobody can know whether the clip was bought does a job need a person.
    last_step = max(step for step in whole.steps if step.function == "GenerateScene")
    unknown = {Moment(ORDER, after=False), Moment(ORDER, after=True), Moment(last_step, after=False)}
    assert unknown <= set(crashes)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = list(pool.map(partial(run, system, short_talk), jobs_of(crashes, unknown)))
    assert {moment for crash, _ in runs for moment in crash.at} == set(crashes)
    for crash, record in runs:
        assert crash.strikes == crash.at, crash
        assert len(audit.charged(record, system.veo.ledger.clips())) <= 1, crash
        assert audit.faults(record, system.veo.ledger.clips()) == [], crash
        assert (record.ai_generation_status == "completed") == crash.at.isdisjoint(unknown), crash
