"""Transcripts of a user's own: what is read of the files that people have, and one sentence for what is none."""

from __future__ import annotations

import codecs
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.film import subtitles
from shared.film.plan import Word
from shared.transcript import timing
from shared.transcript.cues import read
from shared.transcript.decoding import text_of
from shared.transcript.own_transcript import LARGEST_TRANSCRIPT, Cue
from shared.transcript.wording import words_of

# Seconds of work that a file of a quarter of a megabyte may take: it is read once, and not once for each of its signs.
BOUND = 5.0
SRT = "1\n00:00:00,000 --> 00:00:02,000\n{}\n\n2\n00:00:02,500 --> 00:00:04,000\nBye.\n"


def cues(text: str) -> list[tuple[float, float, str]]:
    return [(cue.start, cue.end, cue.text) for cue in read(text)[0]]


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("<i>Hello</i> {\\an8}world\nsecond line", "Hello world second line"),
        ('<font color="#ff0000">Red</font>\\Nred', "Red red"),
        ("1984", "1984"),
        ("a < b &amp; c &lt;d&gt;", "a < b & c <d>"),
        ("- Who?\n- Me.", "Who? Me."),
        (">> Who?", "Who?"),
        ("[applause] Thanks ♪", "Thanks"),
        ("after\n\na blank line", "after a blank line"),
        ("<script>alert(1)</script>Hi", "alert(1)Hi"),
        ("{not an override}", "{not an override}"),
        ("he\u0301", "hé"),
    ],
)
def test_a_caption_says_what_is_said_and_nothing_of_how_it_looks(text: str, speech: str) -> None:
    assert cues(SRT.format(text)) == [(0, 2, speech), (2.5, 4, "Bye.")]


WEBVTT = """WEBVTT - title
Language: es

STYLE
::cue { color: red }

NOTE a
note

intro
00:00.000 --> 00:02.000 align:start
<v Ann>Hello</v> <00:00:01.000><c.red>world</c>

NOTE between

01:00:00.000 --> 01:00:02.000
Bye
"""
# Captions that come up word by word repeat the line before.
WORD_BY_WORD = """WEBVTT

00:00:00.000 --> 00:00:02.000
 \nhello<00:00:00.500><c> world</c>

00:00:02.000 --> 00:00:02.010
hello world
 \n
00:00:02.010 --> 00:00:04.000
hello world
next<00:00:03.000><c> line</c>
"""
# Two speak at once; one lasts into the next; one says nothing.
TOGETHER = "0:00 --> 0:05\nA\n\n0:00 --> 0:03\nB\n\n0:02 --> 0:04\nC\n\n0:04 --> 0:05\n[door]\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("00:00:00,000 --> 00:00:02,000\nHello\n\n00:02,500 --> 00:04,000\nBye", [(0, 2, "Hello"), (2.5, 4, "Bye")]),
        ("1\n0:0:0.0 --> 0:0:2.5  X1:1 X2:2\nHello\n", [(0, 2.5, "Hello")]),
        (WEBVTT, [(0, 2, "Hello world"), (3600, 3602, "Bye")]),
        (WORD_BY_WORD, [(0, 2, "hello world"), (2.01, 4, "next line")]),
        (TOGETHER, [(0, 2, "A B"), (2, 4, "C")]),
    ],
)
def test_the_files_that_people_have_are_read(text: str, rows: list[tuple[float, float, str]]) -> None:
    assert cues(text) == rows


