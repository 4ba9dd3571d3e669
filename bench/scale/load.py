"""`make load`: many users with several jobs each, all at once; the exit status is 1 when one was lost or doubled.

Touches the embedded cloud, a folder for the recording, and standard output; clips are plain, speech is heard once.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.course import SHORTEST_FILM
from tests.chaos.run import CLIPS, PACE, SHORT, Remembering, record_of, recording_of

CHOICES = {"targetDuration": SHORTEST_FILM, "prompt": "A quiet journey"}
# Seconds between two looks at the executions, and how long all may take.
LOOK = 1.0
PATIENCE = 7200.0
TRIES = 1000
STATUS = {"completed": "SUCCEEDED", "failed": "FAILED"}


@dataclass(frozen=True)
class LoadReport:
    """What became of all jobs; `alone` is how long one of them takes by itself, in seconds."""

    records: list[VideoRecord]
    executions: int
    clips_sold: int
    wrong: list[str]
    seconds: float
    alone: float

    @property
    def figures(self) -> dict[str, Any]:
        """The counts, and how much faster the jobs were together than one after the other."""
        return {
            "jobs": len(self.records),
            "executions": self.executions,
            "clips needed": sum(len(_data(record).vertex_ai_tasks) for record in self.records),
            "clips sold": self.clips_sold,
            "ends": dict(Counter(_end(record) for record in self.records)),
            "wrong": len(self.wrong),
            "minutes": round(self.seconds / 60, 1),
            "together / one by one": round(self.seconds / (self.alone * len(self.records)), 2),
        }


def main() -> int:
    """Run, print what is wrong and one line of figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale.load")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=4, help="of each user")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(arguments.users, arguments.jobs, Path(folder))
    print(*report.wrong, json.dumps(report.figures), sep="\n")
    return 1 if report.wrong else 0


def run(users: int, jobs: int, folder: Path) -> LoadReport:
    """Let each of `users` start `jobs` at the same moment, wait for all, and look at what is left."""
    recording = recording_of(folder, SHORT)
    with LocalSystem(pace=PACE, make=CLIPS, recogniser=Remembering()) as system:
        clients = [signed_in(system, f"user{number}") for number in range(users)]
        # The first job starts the functions and hears the recording; the second is measured.
        alone = [_together(system, clients[:1], 1, recording) for _ in range(2)][-1].seconds
        before = executions_of(system)
        outcome = _together(system, clients, jobs, recording)
        executions = {arn: status for arn, status in executions_of(system).items() if arn not in before}
        ids = {record.video_id.lower() for record in outcome.records}
        sales = [sale for sale in system.veo.ledger.clips() if sale.video in ids]
    wrong = lost_or_doubled(outcome.records, executions, jobs)
    wrong += [f"{record.video_id}: {fault}" for record in outcome.records for fault in audit.faults(record, sales)]
    return LoadReport(
        outcome.records, len(executions), sum(sale.charged for sale in sales), wrong, outcome.seconds, alone
    )


@dataclass(frozen=True)
class _Made:
    records: list[VideoRecord]
    seconds: float


def _together(system: LocalSystem, clients: list[ApiClient], jobs: int, recording: Path) -> _Made:
    """Let all clients start their jobs at the same moment, and wait until no execution runs."""
    with ThreadPoolExecutor(len(clients), thread_name_prefix="user") as pool:
        videos = list(pool.map(partial(upload, jobs, recording), clients))
        began = time.monotonic()
        list(pool.map(_start, clients, videos))
    while "RUNNING" in executions_of(system).values() and time.monotonic() < began + PATIENCE:
        time.sleep(LOOK)
    return _Made([record_of(system, video) for some in videos for video in some], time.monotonic() - began)


def signed_in(system: LocalSystem, name: str) -> ApiClient:
    """Return the client of a new user."""
    system.cloud.add_user(name)
    token = system.cloud.id_token(name)
    return ApiClient(system.cloud.api_url, lambda: token, tries=TRIES)


def upload(jobs: int, recording: Path, api: ApiClient) -> list[str]:
    """Upload the recording for so many videos of the user, and return their ids."""
    return [api.upload(recording, f"Job {number}", "audio/flac") for number in range(jobs)]


def _start(api: ApiClient, videos: list[str]) -> None:
    """Start the jobs of one user as a batch, which is asked for until it is answered."""
    refusals = api.start_all([{"videoId": video, **CHOICES} for video in videos])
    for refusal in refusals:
        if refusal:
            raise refusal


def executions_of(system: LocalSystem) -> dict[str, str]:
    """Return the status of every execution that Step Functions knows, by its ARN."""
    client = system.cloud.client("stepfunctions")
    arn = system.cloud.outputs["StateMachineArn"]
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn)
    return {row["executionArn"]: row["status"] for page in pages for row in page["executions"]}


def lost_or_doubled(records: list[VideoRecord], executions: dict[str, str], jobs: int) -> list[str]:
    """Return a sentence for each execution or record that is not the one of a job, of which each user has `jobs`."""
    own = {_data(record).execution_arn: record for record in records}
    wrong = [f"{arn} belongs to no job" for arn in executions.keys() - own.keys()]
    wrong += [f"{arn} is lost" for arn in own.keys() - executions.keys()]
    wrong += [f"{len(records) - len(own)} jobs share an execution"] * (len(own) < len(records))
    wrong += [
        f"{arn} is {executions[arn]}, its record {record.ai_generation_status}"
        for arn, record in own.items()
        if executions.get(arn) != STATUS.get(str(record.ai_generation_status))
    ]
    mine = Counter(record.user_id for record in records)
    return wrong + [f"{user} has {count} jobs" for user, count in mine.items() if count != jobs]


def _data(record: VideoRecord) -> Any:
    assert record.ai_generation_data
    return record.ai_generation_data


def _end(record: VideoRecord) -> str:
    failure = _data(record).failure
    return failure.error if failure else str(record.ai_generation_status)


if __name__ == "__main__":
    sys.exit(main())
