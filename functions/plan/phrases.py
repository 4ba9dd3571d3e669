"""Where a film may be cut: the recording as phrases that lie side by side, cut in pauses.

Values only; touches nothing; times are seconds of the recording.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from functions.plan.transcript import LONGEST_WORD, SpokenWord, Transcript, distinct_speakers
from shared.film.corrections import Timed

# A pause this long may be cut even within a sentence.
PAUSE = 0.25
# A cut comes at most this long after the last word, so that a long pause begins the next phrase.
AFTER_WORD = 0.4
# A pause from here on is no material: it becomes phrases of its own, which end this long before the next word.
DEAD_AIR = 1.2
BEFORE_WORD = 0.25
# A pause from here on is heard as silence.
LONG_PAUSE = 0.6
# No phrase is shorter: a scene made of one alone must be seen. A recording that is shorter is one phrase.
SHORTEST_PHRASE = 0.5
# Places that are no further apart are one to a person.
APART = 0.1
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
    # Seconds of it that lie in pauses of LONG_PAUSE and more; how many of them come before its first word; how many
    # after its last. An excerpt that begins or ends here cuts those two short.
    pause_seconds: float = 0.0
    paused_before: float = 0.0
    paused_after: float = 0.0
    # The labels of those who speak in it; mostly one.
    speakers: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """The phrase's length."""
        return self.end - self.start

    @property
    def silent(self) -> bool:
        """Whether nobody speaks in it."""
        return not self.text

    @property
    def speech(self) -> float:
        """The seconds in which somebody speaks, short pauses included."""
        return 0.0 if self.silent else self.seconds - self.pause_seconds


def phrases_of(transcript: Transcript, recording_seconds: float, longest: float) -> list[Phrase]:
    """Return phrases that tile [0, recording_seconds], each at most `longest` seconds."""
    room = longest - MARGIN
    cuts = _apart(_in_pauses(transcript.words, recording_seconds), recording_seconds)
    bounds = [(0.0, True), *_spread(cuts, transcript, recording_seconds, room), (recording_seconds, True)]
    ends = {round(cut, 3) for cut, ends_sentence in cuts if ends_sentence}
    pauses = long_pauses(transcript.words, 0.0, recording_seconds)
    return [
        Phrase(
            index,
            start,
            end,
            transcript.text(start, end),
            round(end, 3) in ends or end >= recording_seconds,
            clean,
            *_pause_shares(pauses, start, end),
            distinct_speakers(transcript.between(start, end)),
        )
        for index, ((start, _), (end, clean)) in enumerate(itertools.pairwise(bounds))
    ]


def word_gaps(words: Sequence[Timed], phrases: Sequence[Phrase]) -> list[float]:
    """Return the places between two words at which no phrase ends: a person may cut there, a plan does not."""
    ends = [0.0, *(phrase.end for phrase in phrases)]
    gaps: list[float] = []
    for word, following in itertools.pairwise(words):
        place = round(_between(word, following), 3)
        after = bisect_right(ends, place)
        others = [*ends[after - 1 : after + 1], *gaps[-1:]]
        if place < ends[-1] and all(abs(place - other) >= APART for other in others):
            gaps.append(place)
    return gaps


def long_pauses(words: Sequence[Timed], start: float, end: float) -> list[tuple[float, float]]:
    """Return the stretches from `start` to `end` in which nobody speaks for LONG_PAUSE seconds and more."""
    begins = [start, *(word.end for word in words)]
    ends = [*(word.start for word in words), end]
    return [(begin, stop) for begin, stop in zip(begins, ends, strict=True) if is_long(stop - begin)]


def is_long(pause: float) -> bool:
    """Return whether a pause of so many seconds is heard as silence."""
    # Rounded, so that noise in the last digit never makes a pause of exactly LONG_PAUSE a short one.
    return round(pause, 6) >= LONG_PAUSE


def _pause_shares(pauses: list[tuple[float, float]], start: float, end: float) -> tuple[float, float, float]:
    """Return how much of `start` to `end` lies in pauses: in all, in one at its start, in one at its end."""
    first = bisect_right(pauses, start, key=lambda pause: pause[1])
    within = itertools.takewhile(lambda pause: pause[0] < end, itertools.islice(pauses, first, None))
    cut = [(max(begin, start), min(stop, end)) for begin, stop in within]
    before = sum(stop - begin for begin, stop in cut[:1] if begin == start)
    after = sum(stop - begin for begin, stop in cut[-1:] if stop == end)
    return sum(stop - begin for begin, stop in cut), before, after


def _in_pauses(words: tuple[SpokenWord, ...], limit: float) -> list[tuple[float, bool]]:
    """Return the cuts in pauses, each with whether a sentence ends there; dead air is cut off at both its ends."""
    cuts: list[tuple[float, bool]] = []
    if words and words[0].start >= DEAD_AIR:
        cuts.append((words[0].start - BEFORE_WORD, True))
    for word, following in itertools.pairwise(words):
        if word.ends_sentence or following.start - word.end >= PAUSE:
            cuts.append((_between(word, following), word.ends_sentence))
        if following.start - word.end >= DEAD_AIR:
            cuts.append((following.start - BEFORE_WORD, True))
    if words and limit - words[-1].end >= DEAD_AIR:
        cuts.append((words[-1].end + AFTER_WORD, True))
    return cuts


def _apart(cuts: list[tuple[float, bool]], limit: float) -> list[tuple[float, bool]]:
    """Return the cuts without those too close to another or to the recording's ends; sentence ends come first."""
    clean_cuts: list[tuple[float, bool]] = []
    for cut, ends_sentence in cuts:
        if min(cut, limit - cut) < SHORTEST_PHRASE:
            continue
        if not clean_cuts or cut - clean_cuts[-1][0] >= SHORTEST_PHRASE:
            clean_cuts.append((cut, ends_sentence))
        elif ends_sentence and not clean_cuts[-1][1]:
            clean_cuts[-1] = (cut, True)
    return clean_cuts


def _between(word: Timed, following: Timed) -> float:
    return min((word.end + following.start) / 2, word.end + AFTER_WORD)


def _spread(
    cuts: list[tuple[float, bool]], transcript: Transcript, limit: float, room: float
) -> list[tuple[float, bool]]:
    """Return the cuts plus those that keep every phrase within `room`; False marks a cut without a pause."""
    spread: list[tuple[float, bool]] = []
    before = 0.0
    for end in (*(cut for cut, _ in cuts), limit):
        while end - before > room:
            before, clean = _best_forced_cut(transcript, before, min(before + room, end - SHORTEST_PHRASE))
            spread.append((before, clean))
        if end < limit:
            spread.append((end, True))
            before = end
    return spread


def _best_forced_cut(transcript: Transcript, start: float, latest: float) -> tuple[float, bool]:
    """Return the best cut between `start` and `latest`: in silence, else in the widest gap between two words."""
    inside = [word for word in transcript.between(start - LONGEST_WORD, latest) if word.end > start]
    if not inside:
        return latest, True
    if inside[-1].end + AFTER_WORD <= latest:
        return latest, True
    if inside[0].start - start > SHORTEST_PHRASE + PAUSE:
        return inside[0].start - PAUSE / 2, True
    gaps = [
        (following.start - word.end, place)
        for word, following in itertools.pairwise(inside)
        if (place := max(_between(word, following), start + SHORTEST_PHRASE)) <= following.start
    ]
    if not gaps:
        return latest, False
    width, place = max(gaps, key=lambda gap: (round(gap[0], 2), gap[1]))
    return place, width >= PAUSE
