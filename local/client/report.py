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
from local.client.exit_status import BAD_INPUT, DONE, FAILED
from local.client.plan import text as plan_text
from local.client.plan.api import TaggedPlan
from shared.http.views import VideoView

# Columns of a table where there is no terminal.
WIDTH = 160
# How to edit a video's plan and how to go on with it, by its id; None when it is not kept.
NextCommands = Callable[[str], tuple[str, str] | None]


def tell(outcomes: Sequence[Outcome], commands: NextCommands, *, as_json: bool, is_charged: bool) -> int:
    """Print what came of each; return the worst exit status, a failure before bad input.

    `is_charged` says whether a provider was used for real, so that what is told as the cost is on a bill.
    """
    records = [outcome.result for outcome in outcomes if isinstance(outcome.result, VideoView)]
    for outcome in outcomes:
        if isinstance(outcome.result, VideoView):
            _tell_of(outcome, outcome.result, commands, as_json=as_json, is_alone=len(outcomes) == 1)
    if records and not is_charged:
        exit_status.say("Stand-ins made it: nothing is charged.")
    if as_json:
        print(make.record_json(records[0] if len(outcomes) == 1 else records, ascii_only=is_narrow()))
    failures = [(failure.job.name, failure.result) for failure in outcomes if not isinstance(failure.result, VideoView)]
    worst = [exit_status.tell(f"{name}: {error}", status(error)) for name, error in failures]
    return min(worst, default=DONE)


def _tell_of(outcome: Outcome, record: VideoView, commands: NextCommands, *, as_json: bool, is_alone: bool) -> None:
    about = "" if is_alone else f"{outcome.job.name}: "
    for difference in record.ai_generation_data.degraded if record.ai_generation_data else ():
        exit_status.note(f"{about}{difference}")
    files = outcome.job.toward(make.goal_of(record)).files
    if not as_json and files:
        print(files[0])
    if outcome.plan is None and record.ai_generation_data:
        exit_status.say(f"{about}{plan_text.cost(record.ai_generation_data, outcome.job.earlier_usd)}")
    if outcome.plan:
        if not as_json and not files:
            print_plan(outcome.plan)
        for line in plan_text.outlook(record, outcome.plan, commands(record.video_id)):
            exit_status.say(f"{about}{line}")


def print_lines(lines: Sequence[str], none: str) -> None:
    """Print the lines of a list on standard output; say the sentence instead where there are none."""
    for line in lines:
        print(line)
    if not lines:
        exit_status.say(none)


def print_plan(plan: TaggedPlan) -> None:
    """Print the plan as a table on standard output."""
    print(plan_lines(plan, Console()))


def plan_lines(plan: TaggedPlan, console: Console) -> str:
    """Return the plan as a table that fits the console; a file or a pipe has no width, so that it is wide there."""
    target = console if console.is_terminal else Console(file=console.file, width=WIDTH)
    with target.capture() as capture:
        target.print(plan_text.table(plan))
    return capture.get().rstrip("\n")


def is_narrow() -> bool:
    """Return whether standard output takes few letters only."""
    return not (sys.stdout.encoding or "").lower().startswith("utf")


def status(error: make.GenerationFailed | ApiError) -> int:
    """Return the exit status that tells of an error."""
    server_errors = 500
    by_input = error.status < server_errors if isinstance(error, ApiError) else error.by_input
    return BAD_INPUT if by_input else FAILED
