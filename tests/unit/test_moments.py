"""Moments are cut where sentences begin and end, never lie over each other, and are paid for once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan.excerpt import phrases_within
from functions.plan.handler import Deps, run
from functions.plan.moments import ranking
from functions.plan.moments.question import (
    JudgedMoment,
    Judgement,
    Judgements,
    MomentsReply,
    PlannerMoment,
    RankingReply,
)
from functions.plan.phrases import Phrase, phrases_of
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.contracts import Options
from shared.errors import InvalidRequest, PlanInvalid
from shared.film.moments import RankedMoments
from shared.film.plan import Plan
from shared.models.planner import Bill
from shared.recordings.excerpts import RecordingExcerpt
from shared.video.record import to_item
from tests.fakes import NoLimits
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, PLAN_KEY, TABLE, VIDEO, record
from tests.unit.plan_calls import KEY, FakePlanner, request
from tests.unit.plan_examples import Recording, document, quick, recordings, talk, word


def rubric(points: int) -> Judgements:
    rating = Judgement(points=points, because="Because.")
    return Judgements(hook=rating, self_contained=rating, emotion=rating, novelty=rating)


def wish(first: int, last: int, points: int = 5) -> PlannerMoment:
    return PlannerMoment(
        first_phrase=first, last_phrase=last, title="A title", hook="A hook", reason="So.", rubric=rubric(points)
    )


_index = st.integers(-5, 200)
_replies = st.lists(st.builds(wish, _index, _index, st.integers(-3, 99)), min_size=1, max_size=12)


@quick
@given(recordings(), _replies, st.sampled_from([5.0, 15.0, 30.0, 60.0]))
def test_whatever_is_answered_no_moment_cuts_a_word_or_lies_over_another(
    recording: Recording, reply: list[PlannerMoment], target: float
) -> None:
    phrases = phrases_of(recording.transcript, recording.seconds, target)
    lengths = ranking.lengths_of(phrases, target)
    candidates = ranking.candidates(reply, phrases, lengths)
    if not candidates:
        return
    best = ranking.best(candidates, 5, phrases)
    assert len(best) <= 5
    spans = sorted((each.first, each.last) for each in best)
    assert all(later[0] > earlier[1] for earlier, later in pairwise(spans))
    assert [each.score for each in best] == sorted((each.score for each in best), reverse=True)
    for each in best:
        assert 0 <= each.score <= 100
        assert each.seconds(phrases) <= lengths.longest
        for place in (phrases[each.first].start, phrases[each.last].end):
            cut_words = [w for w in recording.transcript.words if w.start < place - 1e-9 and w.end > place + 1e-9]
            assert not cut_words or not phrases[each.last].clean or not phrases[each.first].clean


def test_a_moment_moves_to_where_sentences_begin_and_end() -> None:
    transcript = talk(300, sentence=10)
    phrases = phrases_of(transcript, 120.0, 20)
    lengths = ranking.lengths_of(phrases, 20)
    (candidate,) = ranking.candidates([wish(3, 9)], phrases, lengths)
    first = phrases[candidate.first]
    last = phrases[candidate.last]
    assert candidate.first == 0 or phrases[candidate.first - 1].ends_sentence
    assert last.ends_sentence
    assert last.end - first.start <= 20.5
    assert candidate.seconds(phrases) >= 10


def test_whoever_falls_silent_within_a_sentence_has_not_ended_it() -> None:
    speech = talk(90, sentence=15)
    # Thirty words are two sentences; here they have ten seconds of silence in the midst of the third.
    slow = tuple(
        replace(w, start=w.start + 10 * (n >= 37), end=w.end + 10 * (n >= 37)) for n, w in enumerate(speech.words)
    )
    phrases = phrases_of(replace(speech, words=slow), 46.0, 12)
    lengths = ranking.lengths_of(phrases, 12)
    (silence,) = [phrase.index for phrase in phrases if phrase.silent and phrase.start < 40]
    (candidate,) = ranking.candidates([wish(silence + 1, silence + 2)], phrases, lengths)
    assert phrases[candidate.first].text.split()[0] in {f"w{n}" for n in range(0, 90, 15)}


def test_what_a_better_moment_says_is_chosen_again_only_where_too_little_else_is_said() -> None:
    """A show that begins with a part of itself."""
    speech = talk(120, sentence=10)
    teaser = [replace(word, text=again.text) for word, again in zip(speech.words, speech.words[60:80], strict=False)]
    phrases = phrases_of(replace(speech, words=(*teaser, *speech.words[20:])), 48.0, 8)
    lengths = ranking.lengths_of(phrases, 8)
    (whole, teaser_again, other) = ranking.candidates([wish(6, 7, 9), wish(0, 1, 8), wish(3, 4, 2)], phrases, lengths)
    assert ranking.text_of(whole, phrases) == ranking.text_of(teaser_again, phrases)
    everything = [whole, teaser_again, other]
    assert ranking.best(everything, 2, phrases) == [whole, other]
    assert ranking.best(everything, 3, phrases) == everything


def test_a_speech_without_an_end_is_cut_in_its_pauses() -> None:
    transcript = talk(300, every=0.7)
    phrases = phrases_of(transcript, 210.0, 20)
    (candidate,) = ranking.candidates([wish(0, 10)], phrases, ranking.lengths_of(phrases, 20))
    assert phrases[candidate.last].clean


def test_what_cannot_be_cut_out_is_no_moment() -> None:
    phrases = phrases_of(talk(300, sentence=10), 120.0, 20)
    lengths = ranking.lengths_of(phrases, 20)
    assert ranking.candidates([wish(9, 3)], phrases, lengths) == []
    with pytest.raises(PlanInvalid):
        ranking.best([], 3, phrases)


def test_a_long_recording_is_read_in_parts_of_about_one_length_that_end_with_sentences() -> None:
    phrases = phrases_of(talk(9_000, every=1.2, sentence=12), 10_800.0, 30)
    parts = ranking.parts(phrases)
    assert len(parts) == pricing.parts_of(10_800) == 4
    assert [phrase for part in parts for phrase in part] == phrases
    assert all(part[-1].ends_sentence for part in parts)
    lengths = [part[-1].end - part[0].start for part in parts]
    assert max(lengths) - min(lengths) < 60


@pytest.mark.parametrize("rest", range(4))
def test_there_are_never_more_parts_than_are_paid_for(rest: int) -> None:
    phrases = [Phrase(n, 7.0 * n, 7.0 * (n + 1), "So.", ends_sentence=True) for n in range(4 * 350 + rest)]
    assert len(ranking.parts(phrases)) == pricing.parts_of(phrases[-1].end) == 4


@dataclass
class MomentPlanner(FakePlanner):
    """Chooses the same phrases of every part, and judges those of the second part best."""

    errors: list[Exception] = field(default_factory=list[Exception])

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Any], bill: Bill) -> Any:
        super().ask(instructions, document, reply, bill)
        if reply is RankingReply:
            if self.errors:
                raise self.errors.pop()
            rows = document["moments"]
            return RankingReply(moments=[JudgedMoment(number=n, rubric=rubric(n)) for n, _, _ in rows])
        if reply is MomentsReply:
            first = document["phrases"][0][0]
            return MomentsReply(moments=[wish(first, first + 6, 9), wish(first + 20, first + 26, 4)])
        return self.answer


@dataclass
class Stage:
    planner: MomentPlanner = field(default_factory=MomentPlanner)

    def put(self, seconds: int) -> None:
        """A recording in which every second has a word and every fourth a sentence's end."""
        words = (word(f"w{n}{'' if n % 4 < 3 else '.'}", f"{n}.0", f"{n}.8") for n in range(seconds))
        clients.s3().put_object(Bucket=BUCKET, Key=KEY, Body=document(*words).encode())

    def run(self, seconds: float, options: Options) -> Any:
        asked_request = request(seconds, options).model_copy(update={"goal": "moments"})
        return run(asked_request, Deps(Bucket(BUCKET), self.planner, MODEL, TABLE, math.inf, NoLimits()))

    @property
    def ranking(self) -> RankedMoments:
        return RankedMoments.model_validate_json(Bucket(BUCKET).read_text(media_keys.moments(VIDEO)))


