"""Strong language is masked where it is wished for, in all captions alike, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.captions import burnt_captions, phrases, profanity
from shared.choices.captions import CaptionStyle
from shared.film import subtitles
from tests.unit.media_fakes import plan, speech


@pytest.mark.parametrize(
    ("language", "text", "caption"),
    [
        ("en-US", "What the fucking hell, that's Bullshit!", "What the f****** hell, that's B*******!"),
        ("en-GB", "“Wankers,” he said of the Wankel engine.", "“W******,” he said of the Wankel engine."),
        (
            "en-US",
            "Scunthorpe shiitake assess classic Dickens cockpit",
            "Scunthorpe shiitake assess classic Dickens cockpit",
        ),
        ("es-ES", "¡Joder! Qué mierda, Vergara", "¡J****! Qué m*****, Vergara"),
        ("fr-FR", "Putain, la salopette", "P*****, la salopette"),
        ("de-DE", "Scheiße, das ist dick", "S******, das ist dick"),
        ("it-IT", "Che cazzo fai a Troia", "Che c**** fai a Troia"),
        ("pt-BR", "caralho, o viaduto", "c******, o viaduto"),
        # Words of another language mean other things; some are said everywhere.
        ("sv-SE", "slut på prick, shit", "slut på prick, s***"),
    ],
)
def test_strong_words_are_masked_and_their_likes_are_not(language: str, text: str, caption: str) -> None:
    words = speech(3, text)
    assert " ".join(word.text for word in profanity.mask_words(words, language)) == caption


def test_the_picture_and_the_subtitles_agree_and_the_plan_stays() -> None:
    film = plan((72,), speech(3, "holy shit"))
    options = film.options.model_copy(update={"caption_style": CaptionStyle(profanity="masked")})
    masked_film = film.model_copy(update={"options": options})
    for each, text in ((film, "shit"), (masked_film, "s***")):
        assert text in burnt_captions.document(each, 0, 3)[0]
        assert text in subtitles.srt(phrases.caption_words(each), 3)
    assert masked_film.words[1].text == "shit"


@given(st.lists(st.text(max_size=20), max_size=5), st.sampled_from([*profanity.LANGUAGES, "ja", ""]))
def test_any_word_stays_as_long_as_it_is(texts: list[str], language: str) -> None:
    words = [word.model_copy(update={"text": text}) for text, word in zip(texts, speech(1, "a " * 5), strict=False)]
    masks = profanity.mask_words(words, language)
    assert [len(word.text) for word in masks] == [len(word.text) for word in words]
