"""The file that Amazon Transcribe writes of a batch job, as far as it is read: every number in it is a string.

Values only; touches nothing.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Loose(BaseModel):
    """A part of the document, of which more may be there than is read."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class ItemAlternative(Loose):
    """What an item may read."""

    content: str = ""
    confidence: float | None = None


class Item(Loose):
    """A word, or a punctuation mark, which has no times."""

    type: str = "pronunciation"
    alternatives: list[ItemAlternative] = []
    start_time: float | None = None
    end_time: float | None = None
    speaker_label: str = ""


class Identification(Loose):
    """A language that may be spoken, and how surely, from 0 to 1."""

    score: float | None = None
    code: str = ""


class Results(Loose):
    """What was heard."""

    language_code: str = ""
    language_identification: list[Identification] = []
    items: list[Item] = []

    @property
    def language_score(self) -> float | None:
        """How sure the language is, of one that was found out."""
        scores = [each.score for each in self.language_identification if each.code == self.language_code]
        return scores[0] if scores else None


class Document(Loose):
    """The whole file."""

    results: Results
