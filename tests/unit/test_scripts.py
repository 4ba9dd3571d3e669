"""Captions in every script, by the pixels that the renderer draws: whole, shaped, in reading order, none a box."""

from __future__ import annotations

import struct
import unicodedata
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image, ImageChops

from functions.render_scene import typefaces
from shared.captions import ass, burnt_captions, phrases
from shared.captions.face import Face
from shared.captions.faces import ANTON, FACES
from shared.captions.looks import LOOKS
from shared.captions.wide_faces import CJK_FACES, EMOJI, JAPANESE
from shared.film import captions, ffmpeg
from shared.film.plan import Plan, Word
from tests.unit.media_fakes import plan, speech

SIZE = (720, 1280)
GREY = (128, 128, 128)
YELLOW = (255, 230, 0)
# What is written without spaces, what budoux makes of it is asked of it, and no line of a caption ends elsewhere.
WRITTEN = {
    "ja-JP": "今日はとても良い天気なので公園で散歩してからコーヒーを飲みに行きました。",
    "zh-CN": "今天天气很好，我们一起去公园散步，然后在咖啡馆喝一杯热咖啡。",
    "zh-TW": "今天天氣很好，我們一起去公園散步，然後在咖啡館喝一杯熱咖啡。",
    "th-TH": "วันนี้อากาศดีมากเราจึงไปเดินเล่นในสวนสาธารณะแล้วไปดื่มกาแฟด้วยกัน",
}
SPACED = {
    "ko-KR": "오늘은 날씨가 아주 좋아서 공원에 갔습니다",
    "ar-SA": "ذهبنا إلى الحديقة معا",
    "he-IL": "הלכנו לפארק ביחד",
    "hi-IN": "आज हम क्षत्रिय करेंगे।",
    "en-US": "we danced 🎉 all night 👍🏽 🇩🇪 👩‍👩‍👧",
}


def plan_in(language: str, text: str, look: str = "lines") -> Plan:
    base = plan((48,), speech(2, text))
    options = base.options.model_copy(update={"captions": look})
    return base.model_copy(update={"options": options, "language_code": language})


def draw(documents: list[str]) -> list[Image.Image]:
    """Return what the renderer draws of each document at once, on grey."""
    with TemporaryDirectory() as name:
        work = Path(name)
        variables = typefaces.lay_out(work, "fonts")
        inputs = list[str]()
        graphs = list[str]()
        for at, text in enumerate(documents):
            (work / f"{at}.ass").write_text(text, encoding="utf-8")
            inputs += ["-f", "lavfi", "-i", f"color=gray:s={SIZE[0]}x{SIZE[1]}:r=1:d=1,format=rgb24"]
            graphs.append(f"[{at}]ass=f={at}.ass:fontsdir=fonts[o{at}]")
        args = [*inputs, "-filter_complex", ";".join(graphs)]
        for at in range(len(documents)):
            args += ["-map", f"[o{at}]", "-frames:v", "1", "-update", "1", f"{at}.png"]
        log = ffmpeg.run(args, cwd=work, timeout=60, variables=variables).log
        assert "failed to find any fallback" not in log
        return [Image.open(work / f"{at}.png").convert("RGB") for at in range(len(documents))]


def line(text: str, face: Face, start: str = "") -> str:
    """Return a document that draws a text in a face alone, with whatever tags."""
    head = ass.document((), start=0, end=1, size=SIZE, mode="lines")
    return f"{head}Dialogue: 0,0:00:00.00,0:00:05.00,Caption,,0,0,0,,{{\\fn{face.name}\\fs80{start}}}{text}\n"


def codes_of(font: Path) -> set[int]:
    """Return the code points that a font's `cmap` of format 4 or 12 maps to a glyph."""
    data = font.read_bytes()
    tables = (struct.unpack_from(">4sIII", data, 12 + 16 * at) for at in range(struct.unpack_from(">H", data, 4)[0]))
    base = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    count = struct.unpack_from(">H", data, base + 2)[0]
    offsets = {base + struct.unpack_from(">HHI", data, base + 4 + 8 * at)[2] for at in range(count)}
    return set[int]().union(*(_codes_at(data, at) for at in offsets))


