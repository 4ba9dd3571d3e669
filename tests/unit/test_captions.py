from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.captions import ass
from shared.captions.faces import FONTS as FACES_BY_FONT
from shared.captions.looks import LOOKS
from shared.choices.captions import CaptionStyle
from shared.film import captions, ffmpeg, subtitles, word_times
from shared.film.plan import Word
from shared.film.sentences import sentence_ends
from tests.unit.media_fakes import make, speech

FONTS = Path(__file__).parents[2] / "functions" / "render_scene" / "fonts"
TIMES = st.one_of(st.floats(-5, 70), st.sampled_from([0.0, math.nan, math.inf, -math.inf]))
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["{\\b1}x", "a\\Nb", "-->", "<i>", "W" * 10_000, "שלום", ".", "1995"])
)
WORDS = st.lists(st.builds(Word, text=TEXTS, start=TIMES, end=TIMES), max_size=30).map(tuple)
SECONDS = st.floats(1, 60)
STYLES = st.builds(
    CaptionStyle, position=st.sampled_from(["top", "middle", "bottom"]), size=st.sampled_from(["small", "large"])
)
PARTS = st.tuples(st.floats(0, 0.8), st.floats(0.85, 1))
SHAPES = st.sampled_from([*(look.shape for look in LOOKS.values()), subtitles.SUBTITLE])
EVENT = re.compile(r"Dialogue: 0,(\d):(\d\d):(\d\d)\.(\d\d),(\d):(\d\d):(\d\d)\.(\d\d),Caption,,0,0,0,,(.*)")
TAG = re.compile(r"\{(?:\\(?:fs|bord|fscx|fscy|c&H|fn|1a&H|alpha&H|rSpoken|r(?=\\)|kf\d|an5|pos\(|t\()[^\\{}]*)+\}")
CUE = re.compile(r"(\d\d):(\d\d):(\d\d)[.,](\d{3}) --> (\d\d):(\d\d):(\d\d)[.,](\d{3})")


def words(*pieces: tuple[str, float, float]) -> list[Word]:
    ends = sentence_ends([text for text, _, _ in pieces], "en")
    return [
        Word(text=text, start=start, end=end, ends_sentence=last)
        for (text, start, end), last in zip(pieces, ends, strict=True)
    ]


def events(document: str) -> list[tuple[int, int, str]]:
    matches = [match.groups() for match in EVENT.finditer(document)]
    return [(_centiseconds(each[:4]), _centiseconds(each[4:8]), str(each[8])) for each in matches]


