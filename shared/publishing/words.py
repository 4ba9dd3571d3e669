"""The words that a video is posted with: title, hook, description and hashtags, of the planning model and as edited.

Values only; touches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from shared.client_values import PLAIN, plain_line
from shared.wire import Wire

TITLE_LIMIT = 100
HOOK_LIMIT = 120
DESCRIPTION_LIMIT = 2_000
HASHTAG_LIMIT = 50
MOST_HASHTAGS = 15
# What ends a hashtag wherever it is posted; letters, digits and marks of every script belong to it.
_NOT_OF_A_TAG = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f]+")


def bare_tag(text: str) -> str:
    """Return a hashtag without its sign, and without what would end it: "# Slow-bread!" is "Slowbread"."""
    return _NOT_OF_A_TAG.sub("", text)[:HASHTAG_LIMIT]


def _bare(value: object) -> object:
    return bare_tag(value) if isinstance(value, str) else value


PostTitle = Annotated[str, StringConstraints(max_length=TITLE_LIMIT, strip_whitespace=True), PLAIN]
Hook = Annotated[str, StringConstraints(max_length=HOOK_LIMIT, strip_whitespace=True), PLAIN]
Description = Annotated[str, StringConstraints(max_length=DESCRIPTION_LIMIT, strip_whitespace=True), PLAIN]
Hashtag = Annotated[str, BeforeValidator(_bare), StringConstraints(min_length=1, max_length=HASHTAG_LIMIT)]


class PostWords(Wire):
    """What a video is posted with; hashtags are without their sign, and a plan of earlier versions has empty ones."""

    title: PostTitle = ""
    hook: Hook = ""
    description: Description = ""
    hashtags: Annotated[tuple[Hashtag, ...], Field(max_length=MOST_HASHTAGS)] = ()


class PlanWords(BaseModel):
    """The part of a stored plan that is the words to post its video with."""

    publish: PostWords = PostWords()


def post_words(title: str, hook: str, description: str, hashtags: Iterable[str]) -> PostWords:
    """Return the words of an answer of the planning model, within the limits whatever it says."""
    return PostWords(
        title=shorten(plain_line(title), TITLE_LIMIT),
        hook=shorten(plain_line(hook), HOOK_LIMIT),
        description=shorten(plain_line(description), DESCRIPTION_LIMIT),
        hashtags=distinct_tags(hashtags),
    )


def distinct_tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the hashtags without signs, each once whatever its case, and not too many."""
    tags = {tag.casefold(): tag for tag in reversed([bare_tag(text) for text in texts]) if tag}
    return tuple(reversed(tags.values()))[:MOST_HASHTAGS]


def shorten(text: str, limit: int) -> str:
    """Return the text within `limit` characters, cut between words where it has any."""
    if len(text) <= limit:
        return text
    beginning, _, _ = text[:limit].rpartition(" ")
    return f"{(beginning or text[: limit - 1]).rstrip(' ,;:–—-')}…"
