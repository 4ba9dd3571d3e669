"""Sentences end where a reader would say so, in every language that Transcribe writes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.draw_scene.animatic.motifs import card_text
from functions.plan.phrases import phrases_of
from functions.plan.transcript import read
from local.emulators.openai.planner_text import subjects
from local.emulators.transcribe import transcript
from shared.film import subtitles
from shared.film.plan import Word
from shared.film.sentences import closes_sentence, is_abbreviation, sentence_ends
from tests.unit.plan_examples import document, mark, quick, word

# A bar follows each word that ends a sentence.
MARKED = {
    "titles": (
        "en",
        "Mr. and Mrs. Smith met Dr. Who.| Prof. Leah MacMean was there.| Lt. Col. Brown left.|",
    ),
    "hours": ("en", "It opens at 5 p.m. on Monday and closes at 11 a.m. Then it rains.|"),
    "firms": ("en", "He works for Apple Inc. The firm grew.| Smith Bros. Ltd. Is it so?| Yes.|"),
    "countries": ("en", "The U.S. Government paid.| She flew to the U.K. Her aunt stayed.| Washington D.C. Is large.|"),
    "numbers": ("en", "See No. 5 first.| No.| He said no.| It costs $3.50.| Version 2.0 is out.| Then go.|"),
    "marks": ("en", "So?| Yes!| Wait... what?| And so.| and then.| Go!|"),
    "quotes": ("en", "“Go.”| He went.| (She stayed.)| Then they met.|"),
    "degrees": ("en", "A Ph.D. Thesis was written, e.g. Hers.| Good.|"),
    "German": ("de", "Das ist z. B. ein Satz.| Dr. Müller kam am 5. Mai.| Ende.|"),
    "Spanish": ("es", "Son las 5 p. m. y llueve.| El Sr. López vive en EE. UU. desde 2010.|"),
    "French": ("fr", "M. Dupont est là, c.-à-d. ici.| Il l'est.| Fin.|"),
    "Italian": ("it", "Il sig. Rossi e il dott. Bianchi.| Fine.|"),
    "Portuguese": ("pt", "O Sr. Silva e a Dra. Ana.| Av. Paulista, n.º 5.| Fim.|"),
    "Russian": ("ru", "Привет.| Это г. Иванов.| Пока.|"),
    "Arabic": ("ar", "مرحبا.| د. أحمد هنا؟| نعم.|"),
    "Hindi": ("hi", "यह पहला वाक्य है।| डॉ. शर्मा आए।|"),
    "Korean, where one sign is a word": ("ko", "네.| 저는 학생입니다.| 아니요.|"),
    "Japanese": ("ja", "今日 は いい 天気 です。| 「行きますか。」| はい。|"),
    "Chinese": ("zh", "你好。| 世界 很 大！| 好。|"),
    "an unknown language": ("und", "Hello there.| Next one.|"),
    "nothing": ("en", ""),
}
REGION = {"en": "en-US", "zh": "zh-TW", "pt": "pt-BR"}


@pytest.mark.parametrize(("language", "text"), MARKED.values(), ids=list(MARKED))
def test_sentences_end_where_they_do(language: str, text: str) -> None:
    words = text.replace("|", "").split()
    ends = sentence_ends(words, REGION.get(language, language))
    assert " ".join(f"{token}|" if end else token for token, end in zip(words, ends, strict=True)) == text


@quick
@given(st.lists(st.text()), st.sampled_from(["en", "ja-JP", "xx", ""]))
def test_any_words_have_an_answer_each(words: list[str], language: str) -> None:
    assert len(sentence_ends(words, language)) == len(words)


@pytest.mark.parametrize("text", ["end.", "end?", "end!", "end…", "完。", "end.”", '"end."', "(end.)", "so. end. "])
def test_text_closes_with(text: str) -> None:
    assert closes_sentence(text)


@pytest.mark.parametrize("text", ["Mr.", "dr.", "(Mrs.", "end", "end,", "3.5", "", " ", "at 5 p.m.", "the U.S.", "J."])
def test_text_does_not_close_with(text: str) -> None:
    assert not closes_sentence(text)


@pytest.mark.parametrize("text", ["est.", "mm.", "co."])
def test_a_word_is_an_abbreviation_in_its_own_language_only(text: str) -> None:
    assert not is_abbreviation(text, "pl-PL")


def _items(text: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for number, token in enumerate(text.split()):
        stem = token.rstrip(".,?") if not is_abbreviation(token) else token
        items.append(word(stem, str(number * 0.4), str(number * 0.4 + 0.39)))
        items += [mark(token[len(stem) :])] if token != stem else []
    return items


SPOKEN = "Prof. Lea MacMean said so at 5 p.m. on Monday. See No. 5 of Smith Inc. in the U.S. today. Good."


def test_neither_phrases_nor_captions_break_after_an_abbreviation() -> None:
    spoken_text = read(document(*_items(SPOKEN)), 20.0)
    sentences = [
        "Prof. Lea MacMean said so at 5 p.m. on Monday.",
        "See No. 5 of Smith Inc. in the U.S. today.",
        "Good.",
    ]
    assert [phrase.text for phrase in phrases_of(spoken_text, 9.0, 8)] == sentences
    words = [Word(text=w.text, start=w.start, end=w.end, ends_sentence=w.ends_sentence) for w in spoken_text.words]
    rows = subtitles.srt(words, 20.0).replace("\n", " ")
    assert all(sentence in rows for sentence in sentences)


def test_the_stand_ins_know_the_same_abbreviations() -> None:
    whisper_words = [
        {"text": f" {text}", "start": n, "end": n + 1, "probability": 1} for n, text in enumerate(SPOKEN.split())
    ]
    document_ = transcript.result("job", "1", "en-US", [{"words": whisper_words}], None)
    assert read(json.dumps(document_), 99.0).text() == SPOKEN
    contents = [item["alternatives"][0]["content"] for item in document_["results"]["items"]]
    assert {"Prof.", "p.m.", "Inc.", "U.S."} <= set(contents)
    assert (
        card_text("Prof. Lea waits at 5 p.m. on a pier. A boat. A bird.")
        == "Prof. Lea waits at 5 p.m. on a pier. A boat."
    )
    assert subjects("From Prof. Lea MacMean there")[:1] == ["Prof Lea MacMean"]
