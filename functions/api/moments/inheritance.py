"""What another generation of a clip, or of another format, goes on with: its excerpt, and what was heard once.

Touches the table and the bucket through the services.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from functions.api import estimate
from functions.api.moments import heard
from functions.api.moments.heard import SHARED, Hearing
from functions.api.services import Services
from shared.contracts import Options
from shared.http.requests import Choices
from shared.recordings.excerpts import RecordingExcerpt
from shared.video.record import VideoRecord

Chosen = TypeVar("Chosen", bound=Choices)


@dataclass(frozen=True)
class Inheritance:
    """The excerpt that a video is made of, and what was heard of its recording that need not be paid for again."""

    excerpt: RecordingExcerpt | None = None
    hearing: Hearing | None = None

    def choices(self, body: Chosen) -> Chosen:
        """Return the choices with the hearing's language and speakers; a clip lasts as long as its excerpt."""
        changes = {name: getattr(self.hearing.options, name) for name in SHARED} if self.hearing else {}
        length = {"target_duration": estimate.clip_length(self.excerpt.seconds)} if self.excerpt else {}
        return body.model_copy(update=changes | length)

    def seconds(self, recording_seconds: float) -> float:
        """Return how much of a recording is made a video of."""
        return self.excerpt.seconds if self.excerpt else recording_seconds

    def take_over(self, services: Services, options: Options, video_id: str, generation_id: str) -> Options:
        """Return the options of a generation to which the excerpt, and a copy of what was heard, were given."""
        is_heard = bool(self.hearing and self.hearing.share(services, video_id, generation_id))
        return options.model_copy(update={"excerpt": self.excerpt, "is_heard": True if is_heard else None})


def of(services: Services, record: VideoRecord, body: Choices) -> Inheritance:
    """Return what another generation of the video goes on with: nothing, unless it is made of another video.

    What was heard otherwise than is asked for now, in another language for instance, is of no use.
    """
    if not (record.parent_id or record.variant_of):
        return Inheritance()
    data = services.formers.beneath(record).ai_generation_data
    excerpt = Options.model_validate(data.options).excerpt if data else None
    hearings = (each for each in _hearings(services, record) if _is_wished(each, body) and each.is_there(services))
    return Inheritance(excerpt, next(hearings, None))


def _hearings(services: Services, record: VideoRecord) -> Iterator[Hearing]:
    """Yield what was heard for the video itself, then for the one that it is made of, while that is there."""
    own = heard.of_latest(services.formers.beneath(record))
    if own:
        yield own
    parent = services.table.get(record.parent_id or record.variant_of or "")
    if parent and parent.user_id == record.user_id:
        ranking = heard.read(services, parent.video_id)
        latest = heard.of_latest(services.formers.beneath(parent))
        yield from filter(None, (ranking and heard.hearing_of(ranking, parent.video_id), latest))


def _is_wished(hearing: Hearing, body: Choices) -> bool:
    return all(
        getattr(hearing.options, name) == getattr(body, name) for name in SHARED if name in body.model_fields_set
    )
