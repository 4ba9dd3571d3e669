"""Which phrases of a recording an excerpt has.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from functions.plan.phrases import Phrase
from shared.errors import InvalidRequest
from shared.recordings.excerpts import RecordingExcerpt


def phrases_within(phrases: Sequence[Phrase], excerpt: RecordingExcerpt | None) -> list[Phrase]:
    """Return the phrases of the excerpt, counted from 0; all of them without one.

    Each end moves to the nearest place between two phrases, so that nothing is cut within a word. Raises InvalidRequest
    for an excerpt in which nobody speaks.
    """
    if excerpt is None:
        return list(phrases)
    first = min(range(len(phrases)), key=lambda index: abs(phrases[index].start - excerpt.start))
    last = min(range(first, len(phrases)), key=lambda index: abs(phrases[index].end - excerpt.end))
    while first < last and phrases[first].silent:
        first += 1
    while first < last and phrases[last].silent:
        last -= 1
    if phrases[first].silent:
        raise InvalidRequest(f"Nobody speaks from {excerpt.start:g} s to {excerpt.end:g} s of the recording.")
    return [replace(phrase, index=number) for number, phrase in enumerate(phrases[first : last + 1])]
