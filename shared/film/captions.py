"""Captions as text with times: spoken words → lines on screen → SRT and VTT.

Pure functions, touches nothing; all times are seconds from the start of the film unless a name says otherwise.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.film.plan import Word
from shared.film.running_text import join_texts

PAUSE = 0.6
LONGEST_WORD = 36
# More of a word than this is not even looked at: marks and joiners included, it is no word.
READ_OF_WORD = 4 * LONGEST_WORD
MIN_ON_SCREEN = 0.7
LINGER = 0.3
_USUAL_WORD = 0.3
_SHORTEST_WORD = 0.01
# Joiners are letters' own; every other format character (direction marks above all) would reach beyond its word.
_JOINERS = "\u200c\u200d"
_BLANK = frozenset({"Cc", "Zl", "Zp"})
_DROPPED = frozenset({"Cf", "Cs"})
# Signs that open a tag or an escape in ASS, SRT or VTT, and their harmless likenesses.
_SWAPPED = str.maketrans({"{": "(", "}": ")", "\\": "/", "<": "‹", ">": "›"})


@dataclass(frozen=True)
class Shape:
    """How much a caption holds: words, characters in all, and characters in one of its rows."""

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
    def text(self) -> str:
        """The words as one line of text."""
        return join_texts([word.text for word in self.words])


BURNT = {"words": Shape(words=4, characters=22, row=22), "lines": Shape(words=12, characters=38, row=22)}
SUBTITLE = Shape(words=40, characters=76, row=38)


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
    if len(texts) < 2 or len(join_texts(texts)) <= width:  # noqa: PLR2004  one word cannot be divided
        return [indexes]
    cut = min(indexes[1:], key=lambda at: max(len(join_texts(texts[:at])), len(join_texts(texts[at:]))))
    return [indexes[:cut], indexes[cut:]]


def srt(words: Sequence[Word], seconds: float) -> str:
    """Return the film's subtitles as SubRip text."""
    cues = _cues(words, seconds, ",")
    return "\n".join(f"{number}\n{times}\n{text}\n" for number, (times, text) in enumerate(cues, start=1))


def vtt(words: Sequence[Word], seconds: float) -> str:
    """Return the film's subtitles as WebVTT text."""
    cues = _cues(words, seconds, ".")
    return "\n".join(["WEBVTT\n", *(f"{times}\n{_escape(text)}\n" for times, text in cues)])


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


def _until(last_word_end: float, start: float, limit: float) -> float:
    """Return when a line leaves: soon after its last word, or when the next one comes if that is sooner or near."""
    planned_end = max(last_word_end, start + MIN_ON_SCREEN)
    return limit if limit - planned_end < LINGER else planned_end


def _with_punctuation(words: Sequence[Word]) -> list[Word]:
    result: list[Word] = []
    for word in words:
        text = _clean(word.text)
        if result and text and not any(sign.isalnum() for sign in text):
            last = result[-1]
            longer = last.text + text[: max(0, LONGEST_WORD - len(last.text))]
            result[-1] = last.model_copy(
                update={"text": longer, "ends_sentence": last.ends_sentence or word.ends_sentence}
            )
        elif text:
            result.append(word.model_copy(update={"text": text}))
    return result


def _clean(text: str) -> str:
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
    widest = max(len(join_texts([texts[at] for at in row])) for row in rows(texts, shape.row))
    return (
        len(group) >= shape.words
        or len(join_texts(texts)) > shape.characters
        or widest > shape.row
        or group[-1].ends_sentence
        or word.start - group[-1].end > PAUSE
    )


def _cues(words: Sequence[Word], seconds: float, point: str) -> Iterator[tuple[str, str]]:
    for line in lines(words, seconds, SUBTITLE):
        start = math.floor(line.start * 1000)
        end = math.floor(line.end * 1000)
        if end > start:
            texts = [word.text for word in line.words]
            text = "\n".join(join_texts([texts[at] for at in row]) for row in rows(texts, SUBTITLE.row))
            yield f"{_clock(start, point)} --> {_clock(end, point)}", text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;")


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"
