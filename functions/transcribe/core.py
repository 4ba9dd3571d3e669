"""Under which name a recording is transcribed, and what Amazon Transcribe's refusals mean.

Pure functions, touches nothing.
"""

from __future__ import annotations

from shared import media_keys
from shared.aws.transcribe_request import TranscriptionOrder
from shared.contracts import TranscribeIn
from shared.errors import (
    CredentialsRejected,
    RecordingUnreadable,
    ReelwrightError,
    TranscriptionFailed,
    TranscriptionThrottled,
)

_BUSY = frozenset(
    {"LimitExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"InternalFailureException", "InternalFailure", "InternalServerException", "ServiceUnavailable"}
)
_REJECTED = frozenset(
    {"AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"}
)


def job(request: TranscribeIn) -> TranscriptionOrder:
    """Return the job of `request`; one that is told the language is another than the one that is to find it out."""
    ids = request.video_id, request.generation_id
    return TranscriptionOrder(
        name="-".join(("reelwright", *ids, *filter(None, [request.language_code]))),
        media_key=media_keys.sound(*ids),
        output_key=media_keys.transcript(*ids),
        language_code=request.language_code,
        speakers=request.speakers,
    )


def exists(code: str, message: str) -> bool:
    """Return whether Transcribe refused a job because one of its name is there."""
    return code == "ConflictException" or "already exists" in message


def missing(code: str, message: str) -> bool:
    """Return whether Transcribe knows no job of the name that was asked for."""
    return code == "NotFoundException" or "job couldn't be found" in message


def refusal(code: str, message: str) -> ReelwrightError:
    """Return what Transcribe's error `code` means."""
    if code in _BUSY:
        return TranscriptionThrottled(f"Amazon Transcribe is busy ({code}).")
    if code in _REJECTED:
        return CredentialsRejected(f"Amazon Transcribe rejected this deployment's role ({code}).")
    if "can't be accessed" in message or "permission" in message:
        return RecordingUnreadable("Amazon Transcribe isn't allowed to read the recording or write its result.")
    return TranscriptionFailed(f"Amazon Transcribe refused the recording ({code}).")
