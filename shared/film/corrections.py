"""What people have corrected of a recording's transcript: for each stretch of it, the words that are said there.

Values only; touches nothing; times are seconds of the recording. Corrections are of a recording and a language: every
later transcription of it, and what an edit of a plan may use of it, is read with them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from pydantic import Field

from shared.film.plan import Word
from shared.wire import Wire

# Seconds: no word that is heard is longer.
_LONGEST_WORD = 3.0


class Timed(Protocol):
    """What is said from `start` to `end`."""

    @property
    def start(self) -> float:
        """When it begins."""
        ...

    @property
    def end(self) -> float:
        """When it is over."""
        ...

    @property
    def speaker(self) -> str:
        """The label of who says it."""
        ...


TimedT = TypeVar("TimedT", bound=Timed)


class Correction(Wire):
    """The words that are said between two times, in place of what was heard there; none when nothing is said."""

    start: float
    end: float
    words: tuple[Word, ...]

    def covers(self, word: Timed) -> bool:
        """Return whether a word belongs to the stretch: another transcription hears it a little earlier or later."""
        if self.start <= word.start < self.end and word.end <= self.end:
            return True
        shared_seconds = min(self.end, word.end) - max(self.start, word.start)
        shorter = min(self.end - self.start, word.end - word.start)
        return shared_seconds > 0 and shared_seconds >= shorter / 2


class Corrections(Wire):
    """All corrections of a recording by `corrections_source`, in the order of their times; none overlaps another."""

    by_language: Mapping[str, tuple[Correction, ...]] = Field(default_factory=dict[str, tuple[Correction, ...]])

    def of(self, language: str) -> tuple[Correction, ...]:
        """Return those of the transcripts of a source."""
        return self.by_language.get(language, ())

    def with_more(self, language: str, more: Iterable[Correction]) -> Corrections:
        """Return them with later ones, each of which counts in its stretch, whatever was said of it before."""
        corrections = self.of(language)
        for correction in more:
            corrections = _merge(corrections, correction)
        return Corrections(by_language={**self.by_language, language: corrections})

    @property
    def name(self) -> str:
        """What the stored corrections are called, by their content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def apply_corrections(
    words: Sequence[TimedT], corrections: Sequence[Correction], new_word: Callable[[Word], TimedT]
) -> list[TimedT]:
    """Return the words, given in order, with what was corrected; `new_word` makes one of a person's words."""
    dropped_indexes = set[int]()
    for correction in corrections:
        first, last = (
            bisect_left(words, time, key=lambda word: word.start)
            for time in (correction.start - _LONGEST_WORD, correction.end)
        )
        dropped_indexes |= {index for index in range(first, last) if correction.covers(words[index])}
    words_left = [word for index, word in enumerate(words) if index not in dropped_indexes]
    # Another transcription may call the speakers otherwise.
    new = [
        new_word(word.model_copy(update={"speaker": _speaker_at(words, word.start)}))
        for correction in corrections
        for word in correction.words
    ]
    return sorted([*words_left, *new], key=lambda word: word.start)


def _speaker_at(words: Sequence[Timed], time: float) -> str:
    """Return who speaks at a time, or next to it."""
    after = bisect_left(words, time, key=lambda word: word.start)
    beside = words[max(after - 1, 0) : after + 1]
    return min(beside, key=lambda word: abs(word.start - time)).speaker if beside else ""


def _merge(corrections: Sequence[Correction], new: Correction) -> tuple[Correction, ...]:
    overlapping = [each for each in corrections if each.start < new.end and new.start < each.end]
    others = [each for each in corrections if each not in overlapping]
    earlier_words = [word for each in overlapping for word in each.words if not new.covers(word)]
    union = Correction(
        start=min(new.start, *(each.start for each in overlapping)) if overlapping else new.start,
        end=max(new.end, *(each.end for each in overlapping)) if overlapping else new.end,
        words=tuple(sorted([*earlier_words, *new.words], key=lambda word: word.start)),
    )
    return tuple(sorted([*others, union], key=lambda each: each.start))
