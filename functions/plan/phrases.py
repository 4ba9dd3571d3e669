"""Where a film may be cut: the recording as phrases that lie side by side, cut in pauses.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from functions.plan.transcript import SpokenWord, Transcript

# A pause this long may be cut even within a sentence.
PAUSE = 0.25
# A cut comes at most this long after the last word, so that a long pause begins the next phrase.
AFTER_WORD = 0.4
# A phrase must fit into the longest clip that is sold; the margin absorbs rounding to frames.
MARGIN = 0.1


@dataclass(frozen=True)
class Phrase:
    """A piece of the recording between two places where it may be cut."""

    index: int
    start: float
    end: float
    text: str
    ends_sentence: bool
    clean: bool = True

    @property
    def seconds(self) -> float:
        """The phrase's length."""
        return self.end - self.start


def phrases_of(transcript: Transcript, recording_seconds: float, longest: float) -> list[Phrase]:
    """Return phrases that tile [0, recording_seconds], each at most `longest` seconds."""
    room = longest - MARGIN
    cuts = _in_pauses(transcript.words)
    bounds = [(0.0, True), *_spread(cuts, transcript.words, recording_seconds, room), (recording_seconds, True)]
    ends = {round(cut, 3) for cut, ends_sentence in cuts if ends_sentence}
    return [
        Phrase(index, start, end, transcript.text(start, end), round(end, 3) in ends or end >= recording_seconds, clean)
        for index, ((start, _), (end, clean)) in enumerate(itertools.pairwise(bounds))
    ]


def _in_pauses(words: tuple[SpokenWord, ...]) -> list[tuple[float, bool]]:
    """Return the cuts in pauses, each with whether a sentence ends there."""
    cuts: list[tuple[float, bool]] = []
    for word, following in itertools.pairwise(words):
        if word.ends_sentence or following.start - word.end >= PAUSE:
            cuts.append((_between(word, following), word.ends_sentence))
    return cuts


def _between(word: SpokenWord, following: SpokenWord) -> float:
    return min((word.end + following.start) / 2, word.end + AFTER_WORD)


def _spread(
    cuts: list[tuple[float, bool]], words: tuple[SpokenWord, ...], limit: float, room: float
) -> list[tuple[float, bool]]:
    """Return the cuts plus those that keep every phrase within `room`; False marks a cut without a pause."""
    spread: list[tuple[float, bool]] = []
    before = 0.0
    for end in (*(cut for cut, _ in cuts if 0 < cut < limit), limit):
        while end - before > room:
            before, clean = _forced(words, before, min(before + room, end))
            spread.append((before, clean))
        if end < limit:
            spread.append((end, True))
            before = end
    return spread


def _forced(words: tuple[SpokenWord, ...], start: float, latest: float) -> tuple[float, bool]:
    """Return the best cut between `start` and `latest`: in silence, else in the widest gap between two words."""
    inside = [word for word in words if word.end > start and word.start < latest]
    if not inside:
        return latest, True
    if inside[-1].end + AFTER_WORD <= latest:
        return latest, True
    if inside[0].start - start > PAUSE:
        return inside[0].start - PAUSE / 2, True
    gaps = [
        (following.start - word.end, _between(word, following))
        for word, following in itertools.pairwise(inside)
        if start + 1 <= _between(word, following) <= latest
    ]
    if not gaps:
        return latest, False
    width, place = max(gaps, key=lambda gap: (round(gap[0], 2), gap[1]))
    return place, width >= PAUSE
