"""The meter of loudness and true peak, and what it says.

Values only; touches nothing.
"""

from __future__ import annotations

import re

from functions.stitch.core import Level
from shared.errors import RenderFailed
from shared.film.ffmpeg import Filter

METER: Filter = ("ebur128", {"peak": "true"})
_SUMMARY = re.compile(
    r"Integrated loudness:\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS.*Peak:\s+(-?[\d.]+|-?inf) dBFS", re.DOTALL
)


def level_in(log: str) -> Level:
    """Return what the meter has read, by ffmpeg's log; raise RenderFailed when it says nothing."""
    match = _SUMMARY.search(log[log.rfind("Summary:") :])
    if not match:
        raise RenderFailed("The loudness of the narration could not be measured.")
    return Level(*(max(-99.0, float(value)) for value in match.groups()))
