"""Read the sense of phrases in English: which words carry it, and which noun phrases can be filmed.

Touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from local.emulators.openai.planner_words import (
    DETERMINERS,
    INTENSIFIERS,
    NO_NOUN_ENDINGS,
    NOUNS,
    QUALIFIERS,
    STOP_WORDS,
)
from shared.film.sentences import closes_sentence, is_abbreviation

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[.,;:!?…]")
_PLAIN_ARTICLES = frozenset({"a", "an", "the"})
LONGEST_SUBJECT = 4
SHORTEST_WORD = 3
# A chunk worth this much is a noun phrase beyond doubt; no guess reaches it.
SURE = 20


def ends_sentence(text: str) -> bool:
    """Return True when the text closes a sentence; silence closes one too."""
    return not text.strip() or closes_sentence(text)


def first_sentence(text: str) -> str:
    """Return the text up to the end of its first sentence, or the whole of it."""
    words = text.split()
    end = next((number for number, word in enumerate(words, start=1) if ends_sentence(word)), len(words))
    return " ".join(words[:end])


def last_sentence(text: str) -> str:
    """Return the text from the beginning of its last sentence, or the whole of it."""
    words = text.split()
    begin = max((number for number, word in enumerate(words[:-1], start=1) if ends_sentence(word)), default=0)
    return " ".join(words[begin:])


def salient(text: str) -> list[str]:
    """Return the words of the text that carry sense, in lower case and in order."""
    words = (word.lower() for word in _WORD.findall(text))
    return [word for word in words if len(word) >= SHORTEST_WORD and word not in STOP_WORDS]


def subjects(text: str) -> list[str]:
    """Return the noun phrases of the text that read well after a preposition, the most telling first."""
    weights: dict[str, int] = {}
    for article, chunk in _chunks(_WORD.findall(_without_stops(text))):
        worth = _worth(article, chunk)
        if worth:
            weights.setdefault(_subject(article, chunk), worth)
    ranking = sorted(weights, key=lambda subject: -weights[subject])
    # A phrase without an article is a guess, and only used where there is nothing better.
    return [subject for subject in ranking if weights[subject] >= SURE] or ranking


def _without_stops(text: str) -> str:
    """Return the text with no full stop in a title or an initial, where it would part the words."""
    return " ".join(word.replace(".", "") if is_abbreviation(word) else word for word in text.split())


def _chunks(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Return the runs of words between stop words, each with the article before it (or an empty string)."""
    chunk: list[str] = []
    article = ""
    for word in [*words, "."]:
        low = word.lower()
        if low[0].isalpha() and (low not in STOP_WORDS or low in QUALIFIERS):
            chunk.append(word)
            continue
        if chunk:
            yield article, chunk
        # "A more amiable woman" may lose its "more", and then "a" would be wrong before "amiable".
        determiner = "the" if article and not chunk and low in INTENSIFIERS else ""
        article = low if low in DETERMINERS else determiner
        chunk = []


def _proper(words: list[str]) -> bool:
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _subject(article: str, chunk: list[str]) -> str:
    words = chunk[-LONGEST_SUBJECT:]
    if _proper(words):
        return " ".join(words)
    # "My" and "this" mean nothing to somebody who has not heard the recording.
    first = article if article in _PLAIN_ARTICLES else "the"
    return " ".join([first, words[0].lower(), *words[1:]])


def _worth(article: str, chunk: list[str]) -> int:
    """Return how surely a chunk is a noun phrase: an article or capitals say most; 0 is no noun."""
    words = chunk[-LONGEST_SUBJECT:]
    last = words[-1].lower()
    if last in QUALIFIERS or (last.endswith(NO_NOUN_ENDINGS) and last not in NOUNS):
        return 0
    sure = SURE if article or _proper(words) else 0
    return sure + 2 * len(words) + min(12, max(len(word) for word in words)) // 4
