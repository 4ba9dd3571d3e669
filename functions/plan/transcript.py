"""Amazon Transcribe's result as words and sentences.

Values only; touches nothing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from functions.plan.amazon_transcript import Document, Item, ItemAlternative
from functions.plan.doubt import Heard, believable
from shared.errors import NoSpeechFound, TranscriptionFailed
from shared.film.running_text import join_texts
from shared.film.sentences import sentence_ends

# Seconds: no spoken word is longer; a recogniser that says so has heard a pause.
LONGEST_WORD = 3.0
SHORTEST_WORD = 0.02
# Characters of a speaker's label that are read.
LONGEST_LABEL = 20


@dataclass(frozen=True)
class SpokenWord:
    """A word with its punctuation; seconds of the recording, confidence from 0 to 1; the label of who says it."""

    text: str
    start: float
    end: float
    confidence: float
    ends_sentence: bool = False
    speaker: str = ""


@dataclass(frozen=True)
class Transcript:
    """What was heard; `left_out` is how many more words were, which nobody can have said.

    `language_score` is how sure the language is, from 0 to 1, of one that was found out.
    `notes` are sentences on what of a user's own transcript could not be used.
    """

    words: tuple[SpokenWord, ...]
    language_code: str
    left_out: int = 0
    language_score: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """The mean confidence of the words."""
        return mean_confidence(self.words)

    @property
    def speakers(self) -> tuple[str, ...]:
        """The labels of those who speak, in order; none when nobody was told apart."""
        return distinct_speakers(self.words)

    def text(self, start: float = 0, end: float = float("inf")) -> str:
        """Return the words that begin between `start` and `end` seconds."""
        return join_texts(word.text for word in self.between(start, end))

    def between(self, start: float, end: float) -> tuple[SpokenWord, ...]:
        """Return the words that begin between `start` and `end` seconds; quick even in a recording of hours."""
        first, last = (bisect_left(self.words, time, key=lambda word: word.start) for time in (start, end))
        return self.words[first:last]


def read(document: str, recording_seconds: float) -> Transcript:
    """Return the transcript of Amazon Transcribe's JSON; raise TranscriptionFailed or NoSpeechFound."""
    try:
        results = Document.model_validate_json(document).results
    except ValidationError as error:
        raise TranscriptionFailed("Amazon Transcribe's result could not be read.") from error
    items = _with_punctuation(results.items)
    plausible = _believable(items, recording_seconds)
    words = _with_times(plausible, recording_seconds)
    if not words:
        raise NoSpeechFound("No words were heard in the recording.")
    sentences = _with_sentences(words, results.language_code)
    left_out = len(items) - len(plausible)
    return Transcript(sentences, results.language_code or "und", left_out, results.language_score)


def distinct_speakers(words: Sequence[SpokenWord]) -> tuple[str, ...]:
    """Return the labels of those who say the words, each once, in the order in which they begin."""
    return tuple(dict.fromkeys(word.speaker for word in words if word.speaker))


def mean_confidence(words: Sequence[SpokenWord]) -> float:
    """Return the mean confidence of words, of which there is at least one."""
    return round(sum(word.confidence for word in words) / len(words), 4)


def _with_sentences(words: list[SpokenWord], language: str) -> tuple[SpokenWord, ...]:
    ends = sentence_ends([word.text for word in words], language)
    for index, (word, following) in enumerate(itertools.pairwise(words)):
        # Where another begins to speak, nobody goes on with a sentence.
        ends[index] = ends[index] or word.speaker != following.speaker
    return tuple(replace(word, ends_sentence=end) for word, end in zip(words, ends, strict=True))


def _with_punctuation(items: list[Item]) -> list[dict[str, Any]]:
    """Return the words with trailing punctuation attached; times may still be missing."""
    words: list[dict[str, Any]] = []
    for item in items:
        best = item.alternatives[0] if item.alternatives else ItemAlternative()
        text = "".join(letter for letter in best.content if letter.isprintable()).strip()
        if not text:
            continue
        if item.type == "punctuation" and words:
            words[-1]["text"] += text
        elif item.type != "punctuation":
            confidence = min(max(best.confidence or 0.0, 0.0), 1.0)
            label = item.speaker_label[:LONGEST_LABEL]
            times = {"start": item.start_time, "end": item.end_time}
            words.append({"text": text, **times, "confidence": confidence, "speaker": label})
    return words


def _believable(words: list[dict[str, Any]], limit: float) -> list[dict[str, Any]]:
    starts = _fill_starts([word["start"] for word in words], limit)
    timed_words = [
        Heard(word["text"], start, start + LONGEST_WORD if word["end"] is None else word["end"], word["confidence"])
        for word, start in zip(words, starts, strict=True)
    ]
    return [words[index] for index in believable(timed_words)]


def _with_times(words: list[dict[str, Any]], limit: float) -> list[SpokenWord]:
    """Return the words with times that never run backwards, overlap, or leave the recording."""
    starts = _ascending(_fill_starts([word["start"] for word in words], limit), limit)
    result: list[SpokenWord] = []
    for index, word in enumerate(words):
        start = starts[index]
        latest = starts[index + 1] if index + 1 < len(starts) else limit
        end = word["end"] if word["end"] is not None else latest
        end = min(max(end, start + SHORTEST_WORD), latest, start + LONGEST_WORD)
        times = round(start, 3), round(end, 3)
        result.append(SpokenWord(word["text"], *times, word["confidence"], speaker=word["speaker"]))
    return result


def _fill_starts(starts: list[float | None], limit: float) -> list[float]:
    """Return start times for all words: a missing one lies evenly between its timed neighbours."""
    anchors = [(index, start) for index, start in enumerate(starts) if start is not None]
    points = [(-1, 0.0), *anchors, (len(starts), limit)]
    result: list[float] = []
    for (before, begin), (right, end) in itertools.pairwise(points):
        gap = right - before
        result += [begin + (max(end, begin) - begin) * step / gap for step in range(1, gap)]
        if right < len(starts):
            result.append(end)
    return result


def _ascending(starts: list[float], limit: float) -> list[float]:
    """Return the starts in order, each leaving room for its word and for all that follow."""
    room = min(SHORTEST_WORD, limit / max(len(starts), 1))
    ascending: list[float] = []
    for index, start in enumerate(starts):
        earliest = ascending[-1] + room if ascending else 0.0
        latest = limit - room * (len(starts) - index)
        ascending.append(max(min(start, latest), earliest))
    return ascending
