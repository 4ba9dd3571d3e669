"""What may be asked of a long recording: how many moments, and which excerpts become clips.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.recordings.limits import MOST_MOMENTS
from shared.wire import Wire

MomentCount = Annotated[int, Field(ge=1, le=MOST_MOMENTS)]


class RecordingExcerpt(Wire):
    """A stretch of a recording."""

    start: Annotated[float, Field(ge=0)]
    end: Annotated[float, Field(gt=0)]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return round(self.end - self.start, 3)
