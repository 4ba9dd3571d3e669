"""What may be asked of a long recording: how many moments, and which excerpts become clips.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.wire import Wire

MOST_MOMENTS = 10
USUAL_MOMENTS = 5
MomentCount = Annotated[int, Field(ge=1, le=MOST_MOMENTS)]
# What a video may be asked to last.
SHORTEST_CLIP = 5.0
LONGEST_CLIP = 60.0


class RecordingExcerpt(Wire):
    """A stretch of a recording."""

    start: Annotated[float, Field(ge=0)]
    end: Annotated[float, Field(gt=0)]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return round(self.end - self.start, 3)
