"""Amazon Transcribe: jobs are started, found again, and started anew.

Calls the service with the client it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.transcribe import core
from shared.aws.transcribe_request import TranscriptionOrder, needs_longer_speech, request
from shared.errors import ReelwrightError, TranscriptionThrottled

if TYPE_CHECKING:
    from mypy_boto3_transcribe.client import TranscribeServiceClient

StartJob = Callable[[TranscriptionOrder], bool]


def starter(client: TranscribeServiceClient, bucket: str, role: str) -> StartJob:
    """Return the function that starts a job on an object of `bucket`, which Transcribe reads as `role`, an ARN.

    A job that was started before is left to run, or done; one that failed is removed and started anew, unless it would
    fail again for want of speech. The function returns whether this call started one. It raises TranscriptionThrottled,
    TranscriptionFailed, RecordingUnreadable or CredentialsRejected.
    """

    def start(job: TranscriptionOrder) -> bool:
        arguments = request(job, bucket, role)
        return _start(client, arguments) or (_remove_failed(client, job.name) and _start(client, arguments))

    return start


def was_refused(error: ReelwrightError) -> bool:
    """Return whether Amazon Transcribe itself refused, so that it has surely started nothing."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status < HTTPStatus.INTERNAL_SERVER_ERROR


def _start(client: TranscribeServiceClient, request: dict[str, Any]) -> bool:
    """Start the job; return False when one of this name is there already."""
    with _meaning():
        try:
            client.start_transcription_job(**request)
        except ClientError as error:
            if core.exists(_code(error), _message(error)):
                return False
            raise
    return True


def _remove_failed(client: TranscribeServiceClient, name: str) -> bool:
    """Remove the job if it failed; return whether the name is free now, perhaps because another call removed it."""
    with _meaning():
        try:
            job = client.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
        except ClientError as error:
            if core.missing(_code(error), _message(error)):
                return True
            raise
        if job.get("TranscriptionJobStatus") != "FAILED" or needs_longer_speech(job.get("FailureReason", "")):
            return False
        client.delete_transcription_job(TranscriptionJobName=name)
    return True


@contextmanager
def _meaning() -> Generator[None]:
    try:
        yield
    except ClientError as error:
        raise core.refusal(_code(error), _message(error)) from error
    except BotoCoreError as error:
        raise TranscriptionThrottled("Amazon Transcribe could not be reached.") from error


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _message(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Message", "")