@pytest.fixture
def stage(cloud: None) -> Stage:
    clients.dynamodb().put_item(TableName=TABLE, Item=to_item(record()))
    return Stage()


def test_moments_are_stored_with_their_words_and_no_scene_is_returned(stage: Stage) -> None:
    stage.put(600)
    out = stage.run(600.0, Options(moments=2, target_duration=28, prompt="boats"))
    assert (out.scenes, out.planned_video_cost_usd, out.cost_usd) == ((), 0, 0.002)
    assert (out.vertex_ai_tasks, out.scene_beats) == ({"L": []}, {"NULL": True})
    (question,) = stage.planner.documents
    assert (question["task"], question["count"], question["wish"]) == ("moments", 2, "boats")
    assert (question["shortest_seconds"], question["longest_seconds"]) == (14, 28.5)
    first, second = stage.ranking.moments
    assert (first.id, first.rubric.score, second.rubric.score) == ("m1", 90, 40)
    assert (stage.ranking.generation_id, stage.ranking.judged_by) == (GENERATION, "gpt-6-luna")
    assert first.text == " ".join(each.text for each in first.words)
    assert first.words[-1].ends_sentence
    assert {first.start, first.end} <= {*first.cuts, 0.0}


def test_parts_are_judged_once_more_and_answers_are_not_paid_for_twice(stage: Stage) -> None:
    stage.put(4_000)
    stage.planner.errors.append(PlanInvalid("No answer."))
    options = Options(moments=3, target_duration=28)
    with pytest.raises(PlanInvalid):
        stage.run(4_000.0, options)
    assert [question["task"] for question in stage.planner.documents] == ["moments", "moments", "rank"]
    out = stage.run(4_000.0, options)
    assert [question["task"] for question in stage.planner.documents[3:]] == ["rank"]
    assert out.cost_usd == pytest.approx(0.008)
    scores = [moment.rubric.score for moment in stage.ranking.moments]
    assert scores == [30, 20, 10]
    # What was judged best lies in the second part.
    assert stage.ranking.moments[0].start > 2_000


