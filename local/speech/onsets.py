"""Where words begin and end beside a pause, by the level of the sound: a recogniser is up to half a second off there.

Values only; touches nothing; times are seconds from the first sample.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Frames of 10 ms: captions are as exact as that.
FRAMES_PER_SECOND = 100
# Decibels below the loud parts of the words: what is quieter is breath and room.
BELOW_VOICE = 20
LOUD_PERCENTILE = 95
# Seconds: a shorter quiet is the closure of a consonant.
SHORTEST_PAUSE = 0.15
# Seconds: a word that is further from the pause does not belong to it.
FURTHEST = 0.6
# Seconds that a word keeps when its end is moved.
SHORTEST_WORD = 0.05

Word = Mapping[str, Any]


@dataclass(frozen=True)
class Pause:
    """A quiet stretch."""

    start: float
    end: float


def snap_to_voice(words: Sequence[Word], samples: Any, rate: int) -> list[Word]:
    """Return the words, which end and begin where the voice falls and rises at every pause.

    `samples` is a numpy array of numbers at `rate` a second; each word has its `start` and `end`, in order.
    """
    row = list(words)
    for pause in _pauses(_decibels(samples, rate), words):
        after = next((at for at, word in enumerate(row) if word["end"] > pause.end), len(row))
        if after and _ends_at(row[after - 1], pause):
            row[after - 1] = {**row[after - 1], "end": pause.start}
        if after < len(row) and _begins_at(row[after], pause):
            row[after] = {**row[after], "start": pause.end}
    return row


def _ends_at(word: Word, pause: Pause) -> bool:
    return word["start"] + SHORTEST_WORD < pause.start < word["end"] + FURTHEST


def _begins_at(word: Word, pause: Pause) -> bool:
    """Return whether the voice rises for `word`: it is thought to begin in the pause, or close to it."""
    return pause.start - FURTHEST <= word["start"] <= pause.end + FURTHEST


def _decibels(samples: Any, rate: int) -> Any:
    """Return the level of every frame."""
    import numpy

    length = rate // FRAMES_PER_SECOND
    frames = samples[: len(samples) // length * length].astype(numpy.float32).reshape(-1, length)
    return 10 * numpy.log10(numpy.square(frames).mean(axis=1) + 1e-12)


def _pauses(levels: Any, words: Sequence[Word]) -> Iterator[Pause]:
    import numpy

    inside = numpy.zeros(len(levels), bool)
    for word in words:
        inside[int(word["start"] * FRAMES_PER_SECOND) : int(word["end"] * FRAMES_PER_SECOND)] = True
    if not inside.any():
        return
    voice = numpy.percentile(levels[inside], LOUD_PERCENTILE) - BELOW_VOICE
    at = 0
    for quiet, frames in itertools.groupby(levels < voice):
        count = len(list(frames))
        if quiet and count >= SHORTEST_PAUSE * FRAMES_PER_SECOND:
            yield Pause(at / FRAMES_PER_SECOND, (at + count) / FRAMES_PER_SECOND)
        at += count
