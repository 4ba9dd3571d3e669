"""What was heard of a recording once, for other generations of it: nobody pays for a transcript twice.

Touches the bucket through the services.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.api.services import Services
from shared import media_keys
from shared.contracts import Options
from shared.film.moments import RankedMoments
from shared.transcript.own_transcript import OwnTranscripts
from shared.video.record import VideoRecord

# What a generation must have been asked for alike, to be made of what was heard for another.
SHARED = ("language_code", "speakers", "transcript_id")
_JSON = "application/json"


@dataclass(frozen=True)
class Hearing:
    """A generation for which a recording was heard, and with what it was asked for."""

    video_id: str
    generation_id: str
    options: Options

    def is_there(self, services: Services) -> bool:
        """Return whether its transcript is, or the user's own that was used in its place."""
        return services.bucket.holds(self.transcript_key) or self._has_own_times(services)

    def is_alike(self, options: Options) -> bool:
        """Return whether a generation with the options would hear the same."""
        return all(getattr(self.options, name) == getattr(options, name) for name in SHARED)

    @property
    def transcript_key(self) -> str:
        """Where what was paid for lies."""
        return media_keys.transcript(self.video_id, self.generation_id)

    def share(self, services: Services, video_id: str, generation_id: str) -> bool:
        """Copy what was heard to another generation; return whether it holds a transcript that was paid for."""
        bucket = services.bucket
        own_id = self.options.transcript_id
        if own_id and video_id != self.video_id:
            source = media_keys.own_transcript(self.video_id, own_id)
            bucket.copy(source, media_keys.own_transcript(video_id, own_id), _JSON)
        if not bucket.holds(self.transcript_key):
            return False
        bucket.copy(self.transcript_key, media_keys.transcript(video_id, generation_id), _JSON)
        return True

    def _has_own_times(self, services: Services) -> bool:
        own = OwnTranscripts(services.bucket, self.video_id).ready(self.options.transcript_id)
        return own is not None and own.has_times


def of_latest(record: VideoRecord) -> Hearing | None:
    """Return what was heard for the record's latest generation, if it has one."""
    data = record.ai_generation_data
    if data is None or data.is_deleted:
        return None
    return Hearing(record.video_id, data.generation_id, Options.model_validate(data.options))


def read(services: Services, video_id: str) -> RankedMoments | None:
    """Return the moments of a recording that were chosen last, None before any were."""
    key = media_keys.moments(video_id)
    if not services.bucket.holds(key):
        return None
    return RankedMoments.model_validate_json(services.bucket.read_text(key))


def hearing_of(ranking: RankedMoments, video_id: str) -> Hearing:
    """Return what was heard when the moments were chosen."""
    return Hearing(video_id, ranking.generation_id, ranking.options)
