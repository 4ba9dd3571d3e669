"""Which part of the recording is a film's sound, how loud it is made, and what tells one narration from another.

Values only; touches nothing; times are seconds of the recording, loudness is LUFS, peaks are dBTP.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from shared.film.plan import Plan

TARGET_LUFS = -14.0
HIGHEST_PEAK_DBTP = -1.0
FADE_IN = 0.03
FADE_OUT = 0.15


@dataclass(frozen=True)
class Excerpt:
    """The part of the recording that is the film's sound."""

    start: float
    seconds: float

    @property
    def digest(self) -> str:
        """What tells its narration from any other, in hexadecimal: its place and its levels."""
        parts = [self.start, self.seconds, TARGET_LUFS, HIGHEST_PEAK_DBTP, FADE_IN, FADE_OUT]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def excerpt(plan: Plan) -> Excerpt:
    """Return the part of the recording under the film; it has the film's length to the sample."""
    return Excerpt(plan.excerpt_start, plan.frames / plan.frame_rate)
