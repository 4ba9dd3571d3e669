"""A user's own transcript in place of one that would be bought.

Reads its record from the bucket.
"""

from __future__ import annotations

from shared.aws.bucket import Bucket
from shared.contracts import TranscribeIn
from shared.transcript import timing
from shared.transcript.own_transcript import OwnTranscripts


def key_of_timed(request: TranscribeIn, bucket: Bucket, recording_seconds: float) -> str:
    """Return where the transcript lies that says when each word is said, "" where the recording is to be heard.

    Raises InvalidRequest for one that is another recording's.
    """
    transcripts = OwnTranscripts(bucket, request.video_id)
    transcript = transcripts.ready(request.transcript_id)
    if transcript is None or not transcript.has_times:
        return ""
    timing.within(transcript.cues, recording_seconds)
    return transcripts.key(transcript.transcript_id)
