"""Captions as lines with times: which spoken words are on screen together, and in which rows.

Pure functions, touches nothing; all times are seconds from the start of the film.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.film.plan import Word
from shared.film.running_text import columns, join_texts
from shared.film.word_times import repair_times

PAUSE = 0.6
MIN_ON_SCREEN = 0.7
LINGER = 0.3


@dataclass(frozen=True)
class Shape:
    """How much a caption holds: words, characters in all, and characters in one of its rows; wide ones count twice."""

    words: int
    characters: int
    row: int


@dataclass(frozen=True)
class CaptionLine:
    """Words that are on screen together from `start` to `end`."""

    words: tuple[Word, ...]
    start: float
    end: float

    @property
    def speaker(self) -> str:
        """The label of who says them; no line has two."""
        return self.words[0].speaker

    @property
    def text(self) -> str:
        """The words as one line of text."""
        return join_texts([word.text for word in self.words])


def lines(words: Sequence[Word], seconds: float, shape: Shape) -> list[CaptionLine]:
    """Return the captions of a film of `seconds`: in order, inside the film, none overlapping another."""
    groups = list(_groups(repair_times(words, seconds), shape))
    starts = [group[0].start for group in groups]
    limits = [*starts, seconds][1:]
    return [
        CaptionLine(tuple(group), start, _until(group[-1].end, start, limit))
        for group, start, limit in zip(groups, starts, limits, strict=True)
        if limit > start
    ]


def rows(texts: Sequence[str], width: int) -> list[list[int]]:
    """Return the indexes of words in one row, or in two of even length when they do not fit in `width` characters."""
    indexes = list(range(len(texts)))
    if len(texts) < 2 or columns(join_texts(texts)) <= width:  # noqa: PLR2004  one word cannot be divided
        return [indexes]
    cut = min(indexes[1:], key=lambda at: max(columns(join_texts(texts[:at])), columns(join_texts(texts[at:]))))
    return [indexes[:cut], indexes[cut:]]


def _until(last_word_end: float, start: float, limit: float) -> float:
    """Return when a line leaves: soon after its last word, or when the next one comes if that is sooner or near."""
    planned_end = max(last_word_end, start + MIN_ON_SCREEN)
    return limit if limit - planned_end < LINGER else planned_end


def _groups(words: Sequence[Word], shape: Shape) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and _breaks(group, word, shape):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _breaks(group: list[Word], word: Word, shape: Shape) -> bool:
    texts = [*(each.text for each in group), word.text]
    widest = max(columns(join_texts([texts[at] for at in row])) for row in rows(texts, shape.row))
    return (
        len(group) >= shape.words
        or columns(join_texts(texts)) > shape.characters
        or widest > shape.row
        or group[-1].ends_sentence
        or word.start - group[-1].end > PAUSE
        or word.speaker != group[-1].speaker
    )