def _codes_at(data: bytes, at: int) -> set[int]:
    """Return what a subtable maps; one of another format maps nothing that those of 4 and 12 do not."""
    kind = struct.unpack_from(">H", data, at)[0]
    if kind == 12:
        count = struct.unpack_from(">I", data, at + 12)[0]
        groups = [struct.unpack_from(">II", data, at + 16 + 12 * n) for n in range(count)]
        return {code for first, last in groups for code in range(first, last + 1)}
    if kind != 4:
        return set()
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + 14 + n * 2 * count + 2 * (n > 0)) for n in range(4)
    )
    codes = set[int]()
    for n, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        place = at + 16 + 6 * count + 2 * n + offset
        for code in range(first, min(last, 0xFFFE) + 1):
            start = place + 2 * (code - first)
            glyph = struct.unpack_from(">H", data, start)[0] if offset else (code + delta) % 0x10000
            codes |= {code} if glyph else set()
    return codes


def box(image: Image.Image) -> tuple[int, int, int, int] | None:
    difference = ImageChops.difference(image, Image.new("RGB", image.size, GREY)).convert("L")
    return difference.point([0] * 40 + [255] * 216).getbbox()


def width(image: Image.Image) -> int:
    area = box(image)
    assert area
    return area[2] - area[0]


def gaps(image: Image.Image) -> int:
    """Return how many columns between the first and the last letter have none of their white."""
    light = image.convert("L").point([0] * 230 + [255] * 26)
    letters = light.crop(light.getbbox())
    return sum(not letters.crop((at, 0, at + 1, letters.height)).getbbox() for at in range(letters.width))


def ink(image: Image.Image) -> bytes:
    area = box(image)
    return image.crop(area).tobytes() if area else b""


def centre(image: Image.Image, color: tuple[int, int, int]) -> float:
    """Return where the pixels of a colour are in the mean, from the left."""
    far = ImageChops.difference(image, Image.new("RGB", image.size, color)).convert("L").point([255] * 40 + [0] * 216)
    columns = far.resize((image.width, 1), Image.Resampling.BOX).tobytes()
    return sum(at * weight for at, weight in enumerate(columns)) / sum(columns)


@pytest.mark.parametrize("face", [*FACES, ANTON], ids=lambda face: face.name)
def test_each_face_has_a_glyph_for_what_it_is_said_to_cover(face: Face) -> None:
    """Of the three that share the ideographs one has it: fontconfig looks in all."""
    family = CJK_FACES if face in CJK_FACES else (face,)
    files = [
        path for each in family for path in (typefaces.BASE / each.file, typefaces.CJK / each.file) if path.exists()
    ]
    cmaps = set[int]().union(*map(codes_of, files))
    codes = {code for first, last in face.ranges for code in range(first, last + 1)}
    assert {hex(code) for code in codes - cmaps if unicodedata.category(chr(code)) not in {"Cn", "Co"}} == set()


@pytest.mark.parametrize("look", LOOKS)
def test_no_sign_of_any_script_is_a_box(look: str) -> None:
    texts = WRITTEN | SPACED
    plans = [plan_in(language, text, look) for language, text in texts.items()]
    documents_and_notes = [burnt_captions.document(each, 0, 2) for each in plans]
    assert [note for _, note in documents_and_notes] == [""] * len(plans)
    assert all(map(box, draw([text for text, _ in documents_and_notes])))


def test_signs_differ_from_each_other_and_from_the_box_of_a_missing_one() -> None:
    texts = ("안녕하", "さくら", "你好们", "🎉🐈🚀", "مرح", "שלו", "आहम", "สวด")
    rows = dict(zip((*CJK_FACES, EMOJI, *FACES[:4]), texts, strict=True))
    for face, signs in rows.items():
        letters = [ink(image) for image in draw([line(sign, face) for sign in (*signs, "\U000e0fff")])]
        assert len({*letters}) == len(letters), face.name


def test_a_sign_that_the_languages_font_lacks_comes_from_another() -> None:
    """Simplified characters are not Japanese ones: a font by itself would draw a box, and the same one for both."""
    first, second = draw([line("们", JAPANESE), line("这", JAPANESE)])
    assert ink(first) != ink(second)


