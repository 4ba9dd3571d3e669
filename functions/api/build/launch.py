"""The start of a generation: whatever keeps its execution from starting is written, for nothing must seem to run.

Touches the table and the state machine through the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from functions.api import core
from functions.api.services import Services, now_text
from shared.aws.dynamodb import Stored
from shared.choices.words import Goal
from shared.contracts import ExecutionInput, Options
from shared.errors import ExecutionEnded, ReelwrightError
from shared.http.refusals import AlreadyProcessing
from shared.video.ending import NOT_FOUND, ending, failure
from shared.video.record import GenerationData, VideoRecord, new_generation


@dataclass(frozen=True)
class GenerationStart:
    """A generation that is about to start, who is told of its end, and the video's labels if they change.

    A search has `set_aside` the `former` one, which the table had so.
    """

    generation_id: str
    options: Options
    goal: Goal
    webhook_url: str | None = None
    metadata: Mapping[str, str] | None = None
    set_aside: str = ""
    former: Stored | None = None


def begin(services: Services, record: VideoRecord, start: GenerationStart) -> None:
    """Write the start of a generation and start its execution; raise AlreadyProcessing while another one runs."""
    metadata = start.metadata
    with_labels = record if metadata is None else record.model_copy(update={"metadata": dict(metadata)})
    request = core.execution_input(with_labels, services.bucket.name, start.generation_id, start.options)
    request = request.model_copy(update={"goal": start.goal})
    data = new_generation(start.generation_id, start.options.model, start.options, now_text(), start.goal)
    arn = services.machine.execution_arn(request, data.run)
    changes = {"execution_arn": arn, "webhook_url": start.webhook_url or "", "set_aside": start.set_aside}
    data = data.model_copy(update=changes)
    if not services.table.begin(record, data, metadata, now_text(), start.former):
        raise AlreadyProcessing
    launch(services, record, data, request)


def take_up(services: Services, record: VideoRecord, generation_id: str) -> bool:
    """Return whether this very generation was begun before, whatever became of it.

    A run of it that was written and never started, because the function died in between, is started now.
    """
    earlier = record.ai_generation_data
    if earlier is None or earlier.generation_id != generation_id:
        return False
    start_if_only_written(services, record, earlier)
    # A failed one may be one that could not be started at all: only that is begun again by the same key.
    never_ran = record.ai_generation_status == "failed" and earlier.run == 1
    return not (never_ran and services.machine.describe(earlier.execution_arn).status == NOT_FOUND)


def start_if_only_written(services: Services, record: VideoRecord, data: GenerationData) -> None:
    """Start the generation's latest run if the record says that it runs and nothing does; raise as `launch` does."""
    if record.ai_generation_status != "processing":
        return
    options = Options.model_validate(data.options)
    request = core.execution_input(record, services.bucket.name, data.generation_id, options)
    request = request.model_copy(update={"goal": data.goal, "plan_name": data.plan_name})
    # One of a stack that was deleted is not known either, and is not gone on with in this one.
    is_ours = services.machine.execution_arn(request, data.run) == data.execution_arn
    if is_ours and services.machine.describe(data.execution_arn).status == NOT_FOUND:
        launch(services, record, data, request)


def launch(services: Services, record: VideoRecord, data: GenerationData, request: ExecutionInput) -> None:
    """Start the execution of the generation's latest run; raise what keeps it from starting."""
    try:
        services.machine.start(request, data.run)
    except (ClientError, BotoCoreError, ReelwrightError):
        # Nothing runs, so the record must not say that something does.
        failure_to_start = failure(data, ExecutionEnded.__name__, "The execution could not be started.")
        services.table.update(record.video_id, ending(data, "failed", failure_to_start, now_text()))
        raise
