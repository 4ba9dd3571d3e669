"""The planner's stand-in chooses moments by what can be counted, and says so."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from functions.plan.moments.question import MomentsReply, RankingReply
from local.emulators.openai.moments import COUNTED, choose, rank

TALK = [
    "Welcome back to the show, dear friends.",
    "It goes on and on about nothing much at all today.",
    "How do you know when to give up?",
    "My mother died alone in that terrible war, and nobody cried.",
    "And that was it, they say.",
    "",
    "Thank you for listening, and see you next week.",
]


def question(**more: Any) -> dict[str, Any]:
    limits = {"count": 3, "shortest_seconds": 8.0, "target_seconds": 10.0, "longest_seconds": 10.5}
    rows = [[number, 5.0, text] for number, text in enumerate(TALK)]
    return {"task": "moments", **limits, "wish": "", "language": "en-US", "phrases": rows, **more}


def test_the_best_begins_with_a_question_and_is_moving() -> None:
    reply = MomentsReply.model_validate(choose(question()))
    first = reply.moments[0]
    assert (first.first_phrase, first.last_phrase) == (2, 3)
    assert first.hook == "How do you know when to give up?"
    assert first.reason.startswith(COUNTED)
    spans = sorted((moment.first_phrase, moment.last_phrase) for moment in reply.moments)
    assert all(later[0] > earlier[1] for earlier, later in pairwise(spans))
    assert all(TALK[place].strip() for span in spans for place in span)


def test_what_turns_to_something_else_at_its_end_is_less_whole() -> None:
    sales = "My sister was furious."
    texts = [f"{sales} {last}" for last in ("Sales doubled within a month.", "Now, the numbers, if you like.")]
    rows = [[number, "", text] for number, text in enumerate([*texts, "Now or never."])]
    reply = RankingReply.model_validate(rank({"task": "ranking", "wish": "", "language": "en-US", "moments": rows}))
    whole, turning, alone = (moment.rubric.self_contained.points for moment in reply.moments)
    assert turning < whole == alone


def test_whoever_falls_silent_has_not_ended_a_sentence() -> None:
    texts = ["It was the end of", "", "the war, they cried.", "My mother never spoke of it.", "Nobody asked."]
    rows = [[number, 5.0, text] for number, text in enumerate(texts)]
    reply = MomentsReply.model_validate(choose(question(phrases=rows)))
    assert all(moment.first_phrase != 2 for moment in reply.moments)


def test_a_talk_without_sentences_has_moments_all_the_same() -> None:
    rows = [[number, 5.0, "words without an end"] for number in range(6)]
    reply = MomentsReply.model_validate(choose(question(phrases=rows)))
    assert reply.moments


def test_a_talk_whose_sentences_last_too_long_has_moments_all_the_same() -> None:
    rows = [[number, 5.0, "words, words," if number % 3 else "and an end."] for number in range(9)]
    reply = MomentsReply.model_validate(choose(question(phrases=rows, longest_seconds=12.0, shortest_seconds=11.0)))
    assert reply.moments


def test_moments_of_parts_are_judged_by_one_measure() -> None:
    rows = [[0, 10.0, " ".join(TALK[2:4])], [1, 10.0, TALK[6]]]
    reply = RankingReply.model_validate(rank({"task": "rank", "wish": "", "language": "en-US", "moments": rows}))
    assert [row.number for row in reply.moments] == [0, 1]
    good, poor = (row.rubric for row in reply.moments)
    assert good.self_contained.points > poor.self_contained.points
