"""Any answer of the planning model becomes shots within every limit, or PlanInvalid."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functions.plan.repair import OTHER_MOMENT, Shot, repair_scenes
from functions.plan.timeline import Timeline
from shared.contracts import MOST_SCENES
from shared.errors import PlanInvalid
from shared.models import video_models
from shared.models.plan_question import PlannerScene
from shared.recordings.limits import SHORTEST_PLANNED
from tests.unit.plan_examples import garbage, quick, scene, side_by_side

LONGEST = 8.0
NOISE = 1e-9
lengths = st.lists(st.one_of(st.floats(0.5, 7.9), st.floats(0.5, 1.5)), min_size=1, max_size=130)
phrases = lengths.map(lambda lengths: side_by_side(*lengths))
timelines = st.builds(Timeline, phrases, st.floats(5, 60), st.just(LONGEST))


def check(shots: list[Shot], timeline: Timeline) -> None:
    first = shots[0].first
    last = shots[-1].last
    assert 0 <= first <= last < len(timeline.phrases)
    for before, after in pairwise(shots):
        assert after.first == before.last + 1
    for shot in shots:
        assert shot.first <= shot.last
        assert timeline.seconds(shot.first, shot.last) <= LONGEST + NOISE
        assert shot.prompt.strip()
    assert len(shots) <= MOST_SCENES
    if timeline.whole:
        assert (first, last) == (0, len(timeline.phrases) - 1)
    else:
        assert timeline.seconds(first, last) <= timeline.target + 0.5
    halves = (min(timeline.seconds(first, cut), timeline.seconds(cut + 1, last)) for cut in range(first, last))
    assert len(shots) >= 2 or all(shorter < SHORTEST_PLANNED for shorter in halves)


@quick
@given(garbage, timelines)
def test_an_arbitrary_answer_becomes_a_film_or_plan_invalid(answer: list[PlannerScene], timeline: Timeline) -> None:
    try:
        check(repair_scenes(answer, timeline), timeline)
    except PlanInvalid:
        return


@quick
@given(timelines, st.data())
def test_one_usable_scene_is_enough(timeline: Timeline, data: st.DataObject) -> None:
    assume(max(phrase.seconds for phrase in timeline.phrases) <= timeline.target)
    last = data.draw(st.integers(0, len(timeline.phrases) - 1))
    first = data.draw(st.integers(0, last))
    answer = [*data.draw(garbage), scene(first, last), *data.draw(garbage)]
    check(repair_scenes(answer, timeline), timeline)


@quick
@given(lengths, st.data())
def test_a_scene_for_every_phrase_still_keeps_every_limit(lengths: list[float], data: st.DataObject) -> None:
    timeline = Timeline(side_by_side(*lengths), 60, LONGEST)
    check(repair_scenes([scene(n, n) for n in range(len(lengths))], timeline), timeline)


@quick
@given(garbage, st.data())
def test_no_plan_of_an_excerpt_costs_more_than_was_announced(answer: list[PlannerScene], data: st.DataObject) -> None:
    spec = video_models.model(data.draw(st.sampled_from(sorted(video_models.MODELS))))
    seconds = data.draw(st.lists(st.one_of(st.floats(0.5, 7.9), st.floats(0.5, 1.5)), min_size=1, max_size=60))
    timeline = Timeline(side_by_side(*seconds), 60, float(spec.longest))
    for scenes in (answer, [scene(n, n) for n in range(len(seconds))]):
        try:
            shots = repair_scenes(scenes, timeline)
        except PlanInvalid:
            continue
        stretches = [timeline.seconds(shot.first, shot.last) for shot in shots]
        most = video_models.most_billed(spec, sum(stretches))
        assert sum(video_models.billed_seconds(spec, stretch) for stretch in stretches) <= most
        if spec.references:
            billed_seconds = sum(video_models.billed_seconds(spec, min(each, 8), 1) for each in stretches if each <= 8)
            assert billed_seconds <= video_models.most_billed(spec, sum(stretches), 1)


def test_a_good_plan_is_left_alone() -> None:
    timeline = Timeline(side_by_side(3, 3, 4, 3, 3), 12, LONGEST)
    shots = repair_scenes([scene(1, 2, "one"), scene(3, 3, "two")], timeline)
    assert [(s.first, s.last, s.prompt) for s in shots] == [(1, 2, "one"), (3, 3, "two")]


def test_gaps_are_closed_and_overlaps_taken_away() -> None:
    timeline = Timeline(side_by_side(*[2.0] * 12), 20, LONGEST)
    shots = repair_scenes([scene(0, 2), scene(4, 5), scene(5, 7), scene(6, 7)], timeline)
    assert [(s.first, s.last) for s in shots] == [(0, 3), (4, 5), (6, 7)]


def test_a_short_recording_is_covered_wholly() -> None:
    timeline = Timeline(side_by_side(3, 3, 3), 30, LONGEST)
    assert [(s.first, s.last) for s in repair_scenes([scene(1, 1)], timeline)] == [(0, 0), (1, 2)]


def test_too_long_an_excerpt_loses_its_end() -> None:
    timeline = Timeline(side_by_side(*[3.0] * 10), 12, LONGEST)
    assert repair_scenes([scene(2, 3), scene(4, 9)], timeline)[-1].last == 5


def test_too_short_an_excerpt_takes_in_more_speech() -> None:
    timeline = Timeline(side_by_side(*[3.0] * 10), 12, LONGEST)
    assert [(s.first, s.last) for s in repair_scenes([scene(9, 9)], timeline)] == [(7, 7), (8, 9)]


def test_a_scene_longer_than_a_clip_is_split_into_different_moments() -> None:
    timeline = Timeline(side_by_side(*[5.0] * 3), 20, LONGEST)
    prompts = [shot.prompt for shot in repair_scenes([scene(0, 2, "a lake.")], timeline)]
    assert prompts == ["a lake.", "a lake." + OTHER_MOMENT, "a lake." + OTHER_MOMENT]


def test_a_scene_too_short_to_be_worth_a_clip_joins_its_neighbour() -> None:
    timeline = Timeline(side_by_side(5, 1, 6), 20, LONGEST)
    shots = repair_scenes([scene(0, 0, "one"), scene(1, 1, "two"), scene(2, 2, "three")], timeline)
    assert [(s.first, s.last, s.prompt) for s in shots] == [(0, 1, "one"), (2, 2, "three")]


def test_one_scene_of_two_phrases_becomes_two_scenes() -> None:
    timeline = Timeline(side_by_side(2, 3), 30, LONGEST)
    assert [(s.first, s.last) for s in repair_scenes([scene(0, 1)], timeline)] == [(0, 0), (1, 1)]


@pytest.mark.parametrize("moment", [0.0005, 0.6, 1.9])
def test_no_clip_is_bought_for_a_moment(moment: float) -> None:
    timeline = Timeline(side_by_side(5, moment), 30, LONGEST)
    for answer in ([scene(0, 1)], [scene(0, 0), scene(1, 1)]):
        assert [(shot.first, shot.last) for shot in repair_scenes(answer, timeline)] == [(0, 1)]


def test_one_phrase_stays_one_scene() -> None:
    assert len(repair_scenes([scene(0, 0)], Timeline(side_by_side(7.9), 30, LONGEST))) == 1


def test_a_scene_without_a_prompt_is_filmed_from_its_description() -> None:
    assert repair_scenes([scene(0, 0, " ")], Timeline(side_by_side(3), 30, LONGEST))[0].prompt == "A boat."


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [scene(2, 1)],
        [scene(3, 9)],
        [scene(-9, -1)],
        [PlannerScene(first_phrase=0, last_phrase=0, scene_description="", prompt=" ")],
    ],
)
def test_an_answer_without_a_usable_scene_is_plan_invalid(answer: list[PlannerScene]) -> None:
    with pytest.raises(PlanInvalid):
        repair_scenes(answer, Timeline(side_by_side(3, 3, 3), 30, LONGEST))


def test_a_phrase_longer_than_the_film_is_plan_invalid() -> None:
    with pytest.raises(PlanInvalid):
        repair_scenes([scene(0, 0)], Timeline(side_by_side(7.5, 7.5), 5, LONGEST))