def test_ideographs_have_the_shapes_of_the_language() -> None:
    japanese, chinese = draw([burnt_captions.document(plan_in(each, "直骨"), 0, 2)[0] for each in ("ja-JP", "zh-CN")])
    assert ink(japanese) != ink(chinese)


@pytest.mark.parametrize(("text", "is_leftward"), [("אחת שתיים", True), ("واحد اثنان", True), ("one two", False)])
def test_lines_are_read_from_their_side(text: str, is_leftward: bool) -> None:
    """The first word is spoken, and lit: it is to the right where reading begins there."""
    (image,) = draw([burnt_captions.document(plan_in("he-IL", text, "words"), 0, 2)[0]])
    assert (centre(image, YELLOW) > centre(image, (255, 255, 255))) == is_leftward


@pytest.mark.parametrize(
    ("face", "text", "parts"),
    [
        (FACES[0], "محمد", "م\u200cح\u200cم\u200cد"),
        (FACES[2], "क्ष", "क\u094d\u200cष"),
        (FACES[2], "कि", "क ि"),
        (FACES[3], "กำ", "ก ำ"),
        # Signs without a script take that of what is before them; by themselves they have none, and libass joins none.
        (EMOJI, "go \U0001f469\u200d\U0001f469\u200d\U0001f467", "go \U0001f469\U0001f469\U0001f467"),
        (EMOJI, "\U0001f1e9\U0001f1ea", "\U0001f1e9 \U0001f1ea"),
    ],
)
def test_letters_join_as_the_script_wants(face: Face, text: str, parts: str) -> None:
    image, other = draw([line(text, face), line(parts, face)])
    assert width(image) < width(other) or gaps(image) < gaps(other)


@pytest.mark.parametrize("language", WRITTEN)
def test_lines_without_spaces_break_between_phrases_and_stay_in_the_frame(language: str) -> None:
    """However a recogniser cut it: into signs, or not at all."""
    text = WRITTEN[language]
    pieces = phrases.in_phrases(speech(9, text), language)
    assert 4 < len(pieces) < len(text)
    assert "".join(word.text for word in pieces) == text
    by_sign = phrases.in_phrases(speech(9, " ".join(text)), language)
    assert [word.text for word in by_sign] == [word.text for word in pieces]
    for left, right in pairwise(pieces):
        assert left.start < left.end <= right.start + 1e-6
    images = draw([burnt_captions.document(plan_in(language, text, look), 0, 2)[0] for look in LOOKS])
    for look, image in zip(LOOKS, images, strict=True):
        area = box(image)
        assert area
        assert 0.08 * 720 <= area[0] < area[2] <= 0.92 * 720, look


def test_other_languages_keep_their_words() -> None:
    words = speech(2, "We met 東京 there")
    assert phrases.in_phrases(words, "en-US") == words


def test_a_phrase_never_crosses_a_pause_or_a_sentence() -> None:
    words = [
        Word(text="今日", start=0, end=0.5),
        Word(text="は", start=3, end=3.2, ends_sentence=True),
        Word(text="良い", start=3.2, end=3.6),
    ]
    assert [word.text for word in phrases.in_phrases(words, "ja")] == ["今日", "は", "良い"]


def test_wide_signs_count_twice_in_a_row() -> None:
    lines = captions.lines(phrases.in_phrases(speech(20, WRITTEN["ja-JP"]), "ja"), 20, LOOKS["lines"].shape)
    assert max(len(each.text) for each in lines) <= 19


def test_an_installation_without_the_large_fonts_says_which_wheel_has_them() -> None:
    small = [face for face in FACES if face not in CJK_FACES]
    document, note = burnt_captions.document(plan_in("ja-JP", WRITTEN["ja-JP"]), 0, 2, small)
    assert (document, note) == ("", ass.NOT_INSTALLED)
    text, note = burnt_captions.document(plan_in("en-US", "we went to 東京 again"), 0, 2, small)
    assert note == ass.SOME_MISSING
    assert "東" not in text
    assert {*FACES, ANTON} == typefaces.at_hand()
