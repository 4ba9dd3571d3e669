"""The words of a kept video as a table, numbered from 1, and corrections of them by those numbers.

Values only; touches nothing. Seconds of the video.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.build import edits
from shared.build.word_edits import WordEdit
from shared.errors import InvalidRequest
from shared.film.word_times import middle
from shared.http.plan_responses import PlanView, WordShown


@dataclass(frozen=True)
class WordChanges:
    """What is changed of the words: which read otherwise, as N=TEXT, are joined with the next one, or are not there."""

    corrections: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    deletions: tuple[str, ...] = ()

    def edits(self, view: PlanView) -> Sequence[WordEdit]:
        """Return them as edits of the plan, the last word's first: so the places of the others stay what they are.

        Raises InvalidRequest for what is no number of a word, and for a word that is named twice.
        """
        changes: list[WordEdit] = [
            *(_correct(text, view) for text in self.corrections),
            *(_join(text, view) for text in self.joins),
        ]
        changes += [edits.DeleteWord(op="delete", index=_index(text, "--delete", view)) for text in self.deletions]
        index_counts = Counter(change.index for change in changes)
        index_counts.update(change.index + 1 for change in changes if isinstance(change, edits.JoinWords))
        twice = next((index for index, count in sorted(index_counts.items()) if count > 1), None)
        if twice is not None:
            raise InvalidRequest(f"Word {twice + 1} is named twice; change it once, then look at the words again.")
        return sorted(changes, key=lambda change: change.index, reverse=True)


def rows(view: PlanView) -> list[tuple[str, ...]]:
    """Return a row for each word: its scene, its number, its times, how sure the recogniser is, what it reads."""
    return [
        (f"scene {scene}", str(number), f"{word.start:.2f} – {word.end:.2f} s", _share(word.confidence), word.text)
        for number, scene, word in _numbered_words(view)
    ]


def documents(view: PlanView) -> list[dict[str, Any]]:
    """Return the same for programs."""
    return [{"number": number, "scene": scene, **word.model_dump()} for number, scene, word in _numbered_words(view)]


def _numbered_words(view: PlanView) -> Iterator[tuple[int, int, WordShown]]:
    """Yield each word with its number and its scene's, both from 1."""
    for number, word in enumerate(view.words, 1):
        scene = sum(1 for scene in view.scenes if scene.start <= middle(word))
        yield number, max(scene, 1), word


def _share(confidence: float | None) -> str:
    return "-" if confidence is None else f"{confidence:.0%}"


def _correct(text: str, view: PlanView) -> edits.CorrectWord:
    number, equals, new_text = text.partition("=")
    if not equals or not new_text.strip():
        raise InvalidRequest(f"--set {text}: write NUMBER=TEXT, such as 12=Reelwright.")
    return edits.CorrectWord(op="word", index=_index(number, "--set", view), text=new_text)


def _join(text: str, view: PlanView) -> edits.JoinWords:
    if text.strip() == str(len(view.words)):
        raise InvalidRequest(f"--join {text}: this is the last word; there is none after it to join it with.")
    return edits.JoinWords(op="join", index=_index(text, "--join", view, last=len(view.words) - 1))


def _index(text: str, option: str, view: PlanView, last: int | None = None) -> int:
    """Return the place of the word with that number, counted from 0."""
    count = len(view.words) if last is None else last
    number = text.strip()
    if not (number.isascii() and number.isdigit() and len(number) < len(str(count)) + 1 and 0 < int(number) <= count):
        numbers = f"choose one from 1 to {count}" if count > 0 else "there is none that could be"
        raise InvalidRequest(f"{option} {text}: there is no word of that number; {numbers}.")
    return int(number) - 1
