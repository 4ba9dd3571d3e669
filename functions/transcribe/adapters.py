"""The recording's examination on this machine, and Amazon Transcribe.

Runs ffmpeg in the recording's folder, and starts transcription jobs with the client it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.transcribe import core
from functions.transcribe.core import Job
from shared import ffmpeg
from shared.errors import ReelwrightError, RenderFailed, TranscriptionThrottled, UnsupportedMedia
from shared.ffmpeg import MediaInfo, Sound

if TYPE_CHECKING:
    from mypy_boto3_transcribe.client import TranscribeServiceClient

DECODE_TIMEOUT = 240.0
_EXTRACTED = "recording.flac"
# What a recogniser hears with: more samples would only be more to send.
_RECOGNISER_RATE = 16_000

StartJob = Callable[[Job], bool]


@dataclass(frozen=True)
class Examined:
    """What the headers say of a recording, and what decoding it gave."""

    info: MediaInfo
    sound: Sound


def examined(recording: Path) -> Examined:
    """Return what `recording` holds; UnsupportedMedia when it is empty, no media, or holds no sound that decodes."""
    info = ffmpeg.probe(recording)
    core.require_sound(info)
    return Examined(info, ffmpeg.sound(recording, at_most=core.LONGEST + 60, timeout=DECODE_TIMEOUT))


def extracted(recording: Path) -> Path:
    """Return the sound of `recording` as FLAC beside it, sample for sample as the film will decode it.

    Raises UnsupportedMedia when the sound cannot be decoded.
    """
    filters: list[ffmpeg.Filter] = [("asetpts", {"expr": "N/SR/TB"})]
    sound = ffmpeg.chain(ffmpeg.source(recording.name, vn=None)["a:0"], filters)
    options: dict[str, str | int] = {"ar": _RECOGNISER_RATE, "ac": 1, "sample_fmt": "s16", "map_metadata": -1}
    try:
        ffmpeg.run(ffmpeg.arguments([sound], _EXTRACTED, **options), cwd=recording.parent, timeout=DECODE_TIMEOUT)
    except RenderFailed as error:
        raise UnsupportedMedia("The recording's audio could not be extracted.") from error
    return recording.parent / _EXTRACTED


def starter(client: TranscribeServiceClient, bucket: str) -> StartJob:
    """Return the function that starts a job on an object of `bucket`.

    A job that was started before is left to run, or done; one that failed is removed and started anew. The function
    returns whether this call started one. It raises TranscriptionThrottled, TranscriptionFailed, RecordingUnreadable
    or CredentialsRejected.
    """

    def start(job: Job) -> bool:
        request = _request(job, bucket)
        return _started(client, request) or (_removed(client, job.name) and _started(client, request))

    return start


def was_refused(error: ReelwrightError) -> bool:
    """Return whether Amazon Transcribe itself refused, so that it has surely started nothing."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status < HTTPStatus.INTERNAL_SERVER_ERROR


def _started(client: TranscribeServiceClient, request: dict[str, Any]) -> bool:
    """Start the job; return False when one of this name is there already."""
    with _meaning():
        try:
            client.start_transcription_job(**request)
        except ClientError as error:
            if core.exists(_code(error), _message(error)):
                return False
            raise
    return True


def _removed(client: TranscribeServiceClient, name: str) -> bool:
    """Remove the job if it failed; return whether the name is free now, perhaps because another call removed it."""
    with _meaning():
        try:
            job = client.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
        except ClientError as error:
            if core.missing(_code(error), _message(error)):
                return True
            raise
        if job.get("TranscriptionJobStatus") != "FAILED":
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


def _request(job: Job, bucket: str) -> dict[str, Any]:
    language = {"LanguageCode": job.language_code} if job.language_code else {"IdentifyLanguage": True}
    return {
        "TranscriptionJobName": job.name,
        "MediaFormat": job.media_format,
        "Media": {"MediaFileUri": f"s3://{bucket}/{job.media_key}"},
        "OutputBucketName": bucket,
        "OutputKey": job.output_key,
        **language,
    }
