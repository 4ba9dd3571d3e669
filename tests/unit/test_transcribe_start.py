"""How a job of Amazon Transcribe is started, found again, and refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.transcribe.adapters import starter
from local.emulators.transcribe.emulator import TOO_LITTLE_SPEECH
from shared.aws.transcribe_request import TranscriptionOrder
from shared.errors import (
    CredentialsRejected,
    RecordingUnreadable,
    ReelwrightError,
    TranscriptionFailed,
    TranscriptionThrottled,
)

if TYPE_CHECKING:
    from mypy_boto3_transcribe.client import TranscribeServiceClient


@dataclass
class Client:
    """The calls of the Transcribe client that are used; `error` meets the first start, which finds `earlier_job`."""

    error: Exception | None = None
    earlier_job: str | ClientError = "COMPLETED"
    reason: str = "Internal failure."
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    deletions: list[str] = field(default_factory=list[str])

    def start_transcription_job(self, **request: Any) -> None:
        self.requests.append(request)
        if self.error and len(self.requests) == 1:
            raise self.error

    def get_transcription_job(self, TranscriptionJobName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if isinstance(self.earlier_job, ClientError):
            raise self.earlier_job
        job = {"TranscriptionJobName": TranscriptionJobName, "TranscriptionJobStatus": self.earlier_job}
        return {"TranscriptionJob": job | ({"FailureReason": self.reason} if self.earlier_job == "FAILED" else {})}

    def delete_transcription_job(self, TranscriptionJobName: str) -> None:  # noqa: N803 - AWS's name
        self.deletions.append(TranscriptionJobName)


JOB = TranscriptionOrder("name", "ai-temp/v/g/sound.flac", "out.json", None)
ROLE = "arn:aws:iam::123456789012:role/transcription"


def started(error: Exception | None = None, job: TranscriptionOrder = JOB) -> dict[str, Any]:
    client = Client(error)
    starter(cast("TranscribeServiceClient", client), "media", ROLE)(job)
    return client.requests[0]


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "StartTranscriptionJob")


def test_the_job_is_asked_for_in_transcribes_words() -> None:
    assert started() == {
        "TranscriptionJobName": "name",
        "MediaFormat": "flac",
        "Media": {"MediaFileUri": "s3://media/ai-temp/v/g/sound.flac"},
        "OutputBucketName": "media",
        "OutputKey": "out.json",
        "JobExecutionSettings": {"AllowDeferredExecution": True, "DataAccessRoleArn": ROLE},
        "IdentifyLanguage": True,
    }
    request = started(job=TranscriptionOrder("name", "r", "out.json", "de-DE"))
    assert request["LanguageCode"] == "de-DE"
    assert "IdentifyLanguage" not in request


@pytest.mark.parametrize(
    "error",
    [refusal("ConflictException"), refusal("BadRequestException", "The requested job name already exists.")],
)
@pytest.mark.parametrize("status", ["IN_PROGRESS", "COMPLETED"])
def test_a_job_that_was_started_before_is_left_to_run(error: ClientError, status: str) -> None:
    client = Client(error, status)
    starter(cast("TranscribeServiceClient", client), "media", ROLE)(JOB)
    assert (len(client.requests), client.deletions) == (1, [])


def test_a_job_that_failed_before_is_started_anew() -> None:
    client = Client(refusal("ConflictException"), "FAILED")
    starter(cast("TranscribeServiceClient", client), "media", ROLE)(JOB)
    assert client.deletions == [JOB.name]
    assert client.requests[0] == client.requests[1]


def test_a_job_that_heard_too_little_to_tell_the_language_would_fail_again_and_is_left() -> None:
    client = Client(refusal("ConflictException"), "FAILED", TOO_LITTLE_SPEECH)
    assert not starter(cast("TranscribeServiceClient", client), "media", ROLE)(JOB)
    assert (len(client.requests), client.deletions) == (1, [])


@pytest.mark.parametrize(
    "answer",
    [
        ClientError({"Error": {"Code": "NotFoundException", "Message": ""}}, "GetTranscriptionJob"),
        ClientError(
            {"Error": {"Code": "BadRequestException", "Message": "The requested job couldn't be found. Check it."}},
            "GetTranscriptionJob",
        ),
    ],
)
def test_a_job_that_was_removed_meanwhile_is_started_anew(answer: ClientError) -> None:
    client = Client(refusal("ConflictException"), answer)
    starter(cast("TranscribeServiceClient", client), "media", ROLE)(JOB)
    assert (len(client.requests), client.deletions) == (2, [])


@pytest.mark.parametrize(
    ("error", "error_kind"),
    [
        (refusal("LimitExceededException"), TranscriptionThrottled),
        (refusal("ThrottlingException"), TranscriptionThrottled),
        (refusal("InternalFailureException"), TranscriptionThrottled),
        (EndpointConnectionError(endpoint_url="https://transcribe"), TranscriptionThrottled),
        (refusal("BadRequestException", "not a language"), TranscriptionFailed),
        (refusal("BadRequestException", "The S3 URI that you provided can't be accessed."), RecordingUnreadable),
        (refusal("AccessDeniedException"), CredentialsRejected),
    ],
)
def test_each_refusal_has_its_own_name(error: Exception, error_kind: type[ReelwrightError]) -> None:
    with pytest.raises(error_kind):
        started(error)
