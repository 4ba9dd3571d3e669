"""Write what a film is posted with, as the language model is asked to: the first sentence, and what the words name.

Touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local.emulators.openai.planner_reader import Reader
from local.emulators.openai.planner_text import first_sentence
from shared.film.running_text import join_texts
from shared.publishing.words import shorten

HOOK_LENGTH = 90
TITLE_LENGTH = 60
TITLE_TOPICS = 2
MOST_TAGS = 5
SENTENCES = 2


def publish(reader: Reader, texts: Sequence[str]) -> dict[str, Any]:
    """Return the words to post the texts of an excerpt with in the shape of the reply."""
    text = join_texts(texts)
    topics = reader.topics(texts, MOST_TAGS)
    return {
        "title": title(topics[:TITLE_TOPICS], text),
        "hook": shorten(first_sentence(text), HOOK_LENGTH),
        "description": _beginning(_after(text, first_sentence(text)) or text),
        "hashtags": ["".join(part.capitalize() for part in topic.split()) for topic in topics],
    }


def title(topics: Sequence[str], text: str) -> str:
    """Return a title: what the text is about, or its first sentence."""
    words = " and ".join(topics) or first_sentence(text)
    return shorten(f"{words[:1].upper()}{words[1:]}", TITLE_LENGTH)


def _beginning(text: str) -> str:
    rest = text
    sentences = list[str]()
    while rest and len(sentences) < SENTENCES:
        sentences.append(first_sentence(rest))
        rest = _after(rest, sentences[-1])
    return " ".join(sentences)


def _after(text: str, beginning: str) -> str:
    return " ".join(text.split()[len(beginning.split()) :])
