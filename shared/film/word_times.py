"""The words that can be shown: cleaned of what could break a file or a renderer, with times that rise.

Pure functions, touches nothing; all times are seconds from the start of the film.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

from shared.film.corrections import Timed
from shared.film.plan import Word

LONGEST_WORD = 36
# More of a word than this is not even looked at: marks and joiners included, it is no word.
READ_OF_WORD = 4 * LONGEST_WORD
_USUAL_WORD = 0.3
_SHORTEST_WORD = 0.01
# Joiners are letters' own; every other format character (direction marks above all) would reach beyond its word.
_JOINERS = "\u200c\u200d"
_BLANK = frozenset({"Cc", "Zl", "Zp"})
_DROPPED = frozenset({"Cf", "Cs"})
# Signs that open a tag or an escape in ASS, SRT or VTT, and their harmless likenesses.
_SWAPPED = str.maketrans({"{": "(", "}": ")", "\\": "/", "<": "‹", ">": "›"})


def middle(word: Timed) -> float:
    """Return the time that decides on which side of a cut a word is counted: where more of it is said."""
    return (word.start + word.end) / 2


def repair_times(words: Sequence[Word], seconds: float) -> list[Word]:
    """Return the words that can be shown, cleaned, with rising times inside [0, `seconds`].

    Punctuation on its own joins the word before; a time that is missing, empty or backward comes from its neighbours.
    """
    showable = _with_punctuation(words)
    starts = _fill_starts(_credible_starts(showable, seconds), seconds)
    limits = [*starts, seconds][1:]
    return [
        word.model_copy(update={"start": start, "end": _end(word, start, limit)})
        for word, start, limit in zip(showable, starts, limits, strict=True)
    ]


def _end(word: Word, start: float, limit: float) -> float:
    return min(limit, word.end if start < word.end < math.inf else start + 3 * _USUAL_WORD)


def _with_punctuation(words: Sequence[Word]) -> list[Word]:
    result: list[Word] = []
    for word in words:
        text = clean_text(word.text)
        if result and text and not any(sign.isalnum() for sign in text):
            last = result[-1]
            longer = last.text + text[: max(0, LONGEST_WORD - len(last.text))]
            result[-1] = last.model_copy(
                update={"text": longer, "ends_sentence": last.ends_sentence or word.ends_sentence}
            )
        elif text:
            result.append(word.model_copy(update={"text": text}))
    return result


def clean_text(text: str) -> str:
    """Return `text` without what could break a caption file, a renderer or the order of its neighbours."""
    plain = "".join(
        " " if unicodedata.category(sign) in _BLANK else sign
        for sign in unicodedata.normalize("NFC", text[:READ_OF_WORD])
        if sign in _JOINERS or unicodedata.category(sign) not in _DROPPED
    )
    single = " ".join(plain.translate(_SWAPPED).split())
    return single if len(single) <= LONGEST_WORD else single[: LONGEST_WORD - 1] + "…"


def _credible_starts(words: Sequence[Word], seconds: float) -> list[float | None]:
    """Return each word's start where it can be believed: the longest rising row of sane times."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    values: list[float] = []
    for index, word in enumerate(words):
        if not _sane(word, seconds):
            continue
        at = bisect_right(values, word.start - _SHORTEST_WORD)
        if at < len(values) and values[at] <= word.start:
            continue
        before[index] = tails[at - 1] if at else None
        tails[at:] = [index, *tails[at + 1 :]]
        values[at:] = [word.start, *values[at + 1 :]]
    indices: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        indices.add(last)
        last = before[last]
    return [word.start if index in indices else None for index, word in enumerate(words)]


def _sane(word: Word, seconds: float) -> bool:
    return math.isfinite(word.start) and math.isfinite(word.end) and 0 <= word.start < min(word.end, seconds)


def _fill_starts(starts: Sequence[float | None], seconds: float) -> list[float]:
    """Return all starts; words without one are spread between the neighbours that have one."""
    result: list[float] = []
    for index, start in enumerate(starts):
        result.append(start if start is not None else _between(result, starts, index, seconds))
    return result


def _between(earlier: list[float], starts: Sequence[float | None], index: int, seconds: float) -> float:
    following = next((at for at in range(index, len(starts)) if starts[at] is not None), len(starts))
    next_start = starts[following] if following < len(starts) else None
    upto = seconds if next_start is None else next_start
    missing = following - index
    if not earlier:
        return max(0.0, upto - missing * _USUAL_WORD) if next_start is not None else 0.0
    return earlier[-1] + min(_USUAL_WORD, (upto - earlier[-1]) / (missing + 1))
