"""Corrected words of a recording: whatever is edited, every later transcript reads as the plan does."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan.transcript import SpokenWord, Transcript
from functions.plan.words import with_corrections
from shared.build import revisions
from shared.build.edits import Edit
from shared.build.scene_edits import Bench
from shared.film.corrections import Correction, Corrections, apply_corrections
from shared.film.plan import Plan, Word
from tests.unit.plan_examples import quick
from tests.unit.test_plan_edits import EDIT, HEARD, MATERIAL, PLAN, START

BENCH = Bench(MATERIAL, {}, {})
changes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"op": st.just("word"), "index": st.integers(0, 40), "text": st.sampled_from(["A", "B c", "D e f."])}
    ),
    st.fixed_dictionaries({"op": st.sampled_from(["join", "delete"]), "index": st.integers(0, 40)}),
)


def corrections_of(plan: Plan, edits: list[Edit]) -> list[Correction]:
    return revisions.corrections(plan, edits, BENCH)


def legal(plan: Plan, change: dict[str, Any]) -> bool:
    return change["index"] + (change["op"] == "join") < len(plan.words)


def later(words: tuple[Word, ...]) -> list[tuple[str, float, float]]:
    """The words of a plan in seconds of the recording."""
    return [(word.text, round(word.start + START, 3), round(word.end + START, 3)) for word in words]


def heard_again(corrections: Corrections, seconds: float = 0.0) -> list[Word]:
    """The words of the excerpt as another transcription has them, which hears all of it so much later."""
    words = [word.model_copy(update={"start": word.start + seconds, "end": word.end + seconds}) for word in HEARD]
    end = START + PLAN.frames / PLAN.frame_rate
    return [
        word
        for word in apply_corrections(words, corrections.of("en-US"), lambda word: word)
        if START <= word.start < end
    ]


@quick
@given(st.lists(st.lists(changes, min_size=1, max_size=4), max_size=6))
def test_whatever_is_edited_another_transcript_reads_as_the_plan(rounds: list[list[dict[str, Any]]]) -> None:
    plan = PLAN
    corrections = Corrections()
    for each in rounds:
        edits = list[Edit]()
        for change in each:
            if legal(revisions.revise(plan, edits, BENCH), change):
                edits.append(EDIT.validate_python(change))
        corrections = corrections.with_more("en-US", corrections_of(plan, edits))
        plan = revisions.revise(plan, edits, BENCH)
    assert [(word.text, word.start, word.end) for word in heard_again(corrections)] == later(plan.words)
    kept_corrections = corrections.of("en-US")
    assert all(before.end <= after.start for before, after in pairwise(kept_corrections))
    # What lies outside the excerpt is as it was heard.
    assert [word for word in apply_corrections(HEARD, kept_corrections, lambda word: word) if word.start < START] == [
        word for word in HEARD if word.start < START
    ]


@pytest.mark.parametrize("seconds", [-0.15, -0.04, 0.04, 0.15])
def test_a_word_that_is_heard_a_little_earlier_or_later_is_the_one_that_was_corrected(seconds: float) -> None:
    edits = [EDIT.validate_python({"op": "word", "index": 3, "text": "Reelwright"})]
    corrections = Corrections().with_more("en-US", corrections_of(PLAN, edits))
    texts = [word.text for word in heard_again(corrections, seconds)]
    assert texts.count("Reelwright") == 1
    assert "word23" not in texts
    assert {"word22", "word24"} <= set(texts)


def test_a_language_has_corrections_of_its_own_and_a_later_one_counts() -> None:
    first = corrections_of(PLAN, [EDIT.validate_python({"op": "word", "index": 0, "text": "Ahoy"})])
    second = corrections_of(PLAN, [EDIT.validate_python({"op": "word", "index": 0, "text": "word20"})])
    corrections = Corrections().with_more("en-US", first).with_more("de-DE", [])
    assert (len(corrections.of("en-US")), corrections.of("de-DE"), corrections.of("fr-FR")) == (1, (), ())
    undone = corrections.with_more("en-US", second)
    assert [word.text for word in heard_again(undone)] == [word.text for word in heard_again(Corrections())]
    assert undone.name != corrections.name


def test_a_transcript_whose_every_word_was_deleted_is_read_as_it_was_heard() -> None:
    transcript = Transcript((SpokenWord("um", 0.0, 1.0, 0.6), SpokenWord("er.", 1.0, 2.0, 0.5, True)), "en-US", 1)
    nothing = Correction(start=0, end=2, words=())
    assert with_corrections(transcript, [nothing]) == transcript
    longer = Correction(start=0, end=1.2, words=(Word(text="Ahoy", start=0.0, end=1.2),))
    first, second = with_corrections(transcript, [longer]).words
    assert (first, second.text) == (SpokenWord("Ahoy", 0.0, 1.0, 1.0), "er.")
