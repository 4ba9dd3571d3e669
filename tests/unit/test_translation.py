"""Captions in another language: the lines that are translated, and how the words of the others are shown."""

from __future__ import annotations

from typing import get_args

import pytest

from shared.captions.burnt_captions import document
from shared.captions.names import subtitle_words
from shared.captions.translation import (
    TranslatedLine,
    Translation,
    in_other_language,
    spoken_lines,
    target_language,
)
from shared.choices.words import CaptionLanguage
from shared.film import subtitles
from shared.film.plan import Plan
from tests.unit.media_fakes import plan, speech

SECONDS = 12.0
SPOKEN = plan((71, 190, 288), speech(12))


def with_language(language: CaptionLanguage, language_code: str = "en-US", film: Plan = SPOKEN) -> Plan:
    options = film.options.model_copy(update={"caption_language": language})
    return film.model_copy(update={"options": options, "language_code": language_code})


def in_language(language: CaptionLanguage, *texts: str) -> Plan:
    """Return the plan with its lines translated into the texts, in turn."""
    film = with_language(language)
    lines = [
        TranslatedLine(spoken_text=line.text, text=texts[number % len(texts)])
        for number, line in enumerate(spoken_lines(film))
    ]
    return in_other_language(film, Translation(language=language, model="m", lines=tuple(lines)))


def times(text: str) -> list[str]:
    return [row for row in text.splitlines() if "-->" in row]


@pytest.mark.parametrize("language", [each for each in get_args(CaptionLanguage) if each])
def test_every_line_keeps_its_time_whatever_the_language(language: CaptionLanguage) -> None:
    other = in_language(language, "Uno dos tres")
    spoken_srt = subtitles.srt(subtitle_words(SPOKEN), SECONDS)
    assert times(subtitles.srt(subtitle_words(other), SECONDS)) == times(spoken_srt)
    assert other.language_code == language


@pytest.mark.parametrize(
    ("language_code", "language", "target"),
    [
        ("en-US", "", ""),
        ("en-US", "en", ""),
        ("en-GB", "es", "es"),
        ("zh-CN", "zh-CN", ""),
        ("zh-CN", "zh-TW", "zh-TW"),
        ("pt-BR", "pt", ""),
    ],
)
def test_what_is_spoken_is_not_translated(language_code: str, language: CaptionLanguage, target: str) -> None:
    assert target_language(with_language(language, language_code)) == target


def test_a_recording_without_words_is_not_translated() -> None:
    assert target_language(with_language("es", film=SPOKEN.model_copy(update={"words": ()}))) == ""


def test_a_line_that_is_much_longer_stays_within_its_time_and_one_without_words_is_not_shown() -> None:
    other = in_language("de", "Donaudampfschifffahrtsgesellschaft " * 6, "")
    lines = spoken_lines(SPOKEN)
    cues = times(subtitles.srt(subtitle_words(other), SECONDS))
    assert len(cues) > len(lines[::2])
    assert all(
        any(line.start <= word.start and word.end <= line.words[-1].end + 0.002 for line in lines[::2])
        for word in other.words
    )


def test_the_words_of_a_line_share_its_time_by_their_widths() -> None:
    words = in_language("es", "a muchísimo b").words[:3]
    spans = [word.end - word.start for word in words]
    assert spans[1] > 3 * spans[0] == pytest.approx(3 * spans[2], abs=0.01)
    assert [word.ends_sentence for word in words] == [False, False, True]


def test_word_by_word_looks_are_laid_out_in_phrases_of_the_other_language() -> None:
    text, note = document(in_language("ja", "今日はとても良い天気ですね。"), 0, SECONDS)
    assert note == ""
    events = [row for row in text.splitlines() if row.startswith("Dialogue")]
    # Several phrases, each lit in turn, and none cut short.
    assert len(events) > 2 * len(spoken_lines(SPOKEN))
    assert "…" not in text
