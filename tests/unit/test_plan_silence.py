"""Dead air is neither planned nor bought, wherever the model's answer puts it."""

from __future__ import annotations

import pytest
from hypothesis import given

from functions.plan import core
from functions.plan.phrases import phrases_of
from functions.plan.transcript import SpokenWord, Transcript
from shared.contracts import Options
from shared.film.plan import Plan
from shared.models.plan_question import PlannerScene
from tests.unit.plan_calls import request
from tests.unit.plan_examples import Recording, garbage, quick, recordings, reply, scene, spoken


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
    "pockets": ([(4, 6), (30, 31), (60, 80), (120, 124)], 140.0, 15),
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


@pytest.mark.parametrize("answer", [[scene(1, 1)], [scene(0, 6)], [scene(3, 3), scene(4, 9)], [scene(90, 99)]])
def test_a_pocket_of_speech_is_left_for_a_place_with_enough(answer: list[PlannerScene]) -> None:
    heard = talk_at((4, 6), (30, 31), (60, 80), (120, 124))
    made = planned(heard, 140.0, 15, *answer, scene(0, 0, "one"), scene(1, 1, "two"))
    assert 59.5 <= made.excerpt_start <= made.excerpt_end <= 80.5
    assert made.excerpt_end - made.excerpt_start >= 0.75 * 15
    assert len({shot.vertex_ai_prompt for shot in made.scenes}) == len(made.scenes)


def test_the_nearest_good_place_is_taken_and_one_that_is_good_is_kept() -> None:
    heard = talk_at((0, 20), (50, 53), (70, 90))
    pocket = next(phrase.index for phrase in phrases_of(heard, 100.0, 8) if 49 < phrase.start < 50)
    assert planned(heard, 100.0, 15, scene(pocket, pocket)).excerpt_start >= 69
    assert planned(heard, 100.0, 15, scene(0, 3)).excerpt_start == 0


def slow(start: float, count: int, pause: float) -> list[SpokenWord]:
    """Somebody who says a word of half a second, then nothing for `pause` seconds, and so on."""
    return [spoken(f"w{n}.", start + n * (0.5 + pause), start + n * (0.5 + pause) + 0.5) for n in range(count)]


@pytest.mark.parametrize("pause", [0.6, 0.8, 1.1])
def test_pauses_that_are_heard_count_as_silence_where_there_is_better(pause: float) -> None:
    words = (*slow(0, 20, pause), *talk_at((60, 80)).words)
    assert planned(Transcript(words, "en-US"), 80.0, 15, scene(0, 9)).excerpt_start >= 59.5


NOTES: dict[str, tuple[Transcript, float, float, list[str]]] = {
    "no silence": (talk_at((0, 12)), 12.0, 12, []),
    "silence cut off": (
        talk_at((10, 20)),
        60.0,
        15,
        ["The video is 10.5 s long, not 15 s: long silence beside it is left out."],
    ),
    "silence of a short recording cut off": (
        talk_at((5, 12)),
        20.0,
        30,
        [
            "The video is 7.5 s long: the recording is shorter than the 30 s asked for, "
            "and its long silence is left out."
        ],
    ),
    "no better": (
        Transcript(tuple(slow(0, 20, 0.8)), "en-US"),
        26.0,
        26,
        ["Nobody speaks in 62% of the video: the recording has no better part of that length."],
    ),
}


@pytest.mark.parametrize(("heard", "seconds", "target", "notes"), NOTES.values(), ids=list(NOTES))
def test_silence_is_noted(heard: Transcript, seconds: float, target: float, notes: list[str]) -> None:
    asked = request(seconds, Options(target_duration=target))
    brief = core.brief(heard, asked, "veo-3.1-fast-generate-001")
    noted = core.degraded(asked, brief, core.plan(asked, brief, reply(scene(0, 99))))
    assert [note for note in noted if "cut(s)" not in note] == notes


@quick
@given(garbage, recordings())
def test_silence_is_bounded_or_noted(answer: list[PlannerScene], recording: Recording) -> None:
    asked = request(recording.seconds, Options(target_duration=15))
    brief = core.brief(recording.transcript, asked, "veo-3.1-fast-generate-001")
    made = core.plan(asked, brief, reply(*answer, scene(0, 0)))
    seconds = made.frames / 24
    marks = [0.0, *(time for word in made.words for time in (word.start, word.end)), seconds]
    pauses = [marks[n + 1] - marks[n] for n in range(0, len(marks), 2)]
    share = sum(pause for pause in pauses if pause >= 0.6) / seconds
    noted = any(note.startswith("Nobody speaks") for note in core.degraded(asked, brief, made))
    assert noted == (share > 0.2)


def test_dead_air_is_phrases_of_its_own_close_to_the_words() -> None:
    phrases = phrases_of(talk_at((5, 8), (20, 23)), 30.0, 8)
    said = [(round(p.start, 2), round(p.end, 2)) for p in phrases if not p.silent]
    assert said == [(4.75, 8.3), (19.75, 23.3)]