def _centiseconds(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, rest = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 100 + rest


@settings(deadline=None)
@given(WORDS, SECONDS)
def test_repaired_times_rise_inside_the_film(given_words: tuple[Word, ...], seconds: float) -> None:
    rising = word_times.repair_times(given_words, seconds)
    for word in rising:
        assert 0 <= word.start <= word.end <= seconds
    for left, right in pairwise(rising):
        assert left.end <= right.start or left.start == right.start
        assert left.start <= right.start


@settings(deadline=None)
@given(WORDS, SECONDS, SHAPES)
def test_lines_are_in_order_and_none_overlaps(
    given_words: tuple[Word, ...], seconds: float, shape: captions.Shape
) -> None:
    lines = captions.lines(given_words, seconds, shape)
    for line in lines:
        assert 0 <= line.start < line.end <= seconds
        assert len(line.words) <= shape.words
    assert all(left.end <= right.start for left, right in pairwise(lines))


@settings(deadline=None)
@given(WORDS, SECONDS, st.sampled_from([*LOOKS]), PARTS, STYLES)
def test_a_scene_holds_only_its_own_time_and_only_our_tags(
    given_words: tuple[Word, ...], seconds: float, mode: str, part: tuple[float, float], style: CaptionStyle
) -> None:
    start, end = (share * seconds for share in part)
    legible, _ = ass.drawable(given_words)
    lines = captions.lines(legible, seconds, LOOKS[mode].shape)
    document = ass.document(lines, start=start, end=end, size=(720, 1280), mode=mode, style=style)
    drawn_lines = events(document)
    assert len(drawn_lines) == document.count("Dialogue:")
    limit = round((end - start) * 100)
    assert all(0 <= begins < ends <= limit for begins, ends, _ in drawn_lines)
    assert all(left[1] <= right[0] for left, right in pairwise(drawn_lines))
    for _, _, text in drawn_lines:
        assert not set("{}\\") & set(TAG.sub("", text).replace(r"\N", "").replace(r"\h", ""))


@settings(deadline=None)
@given(WORDS, SECONDS)
def test_subtitles_parse_back(given_words: tuple[Word, ...], seconds: float) -> None:
    for text in (subtitles.srt(given_words, seconds), subtitles.vtt(given_words, seconds)):
        blocks = [block.split("\n") for block in text.removeprefix("WEBVTT\n").strip("\n").split("\n\n") if block]
        spans: list[tuple[int, int]] = []
        for block in blocks:
            body = block[1:] if block[0].isdigit() else block
            numbers = [int(part) for part in CUE.fullmatch(body[0]).groups()]  # pyright: ignore[reportOptionalMemberAccess]
            begins, ends = ((h * 60 + m) * 60_000 + s * 1000 + ms for h, m, s, ms in (numbers[:4], numbers[4:]))
            assert begins < ends <= seconds * 1000
            assert 1 <= len(body) - 1 <= 2
            assert all(0 < len(row.replace("&amp;", "&")) <= 38 and "-->" not in row for row in body[1:])
            spans.append((begins, ends))
        assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_lines_break_at_sentences_pauses_and_length_but_not_at_a_title() -> None:
    sentences = words(
        *(("Mr.", 0, 0.3), ("Dashwood", 0.3, 0.8), ("left.", 0.8, 1.2), ("She", 1.3, 1.5), ("stayed", 1.5, 2.0)),
        *(("because", 3.0, 3.4), ("of", 3.4, 3.5), ("the", 3.5, 3.6), ("extraordinarily", 3.6, 4.5)),
    )
    texts = [line.text for line in captions.lines(sentences, 6, LOOKS["words"].shape)]
    assert texts == ["Mr. Dashwood left.", "She stayed", "because of the", "extraordinarily"]


def test_punctuation_alone_joins_its_word_and_a_number_without_times_gets_some() -> None:
    sentence = words(("In", 0.2, 0.4), ("1995", 0, 0), (",", 0, 0), ("we", 1.6, 1.8), ("met", 1.5, 1.4), (".", 0, 0))
    rising = word_times.repair_times(sentence, 3)
    assert [word.text for word in rising] == ["In", "1995,", "we", "met."]
    assert all(left.start < right.start for left, right in pairwise(rising))


def test_one_wild_time_does_not_spoil_its_neighbours() -> None:
    counting = words(("a", 50, 51), ("b", 1, 1.2), ("c", 2, 2.2), ("d", 3, 3.2))
    assert [word.start for word in word_times.repair_times(counting, 60)][1:] == [1, 2, 3]


def test_a_line_stays_long_enough_and_leaves_no_short_gap() -> None:
    lines = captions.lines(words(("Go.", 1, 1.1), ("Now.", 1.9, 2.0)), 5, LOOKS["words"].shape)
    assert [(line.start, line.end) for line in lines] == [(1, 1.9), (1.9, pytest.approx(2.6))]


def test_a_caption_across_a_cut_is_in_both_scenes() -> None:
    lines = captions.lines(words(("left", 0.5, 0.9), ("right", 0.9, 1.6)), 3, LOOKS["words"].shape)
    first = events(ass.document(lines, start=0, end=1, size=(720, 1280), mode="words"))
    second = events(ass.document(lines, start=1, end=3, size=(720, 1280), mode="words"))
    assert first[-1][1] == 100
    assert second[0][0] == 0
    assert first[-1][2] == second[0][2]


@pytest.mark.parametrize("text", ["வணக்கம்", "ሰላም"])
def test_a_script_without_a_font_is_not_burnt_in_but_is_in_the_subtitles(text: str) -> None:
    foreign = speech(3, text)
    assert ass.drawable(foreign) == ([], ass.NO_GLYPHS)
    assert text in subtitles.srt(foreign, 3)


def test_a_foreign_word_in_a_known_script_is_left_out() -> None:
    legible, message = ass.drawable(speech(3, "we went to வணக்கம் again"))
    assert [word.text for word in legible] == ["we", "went", "to", "again"]
    assert message == ass.SOME_MISSING


LANGUAGES = {
    "Noto Sans ExtraBold": "Tiếng Việt “được” Καλημέρα Ελλάς Добрый день ß Łódź 100 %",
    "Noto Sans Hebrew ExtraBold": "היום (20) שָׁלוֹם!",
    "Noto Sans Arabic ExtraBold": "مرحبا، ١٥ می‌خواهم؟",
    "Noto Sans Devanagari ExtraBold": "आज हम क्षत्रिय करेंगे।",
    "Noto Sans Thai ExtraBold": "สวัสดี ครับ",
}


SCRIPTS: list[tuple[str, str, str]] = [("look", face, text) for face, text in LANGUAGES.items()]
IN_FONTS: list[tuple[str, str, str]] = [
    (font, face.name, "Łódź “go on” Été 100 %") for font, face in FACES_BY_FONT.items()
]


@pytest.mark.parametrize(("font", "face", "text"), SCRIPTS + IN_FONTS)
def test_each_script_and_font_is_drawn_in_its_bundled_face_and_changes_the_picture(
    tmp_path: Path, font: str, face: str, text: str
) -> None:
    legible, _ = ass.drawable(speech(2, text))
    lines = captions.lines(legible, 2, LOOKS["lines"].shape)
    (tmp_path / "c.ass").write_text(
        ass.document(lines, start=0, end=2, size=(720, 1280), mode="lines", style=CaptionStyle(font=font)),
        encoding="utf-8",
    )
    (tmp_path / "fonts").symlink_to(FONTS)
    grey = ["-loglevel", "verbose", "-f", "lavfi", "-i", "color=gray:s=720x1280:r=24:d=1", "-frames:v", "2"]
    graph = "split[a][b];[a]ass=f=c.ass:fontsdir=fonts[c];[c][b]psnr"
    log = ffmpeg.run([*grey, "-filter_complex", graph, "-f", "null", "-"], cwd=tmp_path, timeout=30).log
    family, _, weight = face.rpartition(" ")
    assert re.search(rf"fontselect: \({face}, 400, 0\) -> {family.replace(' ', '')}-{weight}", log)
    assert "not found" not in log.lower()
    assert "average:inf" not in log


@pytest.mark.parametrize(("size", "mode"), [((720, 1280), "words"), ((1280, 720), "words"), ((720, 1280), "lines")])
def test_captions_stay_clear_of_the_edges(tmp_path: Path, size: tuple[int, int], mode: str) -> None:
    width, height = size
    wide_words = speech(1, "Wonderful WWWWWWWWWWWWWWWWWWWW Mammoth communication " + "M" * 10_000)
    lines = captions.lines(wide_words, 1, LOOKS[mode].shape)
    (tmp_path / "c.ass").write_text(ass.document(lines, start=0, end=1, size=size, mode=mode), encoding="utf-8")
    (tmp_path / "fonts").symlink_to(FONTS)
    white = f"color=gray:s={width}x{height}:r=8:d=1"
    picture = make(
        tmp_path / "out.mp4",
        "-f",
        "lavfi",
        "-i",
        white,
        "-vf",
        "ass=f=c.ass:fontsdir=fonts",
        "-c:v",
        "libx264",
        "-qp",
        "0",
    )
    limits = "lutyuv=y='if(between(val,100,150),16,235)',cropdetect=limit=40:round=2:reset=1:skip=0"
    log = ffmpeg.run(["-i", picture.name, "-vf", limits, "-f", "null", "-"], cwd=tmp_path, timeout=30).log
    boxes = [tuple(map(int, numbers)) for numbers in re.findall(r"x1:(\d+) x2:(\d+) y1:(\d+) y2:(\d+)", log)]
    assert boxes
    for left, right, top, bottom in boxes:
        assert left >= 0.08 * width
        assert right <= 0.92 * width
        assert top >= 0.6 * height
        assert bottom <= 0.82 * height
