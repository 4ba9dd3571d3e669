"""An execution is stopped at every task of the machine; its job is resumed, perhaps stopped again, and completes.

The function that the task called goes on meanwhile, as in AWS: what it bought, or is buying, is not bought again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from local.api_client import ApiClient, ApiError
from local.emulators.aws.faults_before_moto import ObservedRequest
from local.emulators.messages import EmulatorRequest
from local.http.keys import STATE_MACHINES
from local.moto_plugins.history import of_job
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.run import await_end, record_of

# Each takes every third stop.
JOBS = 3
PATIENCE = 300.0
LOOK = 0.2
CAUSE = "stopped by the test"
CHOICES = {"targetDuration": 5, "captions": "none"}
# The task that buys the clip; the one that reads of it; those whose write may come before the record is repaired.
BUYS = "GenerateScene"
READS = "PollVeo"
COMPLETES = ("MarkCompleted", "Tell")


@dataclass
class Stop:
    """Watches the requests of one video's machine; stops the execution as the task `at` makes its first."""

    system: LocalSystem
    video: str
    at: str | None
    tasks: set[str] = field(default_factory=set[str])
    struck_request: str = ""
    has_struck: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, request: ObservedRequest) -> None:
        if request.is_answered and request.text == self.struck_request:
            self.over.set()
        if (
            request.caller != STATE_MACHINES
            or request.is_answered
            or self.video not in request.text
            or self.struck_request
        ):
            return
        with self.lock:
            arn = execution_of(record_of(self.system, self.video))
            tasks = tasks_entered(self.system, arn)
            self.tasks.update(tasks[-1:])
            if self.at in tasks[-1:]:
                self.struck_request = request.text
                stop(self.system, arn)
                self.has_struck.set()


@dataclass
class Order:
    """Holds a video's first order until the second has come, and that one until the first one's function is over."""

    video: str
    count: int = 0
    came: list[threading.Event] = field(default_factory=lambda: [threading.Event(), threading.Event()])
    over: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)

    def order(self, request: EmulatorRequest, is_answered: bool) -> None:
        if is_answered or self.video.lower().encode() not in request.body:
            return
        self.count += 1
        came, free = (self.came[0], self.free) if self.count == 1 else (self.came[1], self.over)
        came.set()
        free.wait(PATIENCE)

    def see(self, request: ObservedRequest) -> None:
        is_answer_to_machine = request.caller == STATE_MACHINES and request.is_answered and self.video in request.text
        if is_answer_to_machine and f"-{BUYS}-" in request.text:
            self.over.set()


@dataclass(frozen=True)
class Interruption:
    """A stop, the record when that execution was over, and why the job had to wait until it went on."""

    stop: Stop
    record: VideoRecord
    refusals: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Run:
    """What became of a job: each of its interruptions, what its last execution was, and the record at its end."""

    interruptions: list[Interruption]
    tasks: set[str]
    record: VideoRecord


def execution_of(record: VideoRecord) -> str:
    assert record.ai_generation_data
    return record.ai_generation_data.execution_arn


def tasks_entered(system: LocalSystem, arn: str) -> list[str]:
    """The tasks that an execution has entered, in order."""
    events = of_job(system.cloud.client("stepfunctions"), arn)
    return [event["stateEnteredEventDetails"]["name"] for event in events if event["type"] == "TaskStateEntered"]


