"""Drive many jobs at once through the whole system while things go wrong, and look at each when it is over.

Touches what a `LocalSystem` touches; recordings are short, clips plain and made once, speech is recognised once.
"""

from __future__ import annotations

import copy
import hashlib
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import ClassVar

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import ClientError, HTTPClientError

from local.emulators.google.clips import alike, plain
from local.speech.recogniser import ENGLISH_WISH, Recogniser, Speech
from local.speech.recognition import Wish
from local.system import LocalSystem
from shared.budget.accounts import Limits
from shared.choices.words import Goal
from shared.video.record import VideoRecord, from_item
from tests.chaos import audit, leftovers, menu
from tests.chaos.course import TRIES, Course, JobEnd

RECORDING = Path(__file__).parents[2] / "samples" / "austen.flac"
# Seconds of it; a short one is a film of one scene, a long one of several. Every frame costs processor time.
SHORT = 2.4
LONG = 11.5
PACE = {"TranscribePollSeconds": "1", "FirstPollSeconds": "1", "PollSeconds": "1", "SceneConcurrency": "4"}
# The share of its waits that a state machine waits: nothing here needs a second, and no pause between tries.
WAITS = 0.1
SETTINGS = {"SCENE_DEADLINE_SECONDS": "20"}
# Seconds between two looks at a job, and how long one may take.
LOOK = 1.0
PATIENCE = 900.0
# How long after that its end may be told.
SOON = 120.0
# Draws a clip of each length and size once a process.
CLIPS = alike(plain)


@dataclass(frozen=True)
class JobOutcome:
    """What became of a job: its record, its execution's status, and what is wrong with them."""

    job: menu.ChaosJob
    record: VideoRecord
    execution: str
    wrong: list[str]
    is_resumed: bool = False
    goals: list[Goal] = field(default_factory=list[Goal])
    # The ids of what was made of it besides.
    offspring: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class ChaosReport:
    """All outcomes, and what is wrong with the system besides."""

    seed: int
    outcomes: list[JobOutcome]
    wrong: list[str]
    seconds: float
    clips: int = 0
    ends: Counter[str] = field(default_factory=Counter[str])

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not self.wrong and not any(outcome.wrong for outcome in self.outcomes)


class Remembering(Recogniser):
    """Hears each recording once a process, and remembers."""

    _speeches: ClassVar[dict[tuple[str, Wish], Speech]] = {}

    def transcribe(self, media: bytes, media_format: str | None, wish: Wish = ENGLISH_WISH) -> Speech:
        """What is heard; a recording that was heard before costs nothing."""
        key = hashlib.sha256(media).hexdigest(), wish
        if key not in self._speeches:
            self._speeches[key] = super().transcribe(media, media_format, wish)
        return copy.deepcopy(self._speeches[key])


def run(seed: int, jobs: int, at_once: int, folder: Path, tell: Callable[[str], None]) -> ChaosReport:
    """Run `jobs` jobs drawn from `seed`, `at_once` at a time; `tell` hears of each that is over."""
    random = Random(seed)
    jobs_drawn = menu.jobs(random, jobs)
    recordings = {seconds: recording_of(folder, seconds) for seconds in (SHORT, LONG)}
    began = time.monotonic()
    most = limits(jobs)
    settings = {**SETTINGS, "USER_DAILY_BUDGET_USD": str(most.user_day), "DAILY_BUDGET_USD": str(most.deployment_day)}
    # Two users start all jobs, some of them twice, and what is made of them.
    settings["USER_HOURLY_STARTS"] = str(2 * TRIES * jobs)
    with LocalSystem(pace=PACE, settings=settings, make=CLIPS, recogniser=Remembering(), waits=WAITS) as system:
        with ThreadPoolExecutor(at_once, thread_name_prefix="job") as pool:
            running = [pool.submit(_run_job, system, job, recordings, tell) for job in jobs_drawn]
            outcomes = [future.result() for future in running]
        return _report(system, seed, outcomes, time.monotonic() - began)


def limits(jobs: int) -> Limits:
    """Return limits that the last of so many jobs of two users are going to meet: a clip costs 0.60 USD."""
    return Limits(video=25.0, user_day=round(0.2 * jobs, 2), deployment_day=round(0.38 * jobs, 2))


