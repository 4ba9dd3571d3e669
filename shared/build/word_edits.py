"""Edits of the words: a misheard one is corrected, joined, deleted; their times stay, or are shared out.

Values only; touches nothing. Every function raises InvalidEdit for what cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.build import edits
from shared.build.scene_edits import Bench, recompose_all
from shared.errors import InvalidEdit
from shared.film.plan import Plan, Word

_ENDS_OF_SENTENCES = (".", "?", "!", "…", "。", "？", "！", "।")


def correct(plan: Plan, edit: edits.CorrectWord, _bench: Bench) -> Plan:
    """Return the plan in which the word reads otherwise; several words share the time of the one."""
    word = _word(plan, edit.index)
    texts = edit.text.split()
    step = (word.end - word.start) / len(texts)
    new = [
        Word(
            text=text,
            start=round(word.start + number * step, 3),
            end=round(word.start + (number + 1) * step, 3),
            ends_sentence=text.endswith(_ENDS_OF_SENTENCES),
        )
        for number, text in enumerate(texts)
    ]
    return _with_words(plan, edit.index, 1, new)


def join(plan: Plan, edit: edits.JoinWords, _bench: Bench) -> Plan:
    """Return the plan in which the word and the next one are one."""
    first = _word(plan, edit.index)
    second = _word(plan, edit.index + 1)
    joint = Word(text=first.text + second.text, start=first.start, end=second.end, ends_sentence=second.ends_sentence)
    return _with_words(plan, edit.index, 2, [joint])


def delete(plan: Plan, edit: edits.DeleteWord, _bench: Bench) -> Plan:
    """Return the plan without the word."""
    _word(plan, edit.index)
    return _with_words(plan, edit.index, 1, [])


def _word(plan: Plan, index: int) -> Word:
    if index >= len(plan.words):
        raise InvalidEdit(f"index: the plan has {len(plan.words)} words, counted from 0.")
    return plan.words[index]


def _with_words(plan: Plan, index: int, count: int, words: Sequence[Word]) -> Plan:
    all_words = (*plan.words[:index], *words, *plan.words[index + count :])
    return recompose_all(plan.model_copy(update={"words": all_words}))