def await_settlement(system: LocalSystem, video: str) -> VideoRecord:
    """Wait until the record tells of an end, as a client that polls."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        record = record_of(system, video)
        if record.ai_generation_status != "processing":
            return record
        time.sleep(LOOK)
    raise AssertionError("the record is left processing")


def stop(system: LocalSystem, arn: str) -> None:
    system.cloud.client("stepfunctions").stop_execution(executionArn=arn, cause=CAUSE)


@contextmanager
def watching(system: LocalSystem, video: str, at: str | None) -> Generator[Stop]:
    stop = Stop(system, video, at)
    system.cloud.aws.listeners.append(stop.see)
    yield stop
    system.cloud.aws.listeners.remove(stop.see)


def run(system: LocalSystem, recording: Path, at: Sequence[str]) -> Run:
    """Make a video; stop it at each of the tasks `at`, an execution each, and let it come to its end."""
    api = ApiClient(system.cloud.api_url, system.token())
    video = api.upload(recording, "stop", "audio/flac")
    interruptions: list[Interruption] = []
    tasks = set[str]()
    for task in (*at, None):
        with watching(system, video, task) as stop:
            if not interruptions:
                api.start(video, CHOICES)
            elif interruptions[-1].record.ai_generation_status == "failed":
                interruptions[-1].refusals.update(resume(api, video))
            # A record may be settled before the last tasks are entered.
            assert task is None or stop.has_struck.wait(PATIENCE), task
            record = await_settlement(system, video)
            if task is None:
                # The end is told after it is written.
                await_end(system, video)
            if task == BUYS:
                # An order that is still under way has tests of its own below.
                assert stop.over.wait(PATIENCE)
        interruptions += [Interruption(stop, record)] if task else []
        tasks = stop.tasks
    return Run(interruptions, tasks, record_of(system, video))


def resume(api: ApiClient, video: str) -> set[str]:
    """Resume the job as soon as the API lets it; return why it was refused before."""
    refusals = set[str]()
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        try:
            api.resume(video)
        except ApiError as error:
            refusals.add(error.code)
            time.sleep(LOOK)
        else:
            return refusals
    raise AssertionError(f"it cannot be resumed: {refusals}")


@pytest.mark.timeout(900)
def test_a_stop_at_any_task_leaves_a_job_that_can_be_resumed(system: LocalSystem, short_talk: Path) -> None:
    whole = run(system, short_talk, ())
    tasks = tasks_entered(system, execution_of(whole.record))
    assert whole.tasks == set(tasks)
    names = list(dict.fromkeys(tasks))
    # After one of the last there may be nothing to resume.
    assert set(names[-JOBS:]) >= set(COMPLETES)
    with ThreadPoolExecutor(JOBS) as pool:
        runs = list(pool.map(partial(run, system, short_talk), [names[first::JOBS] for first in range(JOBS)]))
    assert [each.stop.at for outcome in runs for each in outcome.interruptions if each.stop.struck_request] == [
        name for first in range(JOBS) for name in names[first::JOBS]
    ]
    for outcome in runs:
        for each in outcome.interruptions:
            assert truthful(each.record, each.stop.at), outcome
            # The clip may be stored between the API's look at the record and its write.
            assert each.refusals <= ({"NotResumable"} if each.stop.at == READS else set()), outcome
        assert outcome.record.ai_generation_status == "completed", outcome
        assert len(audit.charged(outcome.record, system.veo.ledger.clips())) == 1, outcome
        assert audit.faults(outcome.record, system.veo.ledger.clips()) == [], outcome


def truthful(record: VideoRecord, at: str | None) -> bool:
    """Whether a record tells of the stop, or of the end that was written before it."""
    failure = record.ai_generation_data.failure if record.ai_generation_data else None
    if failure is None:
        return record.ai_generation_status == "completed" and at in COMPLETES
    is_told = failure.error == "ExecutionEnded" and CAUSE in failure.message
    return is_told and record.ai_generation_status == "failed" and at != "Tell"


def interrupted_job(system: LocalSystem, recording: Path) -> tuple[ApiClient, Order]:
    """Return a job that was stopped while its order was under way, and is failed; the order goes on when it is free."""
    api = ApiClient(system.cloud.api_url, system.token())
    order = Order(api.upload(recording, "order", "audio/flac"))
    system.veo.listeners.append(order.order)
    system.cloud.aws.listeners.append(order.see)
    api.start(order.video, CHOICES)
    assert order.came[0].wait(PATIENCE)
    stop(system, execution_of(record_of(system, order.video)))
    assert truthful(await_settlement(system, order.video), BUYS)
    with pytest.raises(ApiError) as failure:
        api.resume(order.video)
    assert failure.value.code == "SceneMayBeBought"
    return api, order


def test_a_job_whose_order_was_under_way_goes_on_with_it(system: LocalSystem, short_talk: Path) -> None:
    api, order = interrupted_job(system, short_talk)
    order.free.set()
    assert resume(api, order.video) <= {"SceneMayBeBought", "NotResumable"}
    assert await_end(system, order.video) == "SUCCEEDED"
    record = record_of(system, order.video)
    assert (order.count, audit.faults(record, system.veo.ledger.clips())) == (1, [])


def test_an_order_that_outlives_its_execution_is_not_taken_for_the_next(system: LocalSystem, short_talk: Path) -> None:
    api, order = interrupted_job(system, short_talk)
    api.resume(order.video, order_again=True)
    assert order.came[1].wait(PATIENCE)
    order.free.set()
    assert await_end(system, order.video) == "SUCCEEDED"
    record = record_of(system, order.video)
    assert record.ai_generation_status == "completed"
    bill = audit.bill(record, system.veo.ledger.clips())
    # The user chose to pay twice, should the first order have been accepted; the record counts the clip it has.
    assert order.count == 2
    assert bill.sold_usd == pytest.approx(2 * bill.counted_usd)
