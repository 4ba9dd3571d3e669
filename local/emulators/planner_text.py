"""Read the sense of spoken phrases: which words carry it, and which noun phrases can be filmed.

Touches nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence

from local.emulators.planner_words import DETERMINERS, NO_NOUN_ENDINGS, NOUNS, SENTENCE_ENDS, STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[.,;:!?…]")
_PLAIN_ARTICLES = frozenset({"a", "an", "the"})
LONGEST_SUBJECT = 4
SHORTEST_WORD = 3


def ends_sentence(text: str) -> bool:
    """True when the text closes a sentence; silence closes one too."""
    return not text.strip() or text.rstrip(" \"'”’)").endswith(SENTENCE_ENDS)


def salient(text: str) -> list[str]:
    """The words of the text that carry sense, in lower case and in order."""
    words = (word.lower() for word in _WORD.findall(text))
    return [word for word in words if len(word) >= SHORTEST_WORD and word not in STOP_WORDS]


def topics(texts: Sequence[str], count: int) -> list[str]:
    """The `count` noun phrases, in order of appearance, that stand for all texts together."""
    tally = Counter(word for text in texts for word in salient(text))
    found = [subject for text in texts for subject in subjects(text)[:2]]

    def weight(subject: str) -> tuple[int, int]:
        return sum(tally[word] for word in salient(subject)), len(subject)

    best = sorted(dict.fromkeys(found), key=weight, reverse=True)[:count]
    return sorted(best, key=found.index)


def subjects(text: str) -> list[str]:
    """The noun phrases of the text that read well after a preposition, the most telling first."""
    found: dict[str, int] = {}
    chunk: list[str] = []
    article = ""
    for word in [*_WORD.findall(text), "."]:
        low = word.lower()
        if low not in STOP_WORDS and low[0].isalpha():
            chunk.append(word)
            continue
        if chunk:
            found.setdefault(_subject(article, chunk), _worth(article, chunk))
        article, chunk = (low if low in DETERMINERS else ""), []
    likely = [subject for subject, worth in found.items() if worth]
    return sorted(likely, key=lambda subject: -found[subject])


def _subject(article: str, chunk: list[str]) -> str:
    words = chunk[-LONGEST_SUBJECT:]
    words = words if words[0][0].isupper() and len(words) > 1 else [words[0].lower(), *words[1:]]
    # "My" and "this" mean nothing to somebody who has not heard the recording.
    return " ".join([article if article in _PLAIN_ARTICLES else "the", *words])


def _worth(article: str, chunk: list[str]) -> int:
    """How surely a chunk is a noun phrase: an article before it says most; 0 is no noun."""
    words = chunk[-LONGEST_SUBJECT:]
    last = words[-1].lower()
    if last.endswith(NO_NOUN_ENDINGS) and last not in NOUNS:
        return 0
    return (6 if article else 0) + 2 * len(words) + min(12, max(len(word) for word in words)) // 4