def test_text_without_times_is_itself() -> None:
    assert read("Hello <b>world</b>.\n\nHe wrote a --> b.\n") == ((), "Hello world. He wrote a --> b.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file is empty"),
        (b" \n\t\n", "holds no words"),
        (b"... !\n", "holds no words"),
        (b"WEBVTT\n\n", "has no caption"),
        (b"a" * (LARGEST_TRANSCRIPT + 1), f"{LARGEST_TRANSCRIPT} are the most"),
        ("Señor".encode("latin-1"), "not in UTF-8 or UTF-16"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "not in UTF-8 or UTF-16"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"PK\x03\x04abc", "is a Word or another zipped document"),
        (b"{\\rtf1\\ansi Hello}", "is an RTF document"),
        (codecs.BOM_UTF8 + b"[Script Info]\nTitle: x", "is an ASS subtitle"),
        (b"\n<!doctype html><p>Hi", "is a web page"),
        (b"ID3\x04\x00", "is a recording"),
        (b"Hello\x00world", "is no text"),
        (b"1\n00:00:xx --> 00:00:02,000\nHi\n", "Line 2 of the transcript: these times cannot be read"),
        (b"1\n-00:00:01,000 --> 00:00:02,000\nHi\n", "Line 2 of the transcript: these times cannot be read"),
        (b"0:02 --> 0:01\nHi\n", "Line 1 of the transcript: a caption has to end after it begins"),
        (b"0:02 --> 0:02\nHi\n", "Line 1 of the transcript: a caption has to end after it begins"),
        (
            b"0:05 --> 0:06\nHi\n\n0:01 --> 0:02\nHo\n",
            "Line 4 of the transcript: a caption begins before the one above",
        ),
        (b"10:00:00 --> 10:00:02\nHi\n", "begins after 4 hours, the most that a recording has"),
        (b"0:00 --> 0:01\n" + b"word " * 60, "nobody says 60 words in 1.00 s"),
        (b"word " * 150_001, "150000 and 20000 are the most"),
    ],
)
def test_what_is_no_transcript_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        read(text_of(content))
    message = str(refusal.value)
    assert sentence in message
    assert "\n" not in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_that_says_what_it_is_is_read(encoding: str) -> None:
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    content = marks.get(encoding, b"") + SRT.format("¿Qué tal, 世界?").replace("\n", "\r\n").encode(encoding)
    assert cues(text_of(content))[0] == (0, 2, "¿Qué tal, 世界?")


_OPENING = "1\n00:00:00,000 --> 01:00:00,000\n"


_UNITS = (
    "{",
    "{\\",
    "<",
    "<i",
    "[",
    "&lt",
    "-",
    "-->",
    "1",
    "a",
    "\n",
    " ",
    "e\u0301",
    "世",
    "<0:0",
    "\\N",
    "0:00 --> 0:01\n",
)


@pytest.mark.parametrize("unit", _UNITS)
@pytest.mark.parametrize("opening", ["", _OPENING])
def test_no_file_takes_longer_than_its_size_explains(unit: str, opening: str) -> None:
    text = opening + unit * (LARGEST_TRANSCRIPT // 16 // len(unit.encode()))
    began = time.process_time()
    with suppress(InvalidRequest):
        read(text_of(text.encode()))
    assert time.process_time() - began < BOUND


_words = st.lists(
    st.tuples(st.text("abcdéñß<&{>1", min_size=1, max_size=9), st.floats(0.1, 3)), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(_words, st.booleans())
def test_what_is_written_as_subtitles_is_read_again(words: list[tuple[str, float]], is_webvtt: bool) -> None:
    at = 0.0
    spoken_words = list[Word]()
    for text, seconds in words:
        spoken_words.append(Word(text=f"a{text}a", start=at, end=at + seconds * 0.9))
        at += seconds
    subtitle_text = (subtitles.vtt if is_webvtt else subtitles.srt)(spoken_words, at)
    captions, text = read(subtitle_text)
    assert text == ""
    # Signs that open a tag are written as their likenesses.
    likenesses = str.maketrans({"{": "(", "<": "‹", ">": "›"})
    rows = [word.text.translate(likenesses) for word in spoken_words]
    assert [word for cue in captions for word in words_of(cue.text)] == rows
    assert all(cue.start < cue.end <= at for cue in captions)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, world — yes! 3.5 %", ["Hello,", "world —", "yes! ".strip(), "3.5 %"]),
        ("今日は、いい天気。 2024年", ["今", "日", "は、", "い", "い", "天", "気。", "2024", "年"]),
        ("x" * 90, ["x" * 60]),
        ("… —", []),
    ],
)
def test_words_are_what_spaces_part_and_signs_where_none_are_written(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_captions_lie_within_the_recording() -> None:
    captions = [Cue(start=n, end=n + 1, text="a") for n in range(4)]
    assert [cue.end for cue in timing.within(captions, 2.5)] == [1, 2, 2.5]
    with pytest.raises(InvalidRequest, match=r"begins at 3.0 s, and the recording has 1.0 s"):
        timing.within(captions, 1.0)
