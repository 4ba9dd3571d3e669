"""Captions in another language than the spoken one: the lines that are translated, and what captions are made of then.

Pure functions, touches nothing; all times are seconds from the start of the film.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import accumulate

from shared.captions.phrases import in_phrases
from shared.film.captions import CaptionLine, lines
from shared.film.plan import Plan, Word
from shared.film.running_text import columns
from shared.film.subtitles import SUBTITLE
from shared.wire import Wire

# Signs of a translated line: no caption is longer, whatever a model answers.
MOST_SIGNS = 400
# Languages that are written in two ways, so that one can be translated into the other.
_WRITTEN_TWICE = ("zh",)


class TranslatedLine(Wire):
    """A line as it is spoken, and what it is in the other language."""

    spoken_text: str
    text: str


class Translation(Wire):
    """The lines of a video's captions in another language, by the `model` that translated the latest of them."""

    language: str
    model: str
    lines: tuple[TranslatedLine, ...]


def target_language(plan: Plan) -> str:
    """Return the language that the plan's captions are translated into, "" where they are as they are spoken."""
    other_language = plan.options.caption_language
    spoken_language = plan.language_code
    base = other_language.partition("-")[0]
    is_base = base == spoken_language.partition("-")[0].lower()
    is_spoken = is_base and (base not in _WRITTEN_TWICE or other_language == spoken_language)
    return "" if is_spoken or not plan.words else other_language


def spoken_lines(plan: Plan) -> list[CaptionLine]:
    """Return the lines that are translated, each by itself: those of the subtitles, whatever look the picture has."""
    return lines(in_phrases(plan.words, plan.language_code), plan.frames / plan.frame_rate, SUBTITLE)


def digest_of(texts: Sequence[str]) -> str:
    """Return the digest of spoken lines, in hexadecimal."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:16]


def in_other_language(plan: Plan, translation: Translation) -> Plan:
    """Return the plan as its captions are: its words are those of the translation, each line at its own time.

    A translation has no times of words: they share their line's by their widths.
    """
    texts = {line.spoken_text: line.text for line in translation.lines}
    words = [word for line in spoken_lines(plan) for word in _words(line, texts[line.text])]
    return plan.model_copy(update={"words": tuple(words), "language_code": translation.language})


def _words(line: CaptionLine, text: str) -> Iterator[Word]:
    parts = text[:MOST_SIGNS].split()
    if not parts:
        return
    start = line.words[0].start
    end = line.words[-1].end
    marks = list(accumulate(columns(part) + 1 for part in parts))
    # The line's own ends as they are: rounded, the subtitles would differ from the spoken ones by a millisecond.
    bounds = [start, *(round(start + (end - start) * mark / marks[-1], 3) for mark in marks[:-1]), end]
    for index, part in enumerate(parts):
        yield Word(
            text=part,
            start=bounds[index],
            end=bounds[index + 1],
            # So that no line takes words of the next one.
            ends_sentence=index == len(parts) - 1,
            speaker=line.speaker,
        )
