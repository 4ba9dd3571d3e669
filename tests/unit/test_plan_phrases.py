"""Phrases tile the recording, fit into a clip, and are cut where nobody speaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.plan.phrases import APART, SHORTEST_PHRASE, Phrase, phrases_of, word_gaps
from functions.plan.transcript import Transcript
from tests.unit.plan_examples import Recording, quick, recordings, spoken_word, talk

# The longest clips, and the shortest film that can be asked for.
clips = st.sampled_from([8, 6, 5.0])
NOISE = 1e-9


def transcript_of(*words: tuple[str, float, float]) -> Transcript:
    return Transcript(tuple(spoken_word(*word) for word in words), "en-US")


def check_tiles(phrases: list[Phrase], recording: Recording, longest: float) -> None:
    assert phrases[0].start == 0
    assert phrases[-1].end == recording.seconds
    assert [phrase.index for phrase in phrases] == list(range(len(phrases)))
    for before, after in pairwise(phrases):
        assert before.end == after.start
    for phrase in phrases:
        assert SHORTEST_PHRASE - NOISE <= phrase.seconds <= longest


@quick
@given(recordings(), clips)
@example(Recording(transcript_of(("hello.", 0, 3)), 7.9005), 8)
@example(Recording(transcript_of(("a.", 0, 0.02), ("b.", 0.02, 0.04), ("c", 0.04, 3)), 9.0), 8)
def test_phrases_tile_the_recording_and_fit_into_a_clip(recording: Recording, longest: float) -> None:
    check_tiles(phrases_of(*recording, longest), recording, longest)


def test_a_person_may_cut_between_any_two_words() -> None:
    transcript = transcript_of(("a", 0, 0.4), ("b", 0.5, 0.9), ("c.", 1.0, 1.4), ("d", 2.2, 2.6), ("e", 2.6, 3.0))
    phrases = phrases_of(transcript, 3.2, 8)
    assert [phrase.end for phrase in phrases] == pytest.approx([1.8, 3.2])
    assert word_gaps(transcript.words, phrases) == [0.45, 0.95, 2.6]


@quick
@given(recordings(), clips)
def test_gaps_are_in_order_and_apart_from_each_other_and_from_the_phrases_ends(
    recording: Recording, longest: float
) -> None:
    phrases = phrases_of(*recording, longest)
    gaps = word_gaps(recording.transcript.words, phrases)
    places = sorted([0.0, *(phrase.end for phrase in phrases), *gaps])
    assert gaps == sorted(gaps)
    assert all(after - before >= APART - NOISE for before, after in pairwise(places) if {before, after} & set(gaps))


@quick
@given(recordings(), clips)
@example(Recording(transcript_of(("a.", 0, 0.4), ("b", 2.0, 5.0), ("c", 5.0, 8.0)), 9.0), 5.0)
def test_no_cut_falls_into_a_word(recording: Recording, longest: float) -> None:
    cuts = [phrase.end for phrase in phrases_of(*recording, longest)]
    for word in recording.transcript.words:
        assert not [cut for cut in cuts if word.start + NOISE < cut < word.end - NOISE]


@quick
@given(recordings(), clips)
def test_a_clean_cut_is_in_a_pause_or_between_sentences(recording: Recording, longest: float) -> None:
    for phrase in phrases_of(*recording, longest)[:-1]:
        before = [word for word in recording.transcript.words if word.end <= phrase.end + NOISE]
        after = [word for word in recording.transcript.words if word.start >= phrase.end - NOISE]
        pause = not before or not after or after[0].start - before[-1].end >= 0.25 - NOISE
        assert phrase.clean == (pause or before[-1].ends_sentence) or phrase.ends_sentence


@quick
@given(recordings(), clips)
def test_all_words_are_in_the_phrases_in_order(recording: Recording, longest: float) -> None:
    texts = [phrase.text for phrase in phrases_of(*recording, longest)]
    assert " ".join(text for text in texts if text) == recording.transcript.text()


def test_sentences_are_cut_apart_and_marked() -> None:
    transcript = transcript_of(
        ("Hello.", 0.2, 1), ("How", 2, 2.4), ("are", 2.4, 2.8), ("you?", 2.8, 3.5), ("Fine", 4, 5)
    )
    phrases = phrases_of(transcript, 6.0, 8)
    assert [(p.text, p.ends_sentence, p.clean) for p in phrases] == [
        ("Hello.", True, True),
        ("How are you?", True, True),
        ("Fine", True, True),
    ]
    assert phrases[0].end == pytest.approx(1.4)


def test_a_sentence_end_wins_over_a_pause_just_before_it() -> None:
    transcript = transcript_of(("I", 0, 1), ("went", 1, 2), ("home.", 2.3, 2.6), ("Then", 2.6, 3.5), ("slept", 3.5, 5))
    assert [p.text for p in phrases_of(transcript, 5.0, 8)] == ["I went home.", "Then slept"]


def test_an_abbreviation_keeps_its_sentence_together() -> None:
    transcript = transcript_of(("Mr.", 0, 1), ("Smith", 1.05, 2), ("spoke.", 2, 3))
    assert [p.text for p in phrases_of(transcript, 3.0, 8)] == ["Mr. Smith spoke."]


def test_a_word_too_short_to_be_seen_is_no_phrase() -> None:
    transcript = transcript_of(("Ay.", 0, 1), ("No.", 1, 1.1), ("Be.", 1.1, 2))
    assert [p.text for p in phrases_of(transcript, 2.0, 8)] == ["Ay.", "No. Be."]


def test_a_long_silence_is_phrases_of_its_own() -> None:
    recording = Recording(transcript_of(("Before.", 1, 2), ("after", 62, 63)), 64.0)
    phrases = phrases_of(*recording, 8)
    check_tiles(phrases, recording, 8)
    assert all(phrase.clean for phrase in phrases)
    assert [phrase.text for phrase in phrases if phrase.text] == ["Before.", "after"]


def test_a_recording_that_fits_into_one_clip_is_one_phrase() -> None:
    assert [(p.start, p.end) for p in phrases_of(transcript_of(("hm", 0.1, 0.4)), 0.45, 8)] == [(0, 0.45)]


def test_an_hour_without_a_full_stop_is_cut_between_words() -> None:
    recording = Recording(talk(9_000), 3_600.0)
    phrases = phrases_of(*recording, 8)
    check_tiles(phrases, recording, 8)
    starts_and_ends = [(word.start, word.end) for word in recording.transcript.words]
    assert not any(start < phrase.end < end for phrase in phrases for start, end in starts_and_ends[::7])
    assert not any(phrase.clean for phrase in phrases[:-1])
