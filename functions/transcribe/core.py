"""What may be transcribed, in which format Amazon Transcribe is told it is, and what its refusals mean.

Pure functions, touches nothing; lengths are seconds, levels dB of full scale, sample rates Hz.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared import media_keys
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
from shared.ffmpeg import MediaInfo, Sound

Format = Literal["mp3", "mp4", "wav", "flac", "ogg", "amr", "webm", "m4a"]
SHORTEST, LONGEST = 2.0, 4 * 3600.0
SILENT_DB = -50.0
_LOWEST_RATE, _HIGHEST_RATE, _MOST_CHANNELS = 8_000, 48_000, 2
# Containers whose header counts what they hold; a little less may be there for an encoder's padding.
_COUNTED = frozenset({"flac", "mov,mp4,m4a,3gp,3g2,mj2"})
_WHOLE, _PADDING = 0.95, 1.0
# By what the file holds, never by its name: (container as ffmpeg calls it, codec) → the name Transcribe knows.
_FORMATS: dict[tuple[str, str], Format] = {
    ("mp3", "mp3"): "mp3",
    ("mov,mp4,m4a,3gp,3g2,mj2", "aac"): "m4a",
    ("wav", "pcm_s16le"): "wav",
    ("flac", "flac"): "flac",
    ("ogg", "opus"): "ogg",
    ("ogg", "vorbis"): "ogg",
    ("matroska,webm", "opus"): "webm",
    ("matroska,webm", "vorbis"): "webm",
    ("amr", "amr_nb"): "amr",
    ("amr", "amr_wb"): "amr",
}
_BUSY = frozenset(
    {"LimitExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"InternalFailureException", "InternalFailure", "InternalServerException", "ServiceUnavailable"}
)
_REJECTED = frozenset(
    {"AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"}
)


@dataclass(frozen=True)
class Job:
    """One transcription to start; the name is its idempotency key."""

    name: str
    media_key: str
    media_format: Format
    output_key: str
    language_code: str | None


def job(request: TranscribeIn, media_format: Format | None) -> Job:
    """Return the job of `request`: on the recording itself, or on its extracted sound when it has no format."""
    ids = request.video_id, request.generation_id
    return Job(
        name=f"reelwright-{request.video_id}-{request.generation_id}",
        media_key=request.recording_key if media_format else media_keys.extracted_recording(*ids),
        media_format=media_format or "flac",
        output_key=media_keys.transcript(*ids),
        language_code=request.language_code,
    )


def direct_format(info: MediaInfo) -> Format | None:
    """Return Transcribe's name for a recording it can read as it is, or None when the sound must be extracted.

    A picture, a codec, a rate or a number of channels it does not take need that; and so does a sound that starts off
    zero (an encoder's delay): two decoders may disagree on it, and the words' times must be those of our own.
    """
    readable = (
        not info.has_video
        and info.start == 0
        and info.channels <= _MOST_CHANNELS
        and _LOWEST_RATE <= info.sample_rate <= _HIGHEST_RATE
    )
    return _FORMATS.get((info.container, info.audio_codec)) if readable else None


def require_sound(info: MediaInfo) -> None:
    """Raise UnsupportedMedia unless the file has a sound stream."""
    if not info.has_audio:
        raise UnsupportedMedia("The file has no audio.")


def require_whole(info: MediaInfo, sound: Sound) -> None:
    """Raise UnsupportedMedia when a recording holds less than its header says: the rest was cut off.

    A video file is left alone: its audio may end before its picture.
    """
    stated = min(info.seconds, LONGEST) if info.container in _COUNTED and not info.has_video else 0.0
    if sound.seconds < stated * _WHOLE and stated - sound.seconds > _PADDING:
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
