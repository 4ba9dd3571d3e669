"""Which stretches of speech are one speaker's: vectors of voices in as many groups as there are speakers.

Reads the encoder's weights. The number is given: what is guessed from the vectors is wrong for one recording in four.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local.speech.voices import SAMPLE_RATE, VoiceEncoder

# So many stretches make the groups, of each part of a recording the longest; any others join the nearest group. The
# work grows with the third power of the number.
_MOST = 400


class Voices:
    """The voices of a recording, stretch by stretch as it is heard."""

    def __init__(self) -> None:
        self._encoder = VoiceEncoder()
        self._vectors: list[Any] = []
        self._seconds: list[float] = []

    def hear(self, audio: Any, stretches: Sequence[tuple[float, float]]) -> None:
        """Remember the voice of each stretch of a piece of the recording, which begins and ends at these seconds."""
        bounds = [(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE)) for start, end in stretches]
        self._vectors += self._encoder.vectors([audio[first:last] for first, last in bounds])
        self._seconds += [end - start for start, end in stretches]

    def speakers(self, count: int) -> list[int]:
        """Return the speaker of each stretch, one of `count` at most."""
        return speakers_of(self._vectors, self._seconds, count)


def speakers_of(vectors: Sequence[Any], seconds: Sequence[float], count: int) -> list[int]:
    """Return the speaker of each stretch of so many `seconds`, numbered from 0 in the order in which they begin."""
    import numpy

    if not vectors:
        return []
    rows = numpy.stack(vectors)
    lengths = numpy.array(seconds)
    parts = numpy.array_split(numpy.arange(len(rows)), min(len(rows), _MOST))
    longest = [int(part[lengths[part].argmax()]) for part in parts]
    groups = _ward(rows[longest], count)
    middles = numpy.stack([rows[longest][groups == group].mean(axis=0) for group in range(groups.max() + 1)])
    labels: Any = numpy.empty(len(rows), int)
    labels[:] = numpy.square(rows[:, None] - middles[None]).sum(axis=2).argmin(axis=1)
    labels[longest] = groups
    numbers: dict[int, int] = {}
    return [numbers.setdefault(int(label), len(numbers)) for label in labels]


def _ward(rows: Any, count: int) -> Any:
    """Return the group of each row: at every step the two are joined that lose least by it (Ward, 1963).

    Mean distances instead would let one odd stretch take a group for itself.
    """
    import numpy

    members = [[at] for at in range(len(rows))]
    middles = rows.astype(numpy.float64)
    sizes = numpy.ones(len(rows))
    while len(members) > count:
        distances = numpy.square(middles[:, None] - middles[None]).sum(axis=2)
        costs = distances * (sizes[:, None] * sizes[None]) / (sizes[:, None] + sizes[None])
        numpy.fill_diagonal(costs, numpy.inf)
        first, second = sorted(divmod(int(costs.argmin()), len(members)))
        total = sizes[first] + sizes[second]
        middles[first] = (middles[first] * sizes[first] + middles[second] * sizes[second]) / total
        sizes[first] = total
        members[first] += members.pop(second)
        middles = numpy.delete(middles, second, axis=0)
        sizes = numpy.delete(sizes, second)
    groups = numpy.empty(len(rows), int)
    for group, indexes in enumerate(members):
        groups[indexes] = group
    return groups
