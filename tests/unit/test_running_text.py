"""Words become text as their script is written, wherever they are joined."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plan import core, record_attributes
from functions.plan.transcript import read
from local.emulators.transcribe.transcript import result
from shared.captions import ass
from shared.captions.looks import LOOKS
from shared.contracts import Options
from shared.film import captions, subtitles
from shared.film.plan import Word
from shared.film.running_text import join_texts
from tests.unit.plan_calls import request
from tests.unit.plan_examples import document, reply, scene, word

ROOT = Path(__file__).parents[2]
WRITTEN: dict[str, tuple[list[str], str]] = {
    "English": (["It", "was", "so."], "It was so."),
    "Chinese": (["今天", "天气", "很", "好，", "我们", "走吧。"], "今天天气很好，我们走吧。"),
    "a rare character": (["\U00020bb7", "野家"], "\U00020bb7野家"),
    "Japanese": (["コーヒー", "を", "飲みます。", "「はい」", "と", "言う"], "コーヒーを飲みます。「はい」と言う"),
    "half-width kana": (["ｶﾒﾗ", "です"], "ｶﾒﾗです"),
    "a number": (["2026", "年", "5", "月"], "2026年5月"),
    "Latin within Japanese": (["私", "は", "Python", "が", "好き"], "私は Python が好き"),
    "Thai": (["ผม", "ชื่อ", "ก้อง"], "ผมชื่อก้อง"),
    "Thai with a number": (["มี", "5", "คน"], "มี 5 คน"),
    "Lao": (["ສະ", "ບາຍ", "ດີ"], "ສະບາຍດີ"),
    "Khmer": (["សួ", "ស្តី"], "សួស្តី"),
    "Myanmar": (["မင်္ဂ", "လာပါ"], "မင်္ဂလာပါ"),
    "Tibetan": (["བཀྲ་", "ཤིས་"], "བཀྲ་ཤིས་"),
    "Korean": (["안녕하세요.", "저는", "학생입니다."], "안녕하세요. 저는 학생입니다."),
    "Arabic": (["مرحبا", "يا", "أحمد"], "مرحبا يا أحمد"),
    "a mark upon a sign": (["か\u3099", "く"], "か\u3099く"),
    "nothing": ([], ""),
    "an empty word": (["", "a", "", "b", ""], "a b"),
}
without_spaces = pytest.mark.parametrize(("words", "text"), [WRITTEN[name] for name in ("Chinese", "Thai", "Japanese")])


@pytest.mark.parametrize(("words", "text"), WRITTEN.values(), ids=list(WRITTEN))
def test_words_are_joined_as_their_script_is_written(words: list[str], text: str) -> None:
    assert join_texts(words) == text


@given(st.lists(st.text()))
def test_joining_loses_and_adds_nothing_but_spaces(words: list[str]) -> None:
    assert join_texts(words).replace(" ", "") == "".join(words).replace(" ", "")


@without_spaces
def test_the_plan_and_what_is_kept_of_it_have_no_spaces_within_a_sentence(words: list[str], text: str) -> None:
    items = [word(token, str(n * 0.5), str(n * 0.5 + 0.4)) for n, token in enumerate(words)]
    transcript = read(document(*items, language_code="xx-XX"), 6.0)
    order = request(6.0, Options(target_duration=10))
    brief = core.brief(transcript, order, "veo-3.1-fast-generate-001")
    film_plan = core.plan(order, brief, reply(scene(0, len(brief.phrases) - 1)))
    transcription = record_attributes.transcription(transcript, film_plan)
    assert transcript.text() == transcription.full_text == text
    assert join_texts(phrase.text for phrase in brief.phrases) == text
    assert join_texts(planned_scene.audio_text for planned_scene in film_plan.scenes) == text
    assert join_texts(segment.text for segment in transcription.segments) == text


@without_spaces
def test_captions_have_no_spaces_within_a_row(words: list[str], text: str) -> None:
    film_words = [Word(text=token, start=n * 0.5, end=n * 0.5 + 0.4) for n, token in enumerate(words)]
    for subtitle_text in (subtitles.srt(film_words, 6), subtitles.vtt(film_words, 6)):
        assert " " not in "".join(row for row in subtitle_text.split("\n") if "-->" not in row).replace("WEBVTT", "")
    lines = captions.lines(film_words, 6, LOOKS["lines"].shape)
    ass_document = ass.document(lines, start=0, end=6, size=(720, 1280), mode="lines")
    events = [row.split(",,0,0,0,,")[1] for row in ass_document.splitlines() if row.startswith("Dialogue")]
    assert events
    assert not [event for event in events if " " in re.sub(r"\{[^}]*\}", "", event)]


def test_the_stand_in_for_transcribe_writes_chinese_as_amazon_does() -> None:
    signs = [{"text": sign, "start": n, "end": n + 1, "probability": 0.9} for n, sign in enumerate("你好。世界")]
    results = result("job", "1", "zh-CN", [{"words": signs}, {"words": signs}], None)["results"]
    assert [item["alternatives"][0]["content"] for item in results["items"]] == list("你好。世界" * 2)
    assert results["transcripts"][0]["transcript"] == "你好。世界你好。世界"


def test_no_other_place_joins_words() -> None:
    """Whoever joins a `text` of its own with a space forgets the scripts that write none."""
    places = [path for folder in ("functions", "shared", "local/emulators") for path in (ROOT / folder).rglob("*.py")]
    wrong = [f"{path.relative_to(ROOT)}:{call.lineno}" for path in places for call in _joins_of_texts(path)]
    assert not wrong


def _joins_of_texts(path: Path) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [call for call in calls if _joins_with_a_space(call) and ".text" in ast.unparse(call.args[0])]


def _joins_with_a_space(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "join"
        and isinstance(call.func.value, ast.Constant)
        and call.func.value.value == " "
    )
