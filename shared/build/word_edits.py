"""Edits of the words: a misheard one is corrected, joined, deleted; their times stay, or are shared out.

Values only; touches nothing. Every function raises InvalidEdit for what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.build import edits
from shared.build.scene_edits import Bench, recompose_all
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.corrections import Correction
from shared.film.plan import Plan, Word

WordEdit = edits.CorrectWord | edits.JoinWords | edits.DeleteWord

_ENDS_OF_SENTENCES = (".", "?", "!", "…", "。", "？", "！", "।")


@dataclass(frozen=True)
class Replacement:
    """Which words of a plan, `count` of them from `first` on, are others from now on."""

    first: int
    count: int
    words: tuple[Word, ...]


def replacement(plan: Plan, edit: WordEdit) -> Replacement:
    """Return what the edit does to the plan's words; raise InvalidEdit where there is no such word."""
    word = _word(plan, edit.index)
    if isinstance(edit, edits.CorrectWord):
        return Replacement(edit.index, 1, tuple(_typed_words(word, edit.text.split())))
    if isinstance(edit, edits.DeleteWord):
        return Replacement(edit.index, 1, ())
    following = _word(plan, edit.index + 1)
    text = word.text + following.text
    changes = {"text": text, "end": following.end, "ends_sentence": following.ends_sentence, "confidence": 1.0}
    return Replacement(edit.index, 2, (word.model_copy(update=changes),))


def change_words(plan: Plan, edit: WordEdit, _bench: Bench) -> Plan:
    """Return the plan in which a word reads otherwise, is joined with the next one, or is not there."""
    new = replacement(plan, edit)
    words = (*plan.words[: new.first], *new.words, *plan.words[new.first + new.count :])
    return recompose_all(plan.model_copy(update={"words": words}))


def correction(plan: Plan, edit: WordEdit) -> Correction:
    """Return what the edit says of the recording, in its seconds, whatever becomes of the plan."""
    new = replacement(plan, edit)
    start = plan.excerpt_start
    words = (_later(word, start) for word in new.words)
    former = plan.words[new.first : new.first + new.count]
    return Correction(start=round(former[0].start + start, 3), end=round(former[-1].end + start, 3), words=tuple(words))


def _typed_words(word: Word, texts: Sequence[str]) -> Iterator[Word]:
    """Yield the words that a person has typed in place of one, whose time they share."""
    step = (word.end - word.start) / len(texts)
    for number, text in enumerate(texts):
        yield Word(
            text=text,
            start=round(word.start + number * step, 3),
            end=round(word.start + (number + 1) * step, 3),
            ends_sentence=text.endswith(_ENDS_OF_SENTENCES),
            confidence=1.0,
            speaker=word.speaker,
        )


def _later(word: Word, seconds: float) -> Word:
    return word.model_copy(update={"start": round(word.start + seconds, 3), "end": round(word.end + seconds, 3)})


def _word(plan: Plan, index: int) -> Word:
    if index >= len(plan.words):
        limit = EditLimit(0, len(plan.words) - 1)
        raise InvalidEdit(f"the plan has {len(plan.words)} words, counted from 0.", "index", limit)
    return plan.words[index]
