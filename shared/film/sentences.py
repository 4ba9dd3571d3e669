"""Where sentences end in a stream of words, whose punctuation belongs to them.

Values only; touches nothing. A kept splitter knows the languages; what it is known to cut wrongly stands here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import sentencex  # pyright: ignore[reportMissingTypeStubs] - it ships none

from shared.film.running_text import stand_close

_QUOTES = "\"'“”‘’«»‹›„‚「」『』()[]"
_END = re.compile(r"[.!?…。｡！？؟।۔።။៕༎։]+$")
# By language, words whose full stop is theirs, in lower case. sentencex 1.0.32 ends a sentence at each when the next
# word looks like a beginning ("Dr. Who", "Inc. The"), or does not know it.
_ABBREVIATIONS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "mr mrs ms messrs dr st prof rev gen col capt lt sgt gov sen jr sr vs approx inc ltd corp co bros dept",
        "fr": "mm mme mmes mlle dr me st ste c.-à-d",
        "de": "hr fr dr prof st nr str",
        "es": "sr sra srta dr dra ud uds av pág núm",
        "pt": "sr sra dr dra av pág n.º",
        "it": "sig sig.ra dott prof avv",
        "nl": "dhr mevr dr prof st",
        "hi": "डॉ श्री श्रीमती प्रो",
    }.items()
}
# "U.S.", "p.m.", "Ph.D.", "z.B.".
_INITIALS = re.compile(r"([^\W\d_]{1,3}\.)+[^\W\d_]\.")


def sentence_ends(words: Sequence[str], language: str) -> list[bool]:
    """Return for each word, given with its punctuation, whether a sentence ends with it.

    `language` is a code such as "en-US"; one that the splitter does not know is taken for English.
    """
    bare = [word.strip(_QUOTES) for word in words]
    text, last_of = _text(bare)
    ends = [False] * len(words)
    place = 0
    for sentence in _split(text, language):
        place += len(sentence)
        # An end within a word ("c.-à-d.") is none.
        index = last_of.get(place - len(sentence) + len(sentence.rstrip()))
        if index is not None:
            ends[index] = closes_sentence(bare[index], language)
    return ends


def closes_sentence(text: str, language: str = "en") -> bool:
    """Return whether text ends as a sentence does, whatever follows."""
    last = text.rstrip().rstrip(_QUOTES)
    return bool(_END.search(last)) and not is_abbreviation(last.split()[-1], language)


def is_abbreviation(word: str, language: str = "en") -> bool:
    """Return whether a word's full stop is part of it: a title, an initial, or another shortened word."""
    bare = word.strip(_QUOTES)
    if not bare.endswith("."):
        return False
    abbreviations = _ABBREVIATIONS.get(_base(language), frozenset[str]())
    return bare[:-1].lower() in abbreviations or _is_initial(bare[:-1]) or bool(_INITIALS.fullmatch(bare))


def _split(text: str, language: str) -> list[str]:
    splitter: Any = sentencex
    return splitter.segment(_base(language), text)


def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


def _is_initial(stem: str) -> bool:
    # A wide sign is a syllable or a word: 네. is "Yes."
    return len(stem) == 1 and stem.isalpha() and unicodedata.east_asian_width(stem) not in "WF"


def _text(words: Sequence[str]) -> tuple[str, dict[int, int]]:
    """Return the running text, and by the place where a word ends in it which word that is."""
    parts: list[str] = []
    last_of: dict[int, int] = {}
    length = 0
    before = ""
    for index, word in enumerate(words):
        if word:
            part = word if not before or stand_close(before, word) else f" {word}"
            parts.append(part)
            length += len(part)
            before = word
        last_of[length] = index
    return "".join(parts), last_of
