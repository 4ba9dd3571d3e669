"""What the OpenAPI document says of the properties of own transcripts.

Pure data; touches nothing.
"""

from __future__ import annotations

from typing import Any

_ID = "5f0c2a7b1d4e8f60"

TRANSCRIPT_PROPERTIES: dict[str, tuple[str, Any]] = {
    "transcript": ("The transcript.", None),
    "transcriptId": (
        "A transcript of the user's own: with times nothing is transcribed, without them captions show its words.",
        _ID,
    ),
    "TranscriptView.transcriptId": ("The transcript's id.", _ID),
    "TranscriptView.status": ("Whether its file is waited for, can be used, or was refused.", "ready"),
    "TranscriptView.filename": ("The file's name, as it was said.", "talk.srt"),
    "TranscriptView.createdAt": ("When it was announced.", "2026-11-26T13:05:00.000+00:00"),
    "TranscriptView.reason": ("Why it was refused, in a sentence; empty otherwise.", ""),
    "hasTimes": ("Whether it says when its words are said, so that nothing is transcribed.", True),
    "cues": ("How many captions it has; 0 of plain text.", 12),
    "TranscriptView.words": ("How many words it has.", 96),
    "TranscriptCreated.upload": ("The form for the file.", None),
    "NewTranscript.filename": ("The file's name.", "talk.srt"),
    "NewTranscript.fileSize": ("The file's size in bytes; the form takes exactly as many.", 4812),
}
