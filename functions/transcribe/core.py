"""What may be transcribed, under which name, and what Amazon Transcribe's refusals mean.

Pure functions, touches nothing; lengths are seconds, levels dB of full scale.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.transcribe.mixing import MOST_CHANNELS
from shared import media_keys
from shared.aws.transcribe_request import TranscriptionOrder
from shared.contracts import TranscribeIn
from shared.errors import (
    CredentialsRejected,
    RecordingSilent,
    RecordingTooLarge,
    RecordingTooShort,
    RecordingUnreadable,
    ReelwrightError,
    TranscriptionFailed,
    TranscriptionThrottled,
    UnsupportedMedia,
)
from shared.film.media_headers import MediaInfo

SHORTEST = 2.0
LONGEST = 4 * 3600.0
SILENT_DB = -50.0
# Containers whose header counts what they hold; a little less may be there for an encoder's padding.
_COUNTED = frozenset({"flac", "mov,mp4,m4a,3gp,3g2,mj2"})
_WHOLE = 0.95
_PADDING = 1.0
_BUSY = frozenset(
    {"LimitExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"InternalFailureException", "InternalFailure", "InternalServerException", "ServiceUnavailable"}
)
_REJECTED = frozenset(
    {"AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"}
)


@dataclass(frozen=True)
class Sound:
    """A sound track as decoded: its length in seconds and its highest sample in dB of full scale."""

    seconds: float
    peak_db: float


def job(request: TranscribeIn) -> TranscriptionOrder:
    """Return the job of `request`; one that is told the language is another than the one that is to find it out."""
    ids = request.video_id, request.generation_id
    return TranscriptionOrder(
        name="-".join(("reelwright", *ids, *filter(None, [request.language_code]))),
        media_key=media_keys.sound(*ids),
        output_key=media_keys.transcript(*ids),
        language_code=request.language_code,
    )


def require_sound(info: MediaInfo) -> None:
    """Raise UnsupportedMedia unless the file has a sound stream."""
    if not info.has_audio:
        raise UnsupportedMedia("The file has no audio.")


def require_mixable(info: MediaInfo) -> None:
    """Raise UnsupportedMedia when the sound has more channels than can be mixed."""
    if info.channels > MOST_CHANNELS:
        raise UnsupportedMedia(f"The recording has {info.channels} channels; {MOST_CHANNELS} are the most.")


def require_whole(info: MediaInfo, sound: Sound) -> None:
    """Raise UnsupportedMedia when a recording holds less than its header says: the rest was cut off.

    What holds a picture or another track as well is left alone: its audio may rightly end before those.
    """
    alone = info.audio_tracks == 1 and not info.has_video
    stated_seconds = min(info.seconds, LONGEST) if info.container in _COUNTED and alone else 0.0
    if sound.seconds < stated_seconds * _WHOLE and stated_seconds - sound.seconds > _PADDING:
        raise UnsupportedMedia(
            f"The recording breaks off after {sound.seconds:.1f} s of {info.seconds:.1f} s: its end is missing."
        )


def require_usable(sound: Sound) -> None:
    """Raise RecordingTooShort, RecordingTooLarge or RecordingSilent when nothing can be made of `sound`."""
    if sound.seconds < SHORTEST:
        raise RecordingTooShort(f"The recording lasts {sound.seconds:.2f} s; at least {SHORTEST:.0f} s are needed.")
    if sound.seconds > LONGEST:
        raise RecordingTooLarge(f"The recording lasts over {LONGEST / 3600:.0f} hours.")
    if sound.peak_db < SILENT_DB:
        raise RecordingSilent(f"The loudest moment of the recording is at {sound.peak_db:.0f} dB, which is silence.")


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
