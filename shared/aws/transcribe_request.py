"""The one place that says what is asked of Amazon Transcribe, and what it says of a recording with too little speech.

Values only; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The most speakers that the service tells apart; it may find fewer.
ANY_NUMBER = 30


@dataclass(frozen=True)
class TranscriptionOrder:
    """One transcription of a FLAC recording to start; the name is its idempotency key."""

    name: str
    media_key: str
    output_key: str
    language_code: str | None
    speakers: bool | int = False


def request(job: TranscriptionOrder, bucket: str, role: str) -> dict[str, Any]:
    """Return the fields of StartTranscriptionJob for `job` in `bucket`; `role` is the ARN of the role that it works as.

    Without a language the service is asked to find it out.
    """
    language = {"LanguageCode": job.language_code} if job.language_code else {"IdentifyLanguage": True}
    return {
        "TranscriptionJobName": job.name,
        "MediaFormat": "flac",
        "Media": {"MediaFileUri": f"s3://{bucket}/{job.media_key}"},
        "OutputBucketName": bucket,
        "OutputKey": job.output_key,
        # Over the account's number of jobs at once, a job waits its turn instead of being refused.
        "JobExecutionSettings": {"AllowDeferredExecution": True, "DataAccessRoleArn": role},
        **language,
        **({"Settings": _settings(job.speakers)} if job.speakers else {}),
    }


def _settings(speakers: bool | int) -> dict[str, Any]:
    """Return what tells speakers apart: as many as there are, or at most as many as the service knows."""
    return {"ShowSpeakerLabels": True, "MaxSpeakerLabels": ANY_NUMBER if speakers is True else speakers}


def needs_longer_speech(reason: str) -> bool:
    """Return whether a job failed because it heard too little speech to find out the language.

    The wording is that of https://github.com/boto/boto3/issues/3238, which the state machine looks for too.
    """
    return "language identification" in reason
