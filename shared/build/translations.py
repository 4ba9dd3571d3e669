"""The translations of a recording's captions: each line is bought once, whatever video of the recording it is in.

Touches the bucket; money is USD. What a run lacks of them is told by the same function that says what it buys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build.translation_question import question
from shared.captions.translation import (
    TranslatedLine,
    Translation,
    digest_of,
    in_other_language,
    spoken_lines,
    target_language,
)
from shared.film.plan import Plan

# So many earlier translations into a language are looked through for lines that have not changed.
_MOST_READ = 20


@dataclass(frozen=True)
class MissingLines:
    """The lines of a plan's captions that are to be bought, the question that buys them, and what is there of others.

    Without a line nothing is to be bought: all are known from other videos of the recording, or earlier revisions.
    """

    lines: list[str]
    question: dict[str, Any]
    earlier_texts: Mapping[str, str]


@dataclass(frozen=True)
class Translations:
    """The translations in the bucket of the recording that a plan is of."""

    bucket: Bucket

    def with_captions(self, plan: Plan) -> Plan:
        """Return the plan as its captions are: with the words of its translation, if that is there and wanted."""
        translation = self.find(plan)
        return in_other_language(plan, translation) if translation else plan

    def find(self, plan: Plan) -> Translation | None:
        """Return the translation of the plan's captions, None where none is there or wanted."""
        language = target_language(plan)
        key = _key(plan, language, _texts(plan)) if language else ""
        if not key or not self.bucket.holds(key):
            return None
        return Translation.model_validate_json(self.bucket.read_text(key))

    def missing(self, plan: Plan) -> MissingLines | None:
        """Return what of the plan's captions is not translated yet, None where nothing is to be."""
        language = target_language(plan)
        if not language or self.find(plan):
            return None
        texts = _texts(plan)
        earlier_texts = self._earlier_texts(plan, language)
        lines = [text for text in dict.fromkeys(texts) if text not in earlier_texts]
        return MissingLines(lines, question(lines, texts, plan.language_code, language), earlier_texts)

    def store(self, plan: Plan, model: str, missing: MissingLines, answers: Mapping[str, str]) -> None:
        """Write the translation of the plan's captions: the answers by their lines, and what was there before."""
        language = target_language(plan)
        texts = _texts(plan)
        every = {**missing.earlier_texts, **answers}
        lines = tuple(TranslatedLine(spoken_text=text, text=every[text]) for text in dict.fromkeys(texts))
        translation = Translation(language=language, model=model, lines=lines)
        self.bucket.write_text(_key(plan, language, texts), translation.model_dump_json())

    def _earlier_texts(self, plan: Plan, language: str) -> dict[str, str]:
        keys = self.bucket.keys(media_keys.translation(plan.video_id, language, ""), _MOST_READ)
        translations = (Translation.model_validate_json(self.bucket.read_text(key)) for key in keys)
        return {line.spoken_text: line.text for translation in translations for line in translation.lines}


def _texts(plan: Plan) -> list[str]:
    return [line.text for line in spoken_lines(plan)]


def _key(plan: Plan, language: str, texts: Sequence[str]) -> str:
    return media_keys.translation(plan.video_id, language, digest_of(texts))
