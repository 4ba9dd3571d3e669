"""What nobody can have said is left out, and what is doubtful is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan import core
from functions.plan.doubt import Heard, believable
from functions.plan.transcript import Transcript, read
from shared.contracts import Options
from tests.unit.plan_calls import request, sentences
from tests.unit.plan_examples import document, mark, quick, reply, scene, word


def heard_at(texts: list[str], starts: list[float], *, sure: float = 0.95, lasts: float = 0.2) -> list[Heard]:
    """Words as a recogniser hears them, each of the same length and confidence."""
    return [Heard(text, start, start + lasts, sure) for text, start in zip(texts, starts, strict=True)]


def repetition(phrase: str, times: int, every: float, *, sure: float = 0.95, off: float = 0.0) -> list[Heard]:
    """A phrase that begins each `every` seconds, by turns late and early by `off`, its words 0.25 s apart."""
    texts = phrase.split()
    starts = [n * every + off * (n % 3 - 1) + 0.25 * place for n in range(times) for place in range(len(texts))]
    return heard_at(texts * times, starts, sure=sure)


INVENTED = {
    "said each second, as a clock": repetition("Thank you.", 30, 1.0),
    "said each second, unsure": repetition("Thank you.", 30, 1.0, sure=0.4, off=0.1),
    "a sentence over silence": repetition("Thanks for watching this video.", 10, 2.0),
    "an unsure sentence four times": repetition("Please subscribe to my channel.", 4, 2.5, sure=0.5, off=0.2),
    "one unsure word": repetition("you", 12, 0.9, sure=0.3, off=0.15),
}
SAID = {
    "a refrain": repetition("We will, we will rock you.", 8, 2.4, off=0.06),
    "a chant": repetition("Yes we can.", 12, 1.2, off=0.04),
    "a hymn": repetition("Hallelujah!", 10, 1.1, off=0.05),
    "an unsure word or two": repetition("no", 5, 0.5, sure=0.5, off=0.05),
    "three times for emphasis": repetition("Location,", 3, 0.8, sure=0.6),
    "three sentences that are alike": repetition("I have a dream.", 3, 3.0, sure=0.6),
    "sure and quick": repetition("no", 40, 1 / 6),
    "a beat that is sure and kept for seven times": repetition("left right", 7, 1.0),
    "no repetition, unsure": heard_at([f"w{n}" for n in range(40)], [n / 3 for n in range(40)], sure=0.2),
}


@pytest.mark.parametrize("words", INVENTED.values(), ids=list(INVENTED))
def test_what_a_recogniser_repeats_to_itself_is_kept_once(words: list[Heard]) -> None:
    phrase = len({word.text for word in words})
    assert believable(words) == list(range(phrase))
    around = [*heard_at(["so", "then"], [-2.0, -1.5]), *words, *heard_at(["the", "end"], [200.0, 201.0])]
    assert len(believable(around)) == phrase + 4


@pytest.mark.parametrize("words", SAID.values(), ids=list(SAID))
def test_what_people_repeat_stays(words: list[Heard]) -> None:
    assert believable(words) == list(range(len(words)))


@quick
@given(st.lists(st.tuples(st.sampled_from(["yes", "No,", "so"]), st.floats(-5, 30)), max_size=120))
def test_no_second_holds_more_words_than_can_be_said(items: list[tuple[str, float]]) -> None:
    indices = believable(heard_at([text for text, _ in items], [start for _, start in items]))
    assert indices == sorted(set(indices))
    times = [max(0.0, *(start for _, start in items[: index + 1])) for index in indices]
    assert all(later - time >= 1 for time, later in zip(times, times[10:], strict=False))


def test_what_is_said_fast_is_kept() -> None:
    assert len(believable(heard_at([f"w{n}" for n in range(80)], [n / 8 for n in range(80)]))) == 80
    assert len(believable(heard_at(["no"] * 60, [n / 6 for n in range(60)]))) == 60


@pytest.mark.parametrize("phrase", [["yes"], ["thank", "you"], ["and", "so", "it", "goes"], ["Oh,", "oh.", "no!"]])
def test_a_phrase_that_is_repeated_at_once_is_kept_once(phrase: list[str]) -> None:
    texts = [*phrase, *phrase * 30]
    times = [*(n * 0.3 for n in range(len(phrase))), *(5.0 for _ in phrase), *(5.02 for _ in phrase * 29)]
    assert len(believable(heard_at(texts, times))) <= max(2 * len(phrase), 2)


def test_invented_words_move_none_that_were_said() -> None:
    real = [word(text, str(n), str(n + 0.5)) for n, text in enumerate(["we", "went", "to", "the", "sea"])]
    phantom_words = [item for _ in range(300) for item in (word("yes", "9.98", "9.98"), mark(","))]
    transcript = read(document(*real, *phantom_words), 10.0)
    assert [spoken_word.start for spoken_word in transcript.words[:5]] == [0, 1, 2, 3, 4]
    assert [spoken_word.text for spoken_word in transcript.words[5:]] == ["yes,"]
    assert transcript.left_out == 299


NOTES: list[tuple[float, int, list[str]]] = [
    (0.9, 0, []),
    (0.69, 0, ["The words are doubtful, 69% sure on average: check the captions and the language."]),
    (0.9, 3, ["3 of 7 words were left out: nobody speaks so fast, or says the same so often."]),
]


@pytest.mark.parametrize(
    ("identification", "note"),
    [
        ({}, []),
        ({"language_identification": [{"score": "0.9", "code": "fr-FR"}, {"score": "0.1", "code": "it-IT"}]}, []),
        (
            {"language_identification": [{"score": "0.43", "code": "fr-FR"}, {"score": "0.4", "code": "it-IT"}]},
            ["The language, fr-FR, is a guess of 43%: if it is wrong, name the right one."],
        ),
    ],
)
def test_a_language_that_was_guessed_is_noted(identification: dict[str, Any], note: list[str]) -> None:
    items = [word(f"mot{n}.", str(n * 3.0), str(n * 3.0 + 2.9)) for n in range(4)]
    transcript = read(document(*items, language_code="fr-FR", **identification), 12.0)
    order = request(12.0, Options(target_duration=12))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    film_plan = core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))
    assert core.degradations(order, brief, film_plan) == note


@pytest.mark.parametrize(("sure", "left_out", "notes"), NOTES)
def test_what_is_doubtful_is_noted(sure: float, left_out: int, notes: list[str]) -> None:
    words = tuple(replace(spoken_word, confidence=sure) for spoken_word in sentences(3, 6, 9, 12).words)
    order = request(12.0, Options(target_duration=12))
    brief = core.brief(Transcript(words, "en-US", left_out), order, "veo-3.1-fast-generate-001")
    film_plan = core.plan(order, brief, reply(scene(0, 1), scene(2, 3)))
    assert core.degradations(order, brief, film_plan) == notes
