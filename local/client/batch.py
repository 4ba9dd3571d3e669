"""Several recordings through the system at once: uploaded in turn, started as a batch, watched together.

Touches the API and the output folder, as `local.client.make` does for one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from local.api_client import ApiClient, ApiError
from local.client.make import POLL_SECONDS, GenerationFailed, VideoJob, finish, upload, wishes
from local.client.plan.api import TaggedPlan
from local.client.progress import Progress
from shared.errors import InvalidRequest
from shared.http.requests import BATCH_LIMIT
from shared.http.views import VideoView


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its record, or why there is none; and its plan when that waits for a review."""

    job: VideoJob
    result: VideoView | GenerationFailed | ApiError
    plan: TaggedPlan | None = None


def check_names(jobs: Sequence[VideoJob]) -> None:
    """Raise InvalidRequest when the results of one recording would overwrite those of another."""
    recordings: dict[str, Path] = {}
    for job in jobs:
        # Some file systems know no case.
        other = recordings.setdefault(job.name.casefold(), job.recording)
        if other is not job.recording and other == job.recording:
            raise InvalidRequest(f"{other} is named twice; name it once.")
        if other is not job.recording:
            raise InvalidRequest(
                f"{other} and {job.recording} would have the same results; make them apart, with --out."
            )


def run_all(
    jobs: Sequence[VideoJob], api: ApiClient, progress: Progress, pause: Callable[[float], None] = time.sleep
) -> list[Outcome]:
    """Make all the videos and write their files; return the outcomes in the jobs' order.

    Raises ApiError when the API is out of reach, or refuses an upload.
    """
    running = {upload(job, api): job for job in jobs}
    return watch_all(running, _start(running, api), api, progress, pause)


def watch_all(
    running: dict[str, VideoJob],
    earlier_outcomes: dict[str, Outcome],
    api: ApiClient,
    progress: Progress,
    pause: Callable[[float], None],
) -> list[Outcome]:
    """Watch the videos by their ids, but for those that have ended, until all have; return what came of each."""
    outcomes = dict(earlier_outcomes)
    while len(outcomes) < len(running):
        for video_id, job in running.items():
            if video_id not in outcomes and (outcome := _look(video_id, job, api, progress)):
                outcomes[video_id] = outcome
        pause(POLL_SECONDS)
    return [outcomes[video_id] for video_id in running]


def _start(running: dict[str, VideoJob], api: ApiClient) -> dict[str, Outcome]:
    """Start all of them; return the outcomes of those that were refused."""
    refusals: dict[str, Outcome] = {}
    waiting = iter(running.items())
    while part := dict(islice(waiting, BATCH_LIMIT)):
        answers = api.start_all([{"videoId": video_id, **wishes(job, video_id, api)} for video_id, job in part.items()])
        for (video_id, job), problem in zip(part.items(), answers, strict=True):
            if problem:
                refusals[video_id] = Outcome(job, problem)
    return refusals


def _look(video_id: str, job: VideoJob, api: ApiClient, progress: Progress) -> Outcome | None:
    record = api.show(video_id)
    progress.show(job.name, record)
    if record.ai_generation_status == "processing":
        return None
    try:
        return Outcome(job, finish(job, record, api))
    except (GenerationFailed, ApiError) as error:
        return Outcome(job, error)
