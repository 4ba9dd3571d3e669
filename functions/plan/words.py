"""The words of a recording as they are planned with: a user's own, or what was heard, and what was corrected of it.

Reads the transcripts and the corrections from the bucket, and in the record which corrections count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from functions.plan import own_words
from functions.plan.transcript import SpokenWord, Transcript, read
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.contracts import PlanIn
from shared.film.corrections import Correction, Corrections, apply_corrections
from shared.film.plan import Word, corrections_source
from shared.transcript.own_transcript import OwnTranscripts
from shared.video.record_table import RecordTable


def transcript_of(request: PlanIn, bucket: Bucket, table: str) -> Transcript:
    """Return the recording's transcript; raise TranscriptionFailed or NoSpeechFound when it cannot be planned with."""
    transcript = _before_corrections(request, bucket)
    record = RecordTable(table).get(request.video_id)
    if record is None or not record.corrections:
        return transcript
    text = bucket.read_text(media_keys.corrections(request.video_id, record.corrections))
    source = corrections_source(transcript.language_code, request.options.transcript_id)
    return with_corrections(transcript, Corrections.model_validate_json(text).of(source))


def _before_corrections(request: PlanIn, bucket: Bucket) -> Transcript:
    own = OwnTranscripts(bucket, request.video_id).ready(request.options.transcript_id)
    if own and own.has_times:
        return own_words.own_transcript(own, request.options.language_code, request.recording_seconds)
    transcript = read(bucket.read_text(request.transcript_key), request.recording_seconds)
    return own_words.correct(transcript, own.text) if own else transcript


def with_corrections(transcript: Transcript, corrections: Sequence[Correction]) -> Transcript:
    """Return the transcript with what was corrected; as it was heard when that leaves no word.

    Of a recording without a word there is no video, and so no plan in which a person could take the deletion back.
    """
    words = apply_corrections(transcript.words, corrections, _spoken_word)
    if not words:
        return transcript
    # Another transcription hears words a little later or longer, and no word may last into the next one.
    apart = [replace(word, end=min(word.end, later.start)) for word, later in pairwise(words)]
    return replace(transcript, words=(*apart, words[-1]))


def _spoken_word(word: Word) -> SpokenWord:
    confidence = 1.0 if word.confidence is None else word.confidence
    return SpokenWord(word.text, word.start, word.end, confidence, word.ends_sentence, word.speaker)
