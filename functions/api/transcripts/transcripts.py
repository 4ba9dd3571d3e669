"""Transcripts of a user's own for a recording: announced, read by their content when they are first asked about.

Touches the bucket through the services. What was refused leaves its record with the reason, and nothing of the file.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.api.adapters import UPLOAD_SECONDS
from functions.api.core import User
from functions.api.services import Services, now_text
from shared import media_keys
from shared.errors import InvalidRequest
from shared.http.refusals import TranscriptNotFound, UploadMissing
from shared.http.requests import NewTranscript
from shared.http.responses import UploadForm
from shared.http.transcripts.responses import TranscriptCreated, TranscriptShown, TranscriptView
from shared.transcript import cues, decoding
from shared.transcript.own_transcript import OwnTranscript, OwnTranscripts, SeenTranscript, new_transcript_id
from shared.transcript.wording import words_of

# It is kept as the bytes that it is: what they are, they tell.
MEDIA_TYPE = "application/octet-stream"
_MISSING = "This recording has no transcript with this id."


def create(services: Services, user: User, video_id: str, body: NewTranscript) -> TranscriptCreated:
    """POST /videos/{videoId}/transcripts: write the record and return it with a form for the upload."""
    services.own(user, video_id)
    transcript = OwnTranscript(transcript_id=new_transcript_id(), filename=body.filename, created_at=now_text())
    OwnTranscripts(services.bucket, video_id).create(transcript)
    until = datetime.now(UTC) + timedelta(seconds=UPLOAD_SECONDS)
    key = media_keys.transcript_upload(user[0], video_id, transcript.transcript_id)
    form = services.objects.upload(key, MEDIA_TYPE, body.file_size)
    return TranscriptCreated(
        transcript=_view(transcript), upload=UploadForm(**form, expires_at=until.isoformat(timespec="seconds"))
    )


def show(services: Services, user: User, video_id: str, transcript_id: str) -> TranscriptShown:
    """GET /videos/{videoId}/transcripts/{transcriptId}: the transcript, which is read when its file has arrived."""
    services.own(user, video_id)
    transcript = find(services, user, video_id, transcript_id)
    if transcript is None:
        raise TranscriptNotFound(_MISSING)
    return TranscriptShown(transcript=_view(transcript))


def find(services: Services, user: User, video_id: str, transcript_id: str) -> OwnTranscript | None:
    """Return a transcript of the video, read if its file has arrived; None when there is no such transcript."""
    transcripts = OwnTranscripts(services.bucket, video_id)
    record = transcripts.read(transcript_id)
    if record is None or record.transcript.status != "waiting":
        return record.transcript if record else None
    key = media_keys.transcript_upload(user[0], video_id, transcript_id)
    if not services.bucket.holds(key):
        return record.transcript
    transcripts.replace(record, _examine(record, services.bucket.read_bytes(key)))
    services.bucket.delete_below(key)
    latest = transcripts.read(transcript_id)
    # Of two that read it at once the first counts; a deleted video's has gone.
    return latest.transcript if latest else None


def require(services: Services, user: User, video_id: str, transcript_id: str | None) -> OwnTranscript | None:
    """Return the transcript that a generation is to be made with, None without one.

    Raises TranscriptNotFound, UploadMissing for one that has not arrived, InvalidRequest for one that was refused.
    """
    if not transcript_id:
        return None
    transcript = find(services, user, video_id, transcript_id)
    if transcript is None:
        raise TranscriptNotFound(_MISSING)
    if transcript.status == "waiting":
        raise UploadMissing("The transcript has not been uploaded yet.")
    if transcript.status == "refused":
        raise InvalidRequest(f"transcriptId: {transcript.reason}")
    return transcript


def has_times(transcript: OwnTranscript | None) -> bool:
    """Return whether there is a transcript that says when its words are said, so that none is bought."""
    return transcript is not None and transcript.has_times


def _examine(record: SeenTranscript, content: bytes) -> OwnTranscript:
    try:
        captions, text = cues.read(decoding.text_of(content))
    except InvalidRequest as error:
        return record.transcript.model_copy(update={"status": "refused", "reason": str(error)})
    return record.transcript.model_copy(update={"status": "ready", "cues": captions, "text": text})


def _view(transcript: OwnTranscript) -> TranscriptView:
    texts = [cue.text for cue in transcript.cues] or [transcript.text]
    return TranscriptView(
        **transcript.model_dump(include={"transcript_id", "status", "filename", "created_at", "reason"}),
        has_times=transcript.has_times,
        cues=len(transcript.cues),
        words=sum(len(words_of(text)) for text in texts),
    )
