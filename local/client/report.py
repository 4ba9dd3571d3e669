"""What a command prints of what it has made, and the exit status that tells how it went.

Touches standard output and standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from local.api_client import ApiError
from local.client import exit_status, make
from local.client.batch import Outcome
from local.client.options import BAD_INPUT
from local.client.plan import text as plan_text
from local.client.plan.api import TaggedPlan
from shared.http.views import VideoView

DONE = 0
FAILED = 1
# Columns of a table where there is no terminal.
WIDTH = 160
# How to go on with a video, by its id; None when it is not kept.
Command = Callable[[str], str | None]


def tell(outcomes: Sequence[Outcome], command: Command, *, as_json: bool) -> int:
    """Print what came of each; return the worst exit status, a failure before bad input."""
    records = [outcome.result for outcome in outcomes if isinstance(outcome.result, VideoView)]
    for outcome in outcomes:
        if isinstance(outcome.result, VideoView):
            _tell_of(outcome, outcome.result, command, as_json=as_json, is_alone=len(outcomes) == 1)
    if as_json:
        print(make.record_json(records[0] if len(outcomes) == 1 else records, ascii_only=is_narrow()))
    failures = [(failure.job.name, failure.result) for failure in outcomes if not isinstance(failure.result, VideoView)]
    worst = [say(f"{name}: {error}", status(error)) for name, error in failures]
    return min(worst, default=DONE)


def _tell_of(outcome: Outcome, record: VideoView, command: Command, *, as_json: bool, is_alone: bool) -> None:
    about = "" if is_alone else f"{outcome.job.name}: "
    for note in record.ai_generation_data.degraded if record.ai_generation_data else ():
        exit_status.say(f"note: {about}{note}")
    files = outcome.job.toward(make.goal_of(record)).files
    if not as_json and files:
        print(files[0])
    if outcome.plan:
        if not as_json and not files:
            print_plan(outcome.plan)
        for line in plan_text.outlook(record, outcome.plan, command(record.video_id)):
            exit_status.say(f"{about}{line}")


def print_plan(plan: TaggedPlan, console: Console | None = None) -> None:
    """Print the plan as a table, on standard output unless another console is named."""
    target = console or Console()
    # A file or a pipe has no width: there no row is to be cut.
    width = None if target.is_terminal else WIDTH
    target.print(plan_text.table(plan), width=width)


def is_narrow() -> bool:
    """Return whether standard output takes few letters only."""
    return not (sys.stdout.encoding or "").lower().startswith("utf")


def status(error: make.GenerationFailed | ApiError) -> int:
    """Return the exit status that tells of an error."""
    server_errors = 500
    by_input = error.status < server_errors if isinstance(error, ApiError) else error.by_input
    return BAD_INPUT if by_input else FAILED


def say(message: str, status: int) -> int:
    """Say why a command ends, and return its exit status."""
    exit_status.say(f"reelwright: {message}")
    return status
