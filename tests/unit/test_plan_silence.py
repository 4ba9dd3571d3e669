"""Dead air is neither planned nor bought, wherever the model's answer puts it."""

from __future__ import annotations

import pytest
from hypothesis import given

from functions.plan import core
from functions.plan.phrases import phrases_of
from functions.plan.reply import PlannerScene
from functions.plan.transcript import SpokenWord, Transcript
from shared.contracts import Options
from shared.plan import Plan
from tests.unit.plan_calls import request
from tests.unit.plan_examples import garbage, quick, reply, scene, spoken


def talk_at(*stretches: tuple[float, float]) -> Transcript:
    """Somebody who says a word of 0.4 s every half second in these stretches, and is silent between them."""
    words: list[SpokenWord] = []
    for start, end in stretches:
        words += [spoken(f"w{n}", start + n / 2, start + n / 2 + 0.4) for n in range(int((end - start) * 2))]
    return Transcript(tuple(words), "en-US")


def planned(transcript: Transcript, seconds: float, target: float, *scenes: PlannerScene) -> Plan:
    asked = request(seconds, Options(target_duration=target))
    return core.plan(asked, core.brief(transcript, asked, "veo-3.1-fast-generate-001"), reply(*scenes))


def quiet_share(transcript: Transcript, made: Plan) -> float:
    marks = [made.excerpt_start]
    for word in transcript.between(made.excerpt_start, made.excerpt_end):
        marks += [word.start, word.end]
    marks.append(made.excerpt_end)
    pauses = [marks[n + 1] - marks[n] for n in range(0, len(marks), 2)]
    return sum(pause for pause in pauses if pause >= 1.2) / (made.excerpt_end - made.excerpt_start)


CASES = {
    "before": ([(20, 40)], 40.0, 15),
    "after": ([(0, 20)], 60.0, 15),
    "between": ([(0, 6), (40, 60)], 60.0, 15),
    "all around": ([(10, 18), (40, 52), (80, 90)], 100.0, 30),
    "shorter than asked for": ([(5, 12)], 20.0, 30),
}


@pytest.mark.parametrize(("stretches", "seconds", "target"), CASES.values(), ids=list(CASES))
@quick
@given(garbage)
def test_silence_is_no_material(
    stretches: list[tuple[float, float]], seconds: float, target: float, answer: list[PlannerScene]
) -> None:
    heard = talk_at(*stretches)
    made = planned(heard, seconds, target, *answer, scene(0, 0))
    assert quiet_share(heard, made) <= 0.25
    assert made.words
    assert made.words[0].start <= 0.5
    assert made.frames / 24 - made.words[-1].end <= 1.0


def test_dead_air_is_phrases_of_its_own_close_to_the_words() -> None:
    phrases = phrases_of(talk_at((5, 8), (20, 23)), 30.0, 8)
    said = [(round(p.start, 2), round(p.end, 2)) for p in phrases if not p.silent]
    assert said == [(4.75, 8.3), (19.75, 23.3)]