def test_fewer_moments_than_were_asked_for_are_told_of(stage: Stage) -> None:
    stage.put(600)
    out = stage.run(600.0, Options(moments=5, target_duration=28))
    assert "2 of 5 moments were chosen" in str(out.degraded)


def test_what_a_stand_in_has_chosen_is_not_said_to_be_the_models(stage: Stage) -> None:
    stage.put(600)
    stage.planner.stand_in = "a stand-in"
    stage.run(600.0, Options(moments=1, target_duration=28))
    assert stage.ranking.judged_by == "a stand-in"


def test_each_part_has_a_price_of_its_own() -> None:
    assert pricing.moments_ceiling("gpt-6-luna", 10_800, 5) > pricing.moments_ceiling("gpt-6-luna", 600, 5)
    assert pricing.moments_ceiling("gpt-6-luna", 600, 5) == pricing.planning_ceiling("gpt-6-luna", 600)


def test_a_clip_is_the_whole_of_its_excerpt_and_may_be_moved_over_all_of_the_recording(stage: Stage) -> None:
    stage.put(600)
    options = Options(excerpt=RecordingExcerpt(start=100.3, end=127.9), target_duration=27.6)
    run(request(600.0, options), Deps(Bucket(BUCKET), stage.planner, MODEL, TABLE, math.inf, NoLimits()))
    plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    assert (plan.excerpt_start, plan.excerpt_end) == (pytest.approx(99.9, abs=0.2), pytest.approx(127.9, abs=0.2))
    (question,) = stage.planner.documents
    assert [row[0] for row in question["phrases"]] == list(range(len(question["phrases"])))
    material = Bucket(BUCKET).read_text(media_keys.material(VIDEO, GENERATION))
    assert '"time":599' in material or '"time":600' in material


def test_silence_is_no_clip() -> None:
    phrases = phrases_of(talk(10), 200.0, 20)
    with pytest.raises(InvalidRequest):
        phrases_within(phrases, RecordingExcerpt(start=100, end=120))
    assert phrases_within(phrases, None) == phrases