def recording_of(folder: Path, seconds: float) -> Path:
    """Return the first `seconds` of the bundled recording, as a file in `folder`."""
    target = folder / f"talk{seconds}.flac"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(RECORDING), "-t", str(seconds)]
    subprocess.run([*command, str(target)], check=True, stdin=subprocess.DEVNULL)
    return target


def _run_job(
    system: LocalSystem, job: menu.ChaosJob, recordings: dict[float, Path], tell: Callable[[str], None]
) -> JobOutcome:
    seconds, other = (LONG, SHORT) if job.scenes > 1 else (SHORT, LONG)
    course = Course(system, job, partial(_look, system))
    course.go(recordings[seconds], recordings[other], seconds)
    record = course.ends[-1].record
    failure = record.ai_generation_data.failure if record.ai_generation_data else None
    end = f"{record.ai_generation_status} {failure.error if failure else ''}"
    tell(f"{job.number} {course.goals} {end} {list(job.troubles)} {course.wrong}")
    return JobOutcome(
        job, record, course.ends[-1].execution, course.wrong, course.is_resumed, course.goals, course.offspring
    )


def _look(system: LocalSystem, video: str) -> JobEnd:
    """Wait for the end of the video's latest execution, and return it."""
    execution = await_end(system, video)
    record = _await_notice(system, video)
    return JobEnd(record, execution, _wrong(system, record, execution))


def await_end(system: LocalSystem, video: str) -> str:
    """Wait for the end of the video's execution and return its status; RUNNING when it does not end."""
    data = record_of(system, video).ai_generation_data
    assert data
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        execution = system.cloud.client("stepfunctions").describe_execution(executionArn=data.execution_arn)
        if execution["status"] != "RUNNING":
            return execution["status"]
        time.sleep(LOOK)
    return "RUNNING"


def _await_notice(system: LocalSystem, video: str) -> VideoRecord:
    """Wait until the end was told, before which the costs are corrected; return the record, told or not."""
    limit = time.monotonic() + SOON
    while not audit.is_told(record := record_of(system, video)) and time.monotonic() < limit:
        time.sleep(LOOK)
    return record


def record_of(system: LocalSystem, video: str) -> VideoRecord:
    """Return the video's record as it stands in the table."""
    table = system.cloud.outputs["TableName"]
    client = system.cloud.client("dynamodb")
    for _ in range(TRIES):
        # The job's faults may meet this look at it, too.
        with suppress(ClientError, ConnectionError, HTTPClientError):
            return from_item(client.get_item(TableName=table, Key={"video_id": {"S": video}})["Item"])
    raise LookupError(f"the record of {video} cannot be read")


def _wrong(system: LocalSystem, record: VideoRecord, execution: str) -> list[str]:
    sales = system.veo.ledger.entries
    sentences = audit.faults(record, sales) + _execution(record, execution)
    sentences += [] if audit.is_told(record) else ["its end was not told"]
    return sentences + audit.unpaid(record, sales, leftovers.aside(system, record))


def _execution(record: VideoRecord, execution: str) -> list[str]:
    # A job that was cancelled may find out by itself before it is stopped.
    statuses = {"failed": ("FAILED",), "cancelled": ("ABORTED", "FAILED")}
    statuses |= dict.fromkeys(("completed", "awaiting_review"), ("SUCCEEDED",))
    as_promised = execution in statuses.get(str(record.ai_generation_status), ())
    return [] if as_promised else [f"the execution is {execution}, the record {record.ai_generation_status}"]


def _report(system: LocalSystem, seed: int, outcomes: list[JobOutcome], seconds: float) -> ChaosReport:
    ends = Counter(_end(outcome.record) for outcome in outcomes)
    videos = [video for outcome in outcomes for video in (outcome.record.video_id, *outcome.offspring)]
    wrong = leftovers.closing(system, [record_of(system, video) for video in videos])
    records = [record_of(system, video) for video in videos]
    wrong += [f"{record.video_id}: {why}" for record in records for why in audit.told_otherwise(record)]
    wrong += leftovers.objects(system, records) + leftovers.accounts(system, records, limits(len(outcomes)))
    wrong += leftovers.missing(system, records)
    wrong += leftovers.deletions(system, [record for record in records if record.deleted_at])
    clips = len(system.veo.ledger.charged_clips())
    return ChaosReport(seed, outcomes, wrong, seconds, clips, ends)


def _end(record: VideoRecord) -> str:
    failure = record.ai_generation_data.failure if record.ai_generation_data else None
    return failure.error if failure else str(record.ai_generation_status)
