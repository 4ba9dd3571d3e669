"""The moments of a recording as they are stored in the bucket: ranked, and judged by one measure.

Touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.contracts import GenerationId, Options
from shared.film.plan import Word
from shared.recordings.excerpts import RecordingExcerpt
from shared.recordings.limits import MOST_MOMENTS
from shared.wire import Wire

MOST_POINTS = 10
# How much each criterion counts; a moment that has all points has a score of 100.
WEIGHTS = {"hook": 3, "self_contained": 3, "emotion": 2, "novelty": 2}


class Rating(Wire):
    """How well a moment meets one criterion, and why."""

    points: Annotated[int, Field(ge=0, le=MOST_POINTS)]
    because: str


class Rubric(Wire):
    """Whether its first words catch, it is understood alone, it moves, and it says something new."""

    hook: Rating
    self_contained: Rating
    emotion: Rating
    novelty: Rating

    @property
    def score(self) -> int:
        """All points together, weighed, out of 100."""
        return sum(getattr(self, name).points * weight for name, weight in WEIGHTS.items())


class RankedMoment(Wire):
    """An excerpt that makes a video of its own, with its words; `cuts` are the places in pauses around its ends.

    `nearby` are its words and those around it, for whoever moves its ends.
    """

    id: str
    start: float
    end: float
    title: str
    hook: str
    reason: str
    rubric: Rubric
    text: str
    words: tuple[Word, ...]
    nearby: tuple[Word, ...] = ()
    cuts: tuple[float, ...]

    @property
    def excerpt(self) -> RecordingExcerpt:
        """Where it lies in the recording."""
        return RecordingExcerpt(start=self.start, end=self.end)


class RankedMoments(Wire):
    """The moments of a recording, the best first, and the generation that was asked for them.

    `judged_by` is the planning model, or what stands in for it; `options` are what its clips share: language, speakers,
    own transcript.
    """

    generation_id: GenerationId
    judged_by: str
    language_code: str
    recording_seconds: float
    options: Options
    moments: Annotated[tuple[RankedMoment, ...], Field(max_length=MOST_MOMENTS)]
