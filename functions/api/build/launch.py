"""The start of an execution: whatever keeps it from starting is written into the record, which must not say it runs.

Touches the table and the state machine through the services.
"""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from functions.api.services import Services, now_text
from shared.contracts import ExecutionInput
from shared.errors import ExecutionEnded, ReelwrightError
from shared.video.ending import ending, failure
from shared.video.record import GenerationData, VideoRecord


def launch(services: Services, record: VideoRecord, data: GenerationData, request: ExecutionInput) -> None:
    """Start the execution of the generation's latest run; raise what keeps it from starting."""
    try:
        services.machine.start(request, data.run)
    except (ClientError, BotoCoreError, ReelwrightError):
        # Nothing runs, so the record must not say that something does.
        failure_to_start = failure(data, ExecutionEnded.__name__, "The execution could not be started.")
        services.table.update(record.video_id, ending(data, "failed", failure_to_start, now_text()))
        raise
