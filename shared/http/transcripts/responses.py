"""What the REST API answers of a user's own transcripts.

Touches nothing; times in ISO 8601.
"""

from __future__ import annotations

from shared.http.api_reply import ApiReply
from shared.http.responses import UploadForm
from shared.transcript.own_transcript import TranscriptStatus


class TranscriptView(ApiReply):
    """A transcript as its owner is shown it; what it holds is known once it is `ready`, else `reason` says why not."""

    transcript_id: str
    status: TranscriptStatus
    filename: str
    created_at: str = ""
    reason: str = ""
    has_times: bool = False
    cues: int = 0
    words: int = 0


class TranscriptCreated(ApiReply):
    """A new record and the form for its file."""

    success: bool = True
    transcript: TranscriptView
    upload: UploadForm


class TranscriptShown(ApiReply):
    """One transcript."""

    success: bool = True
    transcript: TranscriptView
