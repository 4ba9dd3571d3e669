"""How long, how full of speech and how silent an excerpt is, and where in the recording excerpts may lie.

Values only; touches nothing; an excerpt is its first and its last phrase, times are seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from functions.plan.phrases import Phrase, is_long
from shared.recordings.limits import OVER

# The share of what was asked for that is enough speech.
ENOUGH = 0.75
# The share of a film in which nobody may speak.
MOST_SILENCE = 0.2


@dataclass(frozen=True)
class Timeline:
    """The phrases and the limits, in seconds, that shots are measured against."""

    phrases: list[Phrase]
    target: float
    longest: float

    def seconds(self, first: int, last: int) -> float:
        """Return the length from phrase `first` to phrase `last`."""
        # Rounded, so that noise in the last digit never splits a scene of exactly a whole clip.
        return round(self.phrases[last].end - self.phrases[first].start, 6)

    @cached_property
    def _dead_air(self) -> list[float]:
        return [0.0, *accumulate(phrase.seconds if phrase.silent else 0.0 for phrase in self.phrases)]

    @cached_property
    def _speech(self) -> list[float]:
        return [0.0, *accumulate(phrase.speech for phrase in self.phrases)]

    def silence(self, first: int, last: int) -> float:
        """Return the share of the time from phrase `first` to phrase `last` that is dead air."""
        return (self._dead_air[last + 1] - self._dead_air[first]) / max(self.seconds(first, last), 1e-6)

    def speech(self, first: int, last: int) -> float:
        """Return the seconds without long pauses."""
        return self._speech[last + 1] - self._speech[first]

    def quiet(self, first: int, last: int) -> float:
        """Return the share of long pauses as they are heard: what is left of one at an end may be short."""
        ends = (self.phrases[first].paused_before, self.phrases[last].paused_after)
        short = sum(pause for pause in ends if not is_long(pause))
        seconds = self.seconds(first, last)
        return (seconds - self.speech(first, last) - short) / max(seconds, 1e-6)

    def trim_silence(self, first: int, last: int) -> tuple[int, int]:
        """Return `first` and `last` without the silence at both ends; the last before the first where all is silent."""
        while first <= last and self.phrases[first].silent:
            first += 1
        while first <= last and self.phrases[last].silent:
            last -= 1
        return first, last

    def voice_near(self, index: int) -> int:
        """Return the phrase nearest to phrase `index` in which somebody speaks."""
        candidates = (n for n, phrase in enumerate(self.phrases) if not phrase.silent)
        return min(candidates, key=lambda n: abs(n - index), default=index)

    def fits(self, first: int, last: int) -> bool:
        """Return whether a film from phrase `first` to phrase `last` is neither too long nor has too much dead air."""
        return self.seconds(first, last) <= self.target + OVER and self.silence(first, last) <= MOST_SILENCE

    def has_enough(self, first: int, last: int) -> bool:
        """Return whether enough is said."""
        return self.speech(first, last) >= self.target * ENOUGH

    def is_too_quiet(self, first: int, last: int) -> bool:
        """Return whether nobody speaks in more than MOST_SILENCE of it."""
        return round(self.quiet(first, last), 6) > MOST_SILENCE

    def is_good(self, first: int, last: int) -> bool:
        """Return whether enough is said and long pauses are few."""
        return self.has_enough(first, last) and not self.is_too_quiet(first, last)

    def places(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield every excerpt from phrase `first` to phrase `last` that fits and begins and ends with a voice."""
        candidates = [index for index in range(first, last + 1) if not self.phrases[index].silent]
        for number, begin in enumerate(candidates):
            for end in candidates[number:]:
                if self.seconds(begin, end) > self.target + OVER:
                    break
                if self.fits(begin, end):
                    yield begin, end

    def between(self, a: tuple[int, int], b: tuple[int, int]) -> float:
        """Return how far excerpt `a` is from excerpt `b`; 0 when they share a phrase."""
        earlier, later = sorted((a, b))
        return max(0.0, self.phrases[later[0]].start - self.phrases[earlier[1]].end) if later[0] > earlier[1] else 0.0

    def sentence_ends(self, first: int, last: int) -> int:
        """Return at how many of its two ends an excerpt begins or ends with a sentence."""
        return (first == 0 or self.phrases[first - 1].ends_sentence) + self.phrases[last].ends_sentence

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last phrase of the recording in which somebody speaks."""
        return self.trim_silence(0, len(self.phrases) - 1)

    @property
    def whole(self) -> bool:
        """Whether all that is said makes no longer a film than was asked for, and has no long silence in it."""
        return self.seconds(*self.ends) <= self.target and self.silence(*self.ends) <= MOST_SILENCE
