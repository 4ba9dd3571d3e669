"""Read the sense of spoken phrases in the language that they are in: English as such, any other by its longer words.

Touches nothing but the models that cut Chinese, Japanese and Thai, in which nobody writes spaces.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from local.emulators.openai import planner_text
from shared.captions.phrases import in_phrases
from shared.film.plan import Word

# Shorter words of an alphabet are articles and prepositions, by and large; two signs of another script are a word.
_SHORTEST = {"wide": 2, "other": 4}
_INSIDE_WORDS = "'’-\u200c\u200d"
# In Japanese, what ends a phrase and is written in hiragana tells how it belongs to the next one.
_HIRAGANA = "".join(map(chr, range(0x3041, 0x30A0)))
_NO_SPACES = ("ja", "zh", "th")


@dataclass(frozen=True)
class Reader:
    """What carries sense in a text: its words in lower case and in order, and what in it can be filmed, best first."""

    salient: Callable[[str], list[str]]
    subjects: Callable[[str], list[str]]

    def topics(self, texts: Sequence[str], count: int) -> list[str]:
        """Return the `count` subjects, in order of appearance, that stand for all texts together."""
        tally = Counter(word for text in texts for word in self.salient(text))
        candidates = [subject for text in texts for subject in self.subjects(text)[:2]]

        def weight(subject: str) -> tuple[int, int]:
            return sum(tally[word] for word in self.salient(subject)), len(subject)

        best = sorted(dict.fromkeys(candidates), key=weight, reverse=True)[:count]
        return sorted(best, key=candidates.index)


def reader_of(language_code: str) -> Reader:
    """Return what reads texts of a language; one that is not known is read as English."""
    language = language_code.partition("-")[0].lower()
    if language in ("", "en", "und"):
        return Reader(planner_text.salient, planner_text.subjects)

    def salient(text: str) -> list[str]:
        return [word.lower() for word in _longer_words(text, language)]

    def subjects(text: str) -> list[str]:
        words = dict.fromkeys(_longer_words(text, language))
        return sorted(words, key=lambda word: -len(word))

    return Reader(salient, subjects)


def _longer_words(text: str, language: str) -> list[str]:
    return [word for word in _words(text, language) if sum(map(str.isalpha, word)) >= _SHORTEST[_kind(word)]]


def _kind(word: str) -> str:
    # A letter of a script without cases may be a syllable.
    return "wide" if word.upper() == word.lower() else "other"


def _words(text: str, language: str) -> Iterator[str]:
    for is_word, signs in groupby(text, key=_is_of_word):
        run = "".join(signs).strip(_INSIDE_WORDS)
        if is_word and run:
            yield from _parts(run, language) if language in _NO_SPACES else [run]


def _parts(run: str, language: str) -> Iterator[str]:
    for phrase in in_phrases([Word(text=run, start=0, end=1)], language):
        yield phrase.text.rstrip(_HIRAGANA) or phrase.text


def _is_of_word(sign: str) -> bool:
    # Vowels of Devanagari and Thai are marks.
    return sign.isalpha() or sign in _INSIDE_WORDS or unicodedata.category(sign).startswith("M")
