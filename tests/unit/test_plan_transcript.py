"""Whatever Amazon Transcribe wrote, the plan gets words in order within the recording, or a named failure."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.plan.transcript import SpokenWord, Transcript, read
from shared.errors import NoSpeechFound, TranscriptionFailed
from tests.unit.plan_examples import document, mark, quick, spoken_word, word

ROUNDING = 0.0006
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=10,
)
times = st.one_of(
    st.floats(-5, 40).map(str),
    st.sampled_from([None, "-3", "1e6", "7", 2.5, "0.0000001"]),
)
odd = ["nan", "inf", "-1e999", "", "soon", True, 7, ["1"]]
odd_times = st.one_of(times, st.sampled_from(odd))
texts = st.one_of(st.sampled_from(["so", "then", "", " ", "\x00\n", "\u200b", "naïve", "你好"]), st.text(max_size=5))
words_of_any_time = st.builds(word, texts, times, times, st.sampled_from(["0.5", None, "7", "-1", 0.3]))
items = st.lists(st.one_of(words_of_any_time, st.builds(mark, st.sampled_from([".", ",", "?"]))), max_size=40)
odd_items = st.lists(st.one_of(st.builds(word, texts, odd_times, odd_times, odd_times), anything), max_size=5)
lengths = st.one_of(st.floats(0.01, 60), st.sampled_from([2.0, 14_400.0]))


def check(transcript: Transcript, seconds: float) -> None:
    """Words are in order, do not overlap, lie within the recording and can be shown."""
    assert transcript.words
    for entry in transcript.words:
        assert 0 <= entry.start <= entry.end <= seconds + ROUNDING
        assert entry.end - entry.start <= 3.001
        assert 0 <= entry.confidence <= 1
        assert entry.text == entry.text.strip()
        assert entry.text.isprintable()
        assert entry.text
    for before, after in pairwise(transcript.words):
        assert before.end <= after.start
    assert 0 <= transcript.confidence <= 1


def test_a_real_result_is_read_with_its_numbers_as_strings() -> None:
    text = document(word("Hello", "0.56", "1.1", "0.98"), mark(","), word("world", "1.2", "1.559", "1.0"), mark("."))
    assert read(text, 3.0) == Transcript(
        (SpokenWord("Hello,", 0.56, 1.1, 0.98), SpokenWord("world.", 1.2, 1.559, 1.0, ends_sentence=True)), "en-US"
    )


def test_the_language_is_unknown_when_the_result_names_none() -> None:
    assert read(document(word("Hello", "0", "1"), language_code=""), 3.0).language_code == "und"


def test_missing_times_lie_between_their_neighbours() -> None:
    text = document(word("a", "1", "1.2"), word("b", None, None), word("c", None, None), word("d", "4", "4.5"))
    assert [entry.start for entry in read(text, 10.0).words] == [1, 2, 3, 4]


def test_a_result_without_any_time_is_spread_over_the_recording() -> None:
    words = read(document(*(word(text, None, None) for text in "abc")), 8.0).words
    assert [(w.start, w.end) for w in words] == [(2, 4), (4, 6), (6, 8)]


def test_a_word_that_lasts_long_is_cut_to_what_can_be_spoken() -> None:
    assert read(document(word("ah", "1", "60")), 90.0).words == (SpokenWord("ah", 1, 4, 0.99),)


def test_more_words_than_the_recording_has_room_for_stay_inside_it() -> None:
    check(read(document(*(word(f"w{n}", "9", "10") for n in range(900))), 10.0), 10.0)


def test_punctuation_belongs_to_the_word_before_it() -> None:
    text = document(mark("."), word("Wait", "0", "1"), mark("."), mark("."), word("what", "1", "2"), mark("?"))
    assert read(text, 3.0).text() == "Wait.. what?"


def test_control_characters_are_dropped_and_words_of_nothing_else_too() -> None:
    text = document(word("he\x00l\nlo\u202e", "0", "1"), word("\x07", "1", "1.5"), word("you", "1.5", "2"))
    assert read(text, 3.0).text() == "hello you"


def test_the_words_between_two_times_begin_there() -> None:
    transcript = Transcript((spoken_word("a", 0, 1), spoken_word("b", 1, 2), spoken_word("c", 2, 3)), "en-US")
    assert [transcript.text(), transcript.text(1), transcript.text(0.5, 2), transcript.text(2.5, 9)] == [
        "a b c",
        "b c",
        "b",
        "",
    ]


@pytest.mark.parametrize("entries", [[], [mark(".")], [word("", "0", "1")], [word("\x00", "0", "1")], [{"type": "x"}]])
def test_a_result_without_words_is_no_speech(entries: list[dict[str, Any]]) -> None:
    with pytest.raises(NoSpeechFound):
        read(document(*entries), 3.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"results": null}',
        document(items=None),
        document(items=[1]),
        document(word("hi", "soon", "1")),
        document(word("hi", "nan", "1")),
        document(word("hi", "0", "inf")),
        document(word("hi", "0", "1", "nan")),
    ],
)
def test_what_is_no_result_is_a_failed_transcription(text: str) -> None:
    with pytest.raises(TranscriptionFailed):
        read(text, 3.0)


@quick
@given(items, lengths)
@example([word("late", "99", "100"), word("early", "1", "2")], 10.0)
@example([word("before", "-9", "-8")], 10.0)
@example([word("backwards", "5", "4")], 10.0)
def test_whatever_the_times_are_the_words_are_in_order_within_the_recording(
    entries: list[dict[str, Any]], seconds: float
) -> None:
    texts = [item["alternatives"][0]["content"] for item in entries if item["type"] == "pronunciation"]
    if any(text.isalnum() for text in texts):
        check(read(document(*entries), seconds), seconds)


@quick
@given(st.one_of(anything, odd_items, st.fixed_dictionaries({"results": anything})), lengths)
def test_garbage_is_a_named_failure_or_a_sane_transcript(results: object, seconds: float) -> None:
    for text in (json.dumps(results), document(items=results)):
        try:
            check(read(text, seconds), seconds)
        except (NoSpeechFound, TranscriptionFailed):
            continue


@quick
@given(st.text())
def test_text_that_is_no_json_is_a_named_failure(text: str) -> None:
    with pytest.raises((NoSpeechFound, TranscriptionFailed)):
        read(text, 3.0)
