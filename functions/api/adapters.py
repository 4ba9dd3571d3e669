"""The API's conversations with the bucket's presigned URLs, the state machine and the event bus.

Touches S3, Step Functions and EventBridge; a service that asks to slow down is TooManyRequests.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from shared.aws import clients, event_bus
from shared.contracts import ExecutionInput
from shared.http.refusals import TooManyRequests
from shared.video import executions
from shared.video.ending import NOT_FOUND, Ended
from shared.video.events import SOURCE
from shared.video.execution_names import execution_name
from shared.video.own_image import IMAGE_UPLOADED, ImageUploaded

# Seconds: long enough to upload two gigabytes on a slow line, and to watch a video.
UPLOAD_SECONDS = 3600
LINK_SECONDS = 3600
_BUSY = ("ThrottlingException", "ExecutionLimitExceeded", "TooManyRequestsException")


@dataclass(frozen=True)
class Objects:
    """The bucket as clients reach it: by presigned URLs."""

    bucket: str

    def upload(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        """Return `{url, fields}` of a form upload whose policy fixes the key, the type and the size in bytes."""
        form = clients.s3().generate_presigned_post(
            self.bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return {"url": form["url"], "fields": form["fields"]}

    def link(self, location: str, name: str, media_type: str) -> str:
        """Return a URL that reads the object at an s3:// URL for LINK_SECONDS.

        A browser that is sent there saves it as the file `name` and never opens it as a page: what was uploaded is the
        user's, whatever it says it is. Players and pictures in a page take it all the same.
        """
        key = location.removeprefix("s3://").partition("/")[2]
        params = {
            "Bucket": self.bucket,
            "Key": key,
            "ResponseContentType": media_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        return clients.s3().generate_presigned_url("get_object", Params=params, ExpiresIn=LINK_SECONDS)


@dataclass(frozen=True)
class Checks:
    """The function that checks own pictures and clips, as the event bus reaches it."""

    def ask(self, upload: ImageUploaded) -> None:
        """Ask for the check of an upload; raise EventsUnavailable when the bus did not take it."""
        event_bus.put(SOURCE, IMAGE_UPLOADED, upload.model_dump_json())


@dataclass(frozen=True)
class Machine:
    """The state machine."""

    arn: str

    def execution_arn(self, request: ExecutionInput, run: int) -> str:
        """Return the ARN of a run's execution; from the second run on its name ends with the run's number."""
        return (
            self._executions + execution_name(request.video_id, request.generation_id) + (f"-{run}" if run > 1 else "")
        )

    def start(self, request: ExecutionInput, run: int) -> None:
        """Start the execution; starting the same one again changes nothing, also when it is over."""
        name = self.execution_arn(request, run).rsplit(":", 1)[-1]
        with _patience(), suppress(clients.stepfunctions().exceptions.ExecutionAlreadyExists):
            clients.stepfunctions().start_execution(
                stateMachineArn=self.arn, name=name, input=request.model_dump_json(exclude_none=True)
            )

    def stop(self, execution_arn: str) -> None:
        """Stop the execution; one that is over, never was, or is of another state machine stays as it is."""
        if not self._owns(execution_arn):
            return
        with _patience(), suppress(clients.stepfunctions().exceptions.ExecutionDoesNotExist):
            clients.stepfunctions().stop_execution(executionArn=execution_arn, cause="cancelled by its owner")

    def describe(self, execution_arn: str) -> Ended:
        """Return how the execution stands; one that Step Functions does not know is NOT_FOUND.

        So is one of another state machine, such as that of a stack that was deleted: it may not be asked for.
        """
        if not self._owns(execution_arn):
            return Ended(NOT_FOUND)
        with _patience():
            return executions.describe(execution_arn)[0]

    @property
    def _executions(self) -> str:
        return self.arn.replace(":stateMachine:", ":execution:") + ":"

    def _owns(self, execution_arn: str) -> bool:
        return execution_arn.startswith(self._executions)


@contextmanager
def _patience() -> Generator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _BUSY:
            raise TooManyRequests("Step Functions asked to slow down.") from error
        raise
