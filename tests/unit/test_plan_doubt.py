"""What nobody can have said is left out, and what is doubtful is noted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan import core
from functions.plan.doubt import believable
from functions.plan.transcript import Transcript, read
from shared.contracts import Options
from tests.unit.plan_calls import request, sentences
from tests.unit.plan_examples import document, mark, quick, reply, scene, word


@quick
@given(st.lists(st.tuples(st.sampled_from(["yes", "No,", "so"]), st.floats(-5, 30)), max_size=120))
def test_no_second_holds_more_words_than_can_be_said(heard: list[tuple[str, float]]) -> None:
    kept = believable([text for text, _ in heard], [start for _, start in heard])
    assert kept == sorted(set(kept))
    times = [max(0.0, *(start for _, start in heard[: index + 1])) for index in kept]
    assert all(later - time >= 1 for time, later in zip(times, times[10:], strict=False))


def test_what_is_said_fast_is_kept() -> None:
    assert len(believable([f"w{n}" for n in range(80)], [n / 8 for n in range(80)])) == 80
    assert len(believable(["no"] * 60, [n / 6 for n in range(60)])) == 60


@pytest.mark.parametrize("phrase", [["yes"], ["thank", "you"], ["and", "so", "it", "goes"], ["Oh,", "oh.", "no!"]])
def test_a_phrase_that_is_repeated_at_once_is_kept_once(phrase: list[str]) -> None:
    said = [*phrase, *phrase * 30]
    times = [*(n * 0.3 for n in range(len(phrase))), *(5.0 for _ in phrase), *(5.02 for _ in phrase * 29)]
    assert len(believable(said, times)) <= max(2 * len(phrase), 2)


def test_invented_words_move_none_that_were_said() -> None:
    real = [word(text, str(n), str(n + 0.5)) for n, text in enumerate(["we", "went", "to", "the", "sea"])]
    invented = [item for _ in range(300) for item in (word("yes", "9.98", "9.98"), mark(","))]
    heard = read(document(*real, *invented), 10.0)
    assert [said.start for said in heard.words[:5]] == [0, 1, 2, 3, 4]
    assert [said.text for said in heard.words[5:]] == ["yes,"]
    assert heard.left_out == 299


NOTES: list[tuple[float, int, list[str]]] = [
    (0.9, 0, []),
    (0.69, 0, ["The words are doubtful, 69% sure on average: check the captions and the language."]),
    (0.9, 3, ["3 of 7 words were left out: they came faster than anybody speaks."]),
]


@pytest.mark.parametrize(("sure", "left_out", "notes"), NOTES)
def test_what_is_doubtful_is_noted(sure: float, left_out: int, notes: list[str]) -> None:
    words = tuple(replace(said, confidence=sure) for said in sentences(3, 6, 9, 12).words)
    asked = request(12.0, Options(target_duration=12))
    brief = core.brief(Transcript(words, "en-US", left_out), asked, "veo-3.1-fast-generate-001")
    made = core.plan(asked, brief, reply(scene(0, 1), scene(2, 3)))
    assert core.degraded(asked, brief, made) == notes
