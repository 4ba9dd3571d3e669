"""Dead air is neither planned nor bought, wherever the model's answer puts it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.plan import core
from functions.plan.phrases import phrases_of
from functions.plan.transcript import SpokenWord, Transcript
from shared.contracts import Options
from shared.errors import PlanInvalid
from shared.film.plan import Plan
from shared.models.plan_question import PlannerScene
from tests.unit.plan_calls import request
from tests.unit.plan_examples import Recording, garbage, quick, recordings, reply, scene, spoken_word


def talk_at(*stretches: tuple[float, float]) -> Transcript:
    """Somebody who says a word of 0.4 s every half second in these stretches, and is silent between them."""
    words: list[SpokenWord] = []
    for start, end in stretches:
        words += [spoken_word(f"w{n}", start + n / 2, start + n / 2 + 0.4) for n in range(int((end - start) * 2))]
    return Transcript(tuple(words), "en-US")


def plan_of(transcript: Transcript, seconds: float, target: float, *scenes: PlannerScene) -> Plan:
    order = request(seconds, Options(target_duration=target))
    return core.plan(order, core.brief(transcript, order, "veo-3.1-fast-generate-001"), reply(*scenes))


def quiet_share(transcript: Transcript, film_plan: Plan, shortest: float = 0.6) -> float:
    return share_of_pauses(transcript, film_plan.excerpt_start, film_plan.excerpt_end, shortest)


def share_of_pauses(transcript: Transcript, start: float, end: float, shortest: float = 0.6) -> float:
    """Return the share of `start` to `end` that lies in pauses of at least `shortest` seconds, as a listener counts."""
    edges = [0.0, *(time for word in transcript.words for time in (word.start, word.end)), 1e6]
    cut = [(max(begin, start), min(stop, end)) for begin, stop in zip(edges[::2], edges[1::2], strict=True)]
    return sum(stop - begin for begin, stop in cut if stop - begin >= shortest - 1e-6) / (end - start)


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
    transcript = talk_at(*stretches)
    film_plan = plan_of(transcript, seconds, target, *answer, scene(0, 0))
    assert quiet_share(transcript, film_plan, 1.2) <= 0.2
    assert quiet_share(transcript, film_plan) <= 0.2
    assert film_plan.words
    assert film_plan.words[0].start <= 0.5
    assert film_plan.frames / 24 - film_plan.words[-1].end <= 1.0


@pytest.mark.parametrize("answer", [[scene(1, 1)], [scene(0, 6)], [scene(3, 3), scene(4, 9)], [scene(90, 99)]])
def test_a_pocket_of_speech_is_left_for_a_place_with_enough(answer: list[PlannerScene]) -> None:
    transcript = talk_at((4, 6), (30, 31), (60, 80), (120, 124))
    film_plan = plan_of(transcript, 140.0, 15, *answer, scene(0, 0, "one"), scene(1, 1, "two"))
    assert 59.5 <= film_plan.excerpt_start <= film_plan.excerpt_end <= 80.5
    assert film_plan.excerpt_end - film_plan.excerpt_start >= 0.75 * 15
    assert len({shot.vertex_ai_prompt for shot in film_plan.scenes}) == len(film_plan.scenes)


def test_the_nearest_good_place_is_taken_and_one_that_is_good_is_kept() -> None:
    transcript = talk_at((0, 20), (50, 53), (70, 90))
    pocket = next(phrase.index for phrase in phrases_of(transcript, 100.0, 8) if 49 < phrase.start < 50)
    assert plan_of(transcript, 100.0, 15, scene(pocket, pocket)).excerpt_start >= 69
    assert plan_of(transcript, 100.0, 15, scene(0, 3)).excerpt_start == 0


def slow(start: float, count: int, pause: float) -> list[SpokenWord]:
    """Somebody who says a word of half a second, then nothing for `pause` seconds, and so on."""
    return [spoken_word(f"w{n}.", start + n * (0.5 + pause), start + n * (0.5 + pause) + 0.5) for n in range(count)]


@pytest.mark.parametrize("pause", [0.6, 0.8, 1.1])
def test_pauses_that_are_heard_count_as_silence_where_there_is_better(pause: float) -> None:
    words = (*slow(0, 20, pause), *talk_at((60, 80)).words)
    assert plan_of(Transcript(words, "en-US"), 80.0, 15, scene(0, 9)).excerpt_start >= 59.5


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
        ["Nobody speaks in 62% of the video: no part of the recording with enough speech stays within 20%."],
    ),
}


@pytest.mark.parametrize(("transcript", "seconds", "target", "notes"), NOTES.values(), ids=list(NOTES))
def test_silence_is_noted(transcript: Transcript, seconds: float, target: float, notes: list[str]) -> None:
    order = request(seconds, Options(target_duration=target))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    remarks = core.degradations(order, brief, core.plan(order, brief, reply(scene(0, 99))))
    assert [note for note in remarks if "cut(s)" not in note] == notes


def legal_excerpts(brief: core.PlanBrief) -> list[tuple[float, float]]:
    """Return every excerpt that may be a film: with a voice at both ends and enough speech, without much dead air.

    Enough is three quarters of what was asked for, or of the most that any excerpt of that length holds.
    """
    phrases = brief.phrases
    sizes: dict[tuple[float, float], float] = {}
    for first, begin in enumerate(phrases):
        for last, end in enumerate(phrases[first:], start=first):
            seconds = end.end - begin.start
            dead = sum(phrase.seconds for phrase in phrases[first : last + 1] if phrase.silent)
            if not begin.silent and not end.silent and seconds <= brief.target + 0.5 + 1e-9 and dead <= 0.2 * seconds:
                sizes[begin.start, end.end] = sum(phrase.speech for phrase in phrases[first : last + 1])
    enough = 0.75 * min(brief.target, max(sizes.values()))
    return [place for place, speech in sizes.items() if speech >= enough and place[1] - place[0] >= 2.0]


@settings(max_examples=300, deadline=None)
@given(garbage, recordings(40), st.sampled_from([5, 15, 30]))
def test_silence_is_within_its_share_or_no_excerpt_is_better(
    answer: list[PlannerScene], recording: Recording, target: int
) -> None:
    order = request(recording.seconds, Options(target_duration=target))
    brief = core.brief(recording.transcript, order, "veo-3.1-fast-generate-001")
    try:
        film_plan = core.plan(order, brief, reply(*answer, scene(0, 0)))
    except PlanInvalid:
        return
    is_noted = any(note.startswith("Nobody speaks") for note in core.degradations(order, brief, film_plan))
    # The film's end is rounded to a frame, which may make a pause there a long one, or a short one.
    frame = 1 / 24
    margin = frame / (film_plan.excerpt_end - film_plan.excerpt_start)
    assert is_noted or quiet_share(recording.transcript, film_plan, 0.6 + frame) <= 0.2 + margin
    if is_noted:
        assert quiet_share(recording.transcript, film_plan, 0.6 - frame) > 0.2 - margin
        shares = [share_of_pauses(recording.transcript, *place) for place in legal_excerpts(brief)]
        assert all(share > 0.2 - 1e-6 for share in shares)


def test_dead_air_is_phrases_of_its_own_close_to_the_words() -> None:
    phrases = phrases_of(talk_at((5, 8), (20, 23)), 30.0, 8)
    spans = [(round(p.start, 2), round(p.end, 2)) for p in phrases if not p.silent]
    assert spans == [(4.75, 8.3), (19.75, 23.3)]
