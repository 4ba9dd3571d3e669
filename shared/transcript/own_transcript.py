"""A transcript of a user's own for a recording: its record with all that it says, and the store of a video's.

Touches the bucket. A record is changed only if it is the one that was seen, and what was read of a file never is.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.choices.captions import TRANSCRIPT_ID_PATTERN
from shared.errors import InvalidRequest, StorageUnavailable
from shared.wire import Wire

# Bytes: four hours of fast speech are a quarter of it, in the widest encoding.
LARGEST_TRANSCRIPT = 4_000_000
TranscriptStatus = Literal["waiting", "ready", "refused"]


class Cue(Wire):
    """What is said between two times, in seconds of the recording."""

    start: float
    end: float
    text: str


class OwnTranscript(Wire):
    """The record of a transcript: its file as it was announced, and once it is `ready` what it says.

    It has `cues` where the file says times, else `text`. `reason` is why it was refused.
    """

    transcript_id: str
    filename: str
    created_at: str = ""
    status: TranscriptStatus = "waiting"
    reason: str = ""
    cues: tuple[Cue, ...] = ()
    text: str = ""

    @property
    def has_times(self) -> bool:
        """Whether it says when its words are said, so that no recogniser need hear them."""
        return bool(self.cues)


@dataclass(frozen=True)
class SeenTranscript:
    """A record as it was seen, and its ETag."""

    transcript: OwnTranscript
    etag: str


def new_transcript_id() -> str:
    """Return an id for another transcript."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class OwnTranscripts:
    """The transcripts of one video; every method raises what Bucket raises."""

    bucket: Bucket
    video_id: str

    def create(self, transcript: OwnTranscript) -> None:
        """Write the record of a transcript that is about to be uploaded."""
        self.bucket.write_text(self.key(transcript.transcript_id), transcript.model_dump_json())

    def read(self, transcript_id: str) -> SeenTranscript | None:
        """Return the record and its ETag, or None when there is none."""
        etag = self.bucket.etag(self.key(transcript_id)) if re.match(TRANSCRIPT_ID_PATTERN, transcript_id) else ""
        return SeenTranscript(self._read(transcript_id), etag) if etag else None

    def replace(self, former: SeenTranscript, transcript: OwnTranscript) -> bool:
        """Write the record in place of the one that was seen; return False when that has changed, or is gone."""
        key = self.key(transcript.transcript_id)
        return self.bucket.replace_text(key, transcript.model_dump_json(), former.etag)

    def ready(self, transcript_id: str | None) -> OwnTranscript | None:
        """Return the transcript that a generation was started with; None where it was started without.

        Raises InvalidRequest when it cannot be used.
        """
        if not transcript_id:
            return None
        transcript = self._read(transcript_id)
        if transcript.status != "ready":
            raise InvalidRequest("The transcript is not there to be used; upload it again.")
        return transcript

    def key(self, transcript_id: str) -> str:
        """Return where the record of a transcript lies."""
        return media_keys.own_transcript(self.video_id, transcript_id)

    def _read(self, transcript_id: str) -> OwnTranscript:
        try:
            return OwnTranscript.model_validate_json(self.bucket.read_text(self.key(transcript_id)))
        except ValidationError as error:
            raise StorageUnavailable("The record of a transcript cannot be read.") from error
