"""What came of a generation, seen to its end at the terminal, and the commands that go on with it.

Touches the API and the terminal.
"""

from __future__ import annotations

import argparse
import shlex
import time
from collections.abc import Sequence

from local.api_client import ApiClient
from local.client import exit_status, make, report
from local.client.batch import Outcome
from local.client.make import VideoJob
from local.client.plan import api as plan_api
from local.client.progress import for_console, standard_error
from shared.http.views import VideoView


def outcome_of(job: VideoJob, record: VideoView, api: ApiClient) -> Outcome:
    """Return what came of a job, with its plan where that is what the next step is about."""
    # Moments are no plan.
    is_waiting = record.ai_generation_status == "awaiting_review" and make.goal_of(record) != "moments"
    return Outcome(job, record, plan_api.show(api, record.video_id) if is_waiting else None)


def with_plan(outcome: Outcome, api: ApiClient) -> Outcome:
    """Return what came of a job, with its plan where there is one to go on with."""
    return outcome_of(outcome.job, outcome.result, api) if isinstance(outcome.result, VideoView) else outcome


def tell(outcomes: Sequence[Outcome], namespace: argparse.Namespace, *, is_kept: bool = True) -> int:
    """Print what came of each, and return the exit status; `is_kept` says whether a later command can go on."""
    commands = how_to_go_on(namespace, is_kept=is_kept)
    return report.tell(outcomes, commands, as_json=namespace.json, is_charged=bool(namespace.live))


def how_to_go_on(namespace: argparse.Namespace, *, is_kept: bool) -> report.NextCommands:
    """Return what tells the command lines that edit a video's plan and go on with it, by the video's id."""
    store = ["--data", str(namespace.data)] if namespace.data else []
    live = ["--live", ",".join(namespace.live)] if namespace.live else []

    def commands(video_id: str) -> tuple[str, str] | None:
        edit = shlex.join(["reelwright", "edit", video_id, *store])
        return (edit, shlex.join(["reelwright", "run", video_id, *store, *live])) if is_kept else None

    return commands


def say(line: str) -> None:
    """Say a line of the progress."""
    # An empty line ends what is shown while there is a live view.
    if line:
        exit_status.say(line)


def watch(job: VideoJob, video_id: str, api: ApiClient) -> VideoView:
    """Return the video once its generation has ended, and show how it goes until then."""
    with for_console(standard_error()) as progress:
        return make.watch(job, video_id, api, progress, time.sleep)
