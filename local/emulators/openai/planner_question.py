"""What the planning model is asked, as its stand-in reads it: limits, wish, and the recording in phrases.

Touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Any, NamedTuple

from local.emulators.openai.planner_reader import Reader, reader_of
from local.emulators.openai.planner_words import CLOTHES


class SpokenPhrase(NamedTuple):
    """A stretch of the recording: its number, its length in seconds, its words, and who speaks, if anybody was told."""

    number: int
    seconds: float
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class PlannerQuestion:
    """What is asked for: lengths in seconds, the style, the user's wish and the whole recording in phrases."""

    target: float
    longest_scene: float
    style: str
    wish: str
    phrases: tuple[SpokenPhrase, ...]
    language: str = ""

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> PlannerQuestion:
        """Return the brief in a request. Raises KeyError, TypeError or ValueError when it is not one."""
        phrases = tuple(
            SpokenPhrase(int(i), float(s), str(text), str(speaker[0]) if speaker else "")
            for i, s, text, *speaker in document["phrases"]
        )
        if not phrases:
            raise ValueError("there are no phrases")
        limits = float(document["target_seconds"]), float(document["max_scene_seconds"])
        texts = str(document["style"]), str(document.get("wish") or "")
        return cls(*limits, *texts, phrases, str(document.get("language") or ""))

    @cached_property
    def wish_words(self) -> frozenset[str]:
        """The words of the wish that carry sense."""
        return frozenset(self.reader.salient(self.wish))

    @cached_property
    def clothes(self) -> dict[str, str]:
        """The colour in which each speaker is dressed."""
        speakers = dict.fromkeys(phrase.speaker for phrase in self.phrases if phrase.speaker)
        return dict(zip(speakers, cycle(CLOTHES), strict=False))

    @cached_property
    def reader(self) -> Reader:
        """What reads texts of the recording's language."""
        return reader_of(self.language)
