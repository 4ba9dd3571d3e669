"""A user's own transcript as the words that a video is planned with: its own times, or those that are heard."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan.own_words import align, correct, own_transcript
from functions.plan.transcript import LONGEST_WORD, SpokenWord, Transcript
from shared.transcript.own_transcript import Cue, OwnTranscript
from tests.unit.plan_examples import quick, talk


def with_cues(*captions: tuple[float, float, str]) -> OwnTranscript:
    rows = tuple(Cue(start=start, end=end, text=text) for start, end, text in captions)
    return OwnTranscript(transcript_id="0" * 16, filename="talk.srt", status="ready", cues=rows)


def saying(text: str) -> Transcript:
    """Somebody who says a word each half second."""
    words = [SpokenWord(word, n * 0.5, n * 0.5 + 0.4, 0.6) for n, word in enumerate(text.split())]
    return Transcript(tuple(words), "en-US", left_out=2)


def test_words_share_their_captions_time_by_their_length() -> None:
    transcript = own_transcript(with_cues((1, 3, "Hi, everybody."), (3, 4, "Bye.")), None, 10)
    assert [(word.text, word.start, word.end) for word in transcript.words] == [
        ("Hi,", 1, 1.533),
        ("everybody.", 1.533, 3),
        ("Bye.", 3, 4),
    ]
    assert [word.ends_sentence for word in transcript.words] == [False, True, True]
    assert {word.confidence for word in transcript.words} == {1.0}
    assert (transcript.language_code, transcript.notes, transcript.left_out) == ("und", (), 0)


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("Hola amigos", "es-ES", "es-ES"),
        ("今日はいい天気", None, "ja-JP"),
        ("今天天气很好", None, "zh-CN"),
        ("สวัสดีครับ", None, "th-TH"),
        ("The letter π is Greek", None, "und"),
    ],
)
def test_the_language_is_what_was_said_or_what_its_script_tells(text: str, language: str | None, code: str) -> None:
    assert own_transcript(with_cues((0, 4, text)), language, 4).language_code == code


def test_no_word_lasts_longer_than_one_can_and_none_begins_after_the_recording() -> None:
    transcript = own_transcript(with_cues((0, 60, "Well"), (61, 62, "end"), (70, 71, "late")), None, 61.5)
    assert [(word.text, word.end) for word in transcript.words] == [("Well", LONGEST_WORD), ("end", 61.5)]
    assert transcript.notes == ("1 caption(s) of the transcript begin after the recording's end and were left out.",)


# A misheard word, two heard as one, one as two, a filler, a word that was not heard, and punctuation alone.
@pytest.mark.parametrize(
    ("speech", "text", "words"),
    [
        ("the reel right makes it", "The Reelwright makes it.", "The Reelwright makes it."),
        ("a realwright video is made", "A Reel Wright video is made.", "A Reel Wright video is made."),
        ("so um this is it", "So this is it", "So this is it"),
        ("one two three four five six", "One two new three four five six", "One two new three four five six"),
        ("one two three four five six", "ONE, two; three — four five six!", "ONE, two; three — four five six!"),
    ],
)
def test_the_text_is_shown_with_the_times_at_which_it_is_heard(speech: str, text: str, words: str) -> None:
    transcript = saying(speech)
    result = correct(transcript, text)
    assert " ".join(word.text for word in result.words) == words
    assert result.words[0].start == transcript.words[0].start
    assert result.words[-1].end == transcript.words[-1].end
    assert all(word.end <= later.start + 1e-6 for word, later in pairwise(result.words))
    assert result.left_out == 0


def test_what_nobody_says_is_told() -> None:
    transcript = saying(" ".join(f"w{n}" for n in range(12)))
    result = correct(transcript, "w0 w1 w2 this was cut out of it entirely w3 w4 w5 w6 w7 w8 w9 w10 w11")
    assert [word.text for word in result.words] == [f"w{n}" for n in range(12)]
    assert result.notes == ("7 word(s) of the transcript were left out: nobody is heard saying them.",)


def test_a_passage_that_the_text_lacks_is_left_to_the_recogniser() -> None:
    transcript = saying(" ".join(f"w{n}" for n in range(40)))
    result = correct(transcript, " ".join(f"W{n}" for n in range(20)))
    assert [word.text for word in result.words] == [f"W{n}" for n in range(20)] + [f"w{n}" for n in range(20, 40)]


def test_the_text_of_another_recording_is_left_aside() -> None:
    transcript = saying("nobody knows what this is about at all")
    result = correct(transcript, "completely different words of somebody else about it")
    assert result.words == transcript.words
    assert result.left_out == transcript.left_out
    assert result.notes == ("Only 1 of the transcript's 8 words are heard, so it was left aside.",)


def test_four_hours_are_aligned_in_seconds() -> None:
    transcript = talk(36_000)
    text = " ".join(word.text if n % 20 else f"X{n}" for n, word in enumerate(transcript.words))
    began = time.process_time()
    result = correct(transcript, text)
    assert time.process_time() - began < 30
    assert [word.text for word in result.words] == text.split()
    assert [word.start for word in result.words] == [word.start for word in transcript.words]


_row = st.lists(st.sampled_from("abcde"), max_size=30)


@quick
@given(_row, _row)
def test_blocks_tile_both_rows(new: list[str], speech: list[str]) -> None:
    blocks = align(new, speech)
    assert [at for block in blocks for at in block.new] == list(range(len(new)))
    assert [at for block in blocks for at in block.old] == list(range(len(speech)))
    for block in blocks:
        texts = [new[at] for at in block.new]
        assert not block.is_equal or texts == [speech[at] for at in block.old]


@quick
@given(_row.filter(bool), _row)
def test_times_never_run_backwards(speech: list[str], text: list[str]) -> None:
    transcript = saying(" ".join(speech))
    result = correct(transcript, " ".join(text) or "x")
    assert all(word.start < word.end for word in result.words)
    assert all(word.end <= later.start + 0.002 for word, later in pairwise(result.words))
