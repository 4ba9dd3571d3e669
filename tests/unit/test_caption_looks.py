"""Each look of the captions: what it draws, in which colours, and that it keeps clear of edges, buttons and words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from shared.captions import areas, burnt_captions
from shared.captions.faces import FONTS as FACES_BY_FONT
from shared.captions.looks import LOOKS, VIOLET, WHITE, YELLOW
from shared.captions.names import COLORS as SPEAKER_COLORS
from shared.choices.captions import CaptionStyle
from shared.choices.words import Aspect, CaptionFont, CaptionMode, CaptionPlatform, CaptionPosition
from shared.film import ffmpeg
from shared.film.plan import Plan, Word
from tests.unit.media_fakes import SPOKEN, plan, speech

FONTS = Path(__file__).parents[2] / "functions" / "render_scene" / "fonts"
POSITIONS: tuple[CaptionPosition, ...] = get_args(CaptionPosition)
PLATFORMS: tuple[CaptionPlatform, ...] = get_args(CaptionPlatform)
SMALL: dict[Aspect, tuple[int, int]] = {"9:16": (180, 320), "16:9": (320, 180)}
GREY = (128, 128, 128)
WIDE = "Wonderful WWWWWWWWWWWWWWWWWWWW Mammoth communication " + "M" * 300
WRITTEN = (
    *(SPOKEN, "Tiếng Việt “được” Добрый день mixed", "היום (20) שָׁלוֹם! and مرحبا، ١٥", "आज हम क्षत्रिय करेंगे।"),
    *("Wonderful WWWWWWWWWWWWWWWWWWWW " + "M" * 60, "one"),
)
# What the captions of these looks were before there were others: a scene that has them is found, not rendered again.
UNCHANGED = {
    ("words", "9:16"): "65b25dccb7c9ba95",
    ("words", "16:9"): "7e7b02abd37da88c",
    ("lines", "9:16"): "18787a0dfd2621b3",
    ("lines", "16:9"): "83a48e0524e6f6c5",
}
# Of each look, the colour of what is spoken and that of the other words, as they are drawn on their own.
COLORS = {
    "words": (YELLOW, WHITE),
    "karaoke": (YELLOW, WHITE),
    "box": (VIOLET, WHITE),
    "reveal": (YELLOW, WHITE),
    "big": (WHITE, ""),
    "outline": (YELLOW, WHITE),
    "lines": ("", WHITE),
    "classic": ("", WHITE),
    "speakers": ("", WHITE),
}


def spoken_plan(text: str, look: str, aspect: Aspect = "9:16", style: CaptionStyle | None = None) -> Plan:
    """Return a plan of one scene of a second, in which the text is spoken."""
    base = plan((24,), speech(1, text), aspect=aspect)
    options = base.options.model_copy(update={"captions": look, "caption_style": style or CaptionStyle()})
    return base.model_copy(update={"options": options})


def frames(plans: Sequence[Plan], second: float = 0.5, size: tuple[int, int] | None = None) -> list[Image.Image]:
    """Return the captions of each plan, all of one format, on grey at a time, a quarter as large as in the video
    unless `size` is given.

    One run draws them all: each document's styles go by its number, and its events come in a second of their own.
    """
    heads = list[str]()
    events = list[str]()
    for number, each in enumerate(plans):
        head, _, text = burnt_captions.document(each, 0, 1)[0].partition("[Events]\n")
        heads.append(head)
        events += [_with_number(line, number) for line in text.splitlines()[1:]]
    styles = [
        _with_number(line, number)
        for number, head in enumerate(heads)
        for line in head.splitlines()
        if line.startswith("Style: ")
    ]
    head = heads[0][: heads[0].index("\nStyle: ")]
    order = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    document = "\n".join([head.rstrip(), *styles, "[Events]", order, *events])
    return _draw(document, len(plans), size or SMALL[plans[0].options.aspect_ratio], second)


def _with_number(line: str, number: int) -> str:
    line = re.sub(r"(Style: |,|\\r)(Caption|Spoken)", rf"\g<1>\g<2>{number}", line)
    return re.sub(r"\b0:00:0(\d)\.", lambda time: "0:{:02d}:{:02d}.".format(*divmod(number + int(time[1]), 60)), line)


def _draw(document: str, count: int, size: tuple[int, int], second: float) -> list[Image.Image]:
    width, height = size
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "c.ass").write_text(document, encoding="utf-8")
        (folder / "fonts").symlink_to(FONTS)
        grey = f"color=gray:s={width}x{height}:r=1:d={count},format=rgb24,settb=1/100,setpts=PTS+{second}/TB"
        args = [
            "-f",
            "lavfi",
            "-i",
            f"{grey},ass=f=c.ass:fontsdir=fonts",
            "-f",
            "rawvideo",
            "-fps_mode",
            "passthrough",
            "-pix_fmt",
            "rgb24",
            "out.raw",
        ]
        ffmpeg.run(args, cwd=folder, timeout=60)
        raw = (folder / "out.raw").read_bytes()
    step = width * height * 3
    assert len(raw) == count * step
    return [Image.frombytes("RGB", size, raw[at : at + step]) for at in range(0, len(raw), step)]


def box(image: Image.Image) -> tuple[int, int, int, int]:
    """Return what is drawn as (left, top, right, bottom)."""
    difference = ImageChops.difference(image, Image.new("RGB", image.size, GREY)).convert("L")
    area = difference.point([0] * 40 + [255] * 216).getbbox()
    assert area
    return area


def count(image: Image.Image, color: str) -> int:
    """Return how many pixels nearly have the colour."""
    channels = ImageChops.difference(image, Image.new("RGB", image.size, color)).split()
    farthest = ImageChops.lighter(ImageChops.lighter(*channels[:2]), channels[2])
    return sum(farthest.histogram()[:50])


def test_the_table_has_every_look_and_no_other() -> None:
    assert {*LOOKS, "none"} == set(get_args(CaptionMode))
    assert COLORS.keys() == LOOKS.keys()
    assert len(LOOKS) >= 8


@pytest.mark.parametrize(("look", "aspect"), [(look, aspect) for look in ("words", "lines") for aspect in SMALL])
def test_videos_of_the_first_looks_are_not_rendered_again(look: Literal["words", "lines"], aspect: Aspect) -> None:
    """The digest of a scene holds its document, which is byte for byte what it was."""
    documents = list[tuple[str, str]]()
    for text in WRITTEN:
        for resolution in ("720p", "1080p"):
            film = plan((29, 53, 120), speech(4.5, text), captions=look, aspect=aspect, resolution=resolution)
            documents += [burnt_captions.document(film, first / 24, last / 24) for first, last in ((0, 29), (29, 120))]
    assert hashlib.sha256(json.dumps(documents).encode()).hexdigest()[:16] == UNCHANGED[look, aspect]
    assert CaptionStyle() == CaptionStyle.model_validate({})


def test_each_look_draws_its_colours_where_captions_stand() -> None:
    images = frames([spoken_plan("we go on", look) for look in LOOKS])
    for look, image in zip(LOOKS, images, strict=True):
        accent, text = COLORS[look]
        _, top, _, bottom = box(image)
        assert 0.65 * 320 <= top < bottom <= 0.82 * 320, look
        for color in {YELLOW, VIOLET, WHITE}:
            assert (count(image, color) > 25) == (color in (accent, text)), (look, color)


def test_what_is_spoken_is_lit_in_its_time() -> None:
    """First the first half of the line has the colour, then the second one has it, or both have."""
    looks = [look for look, (accent, text) in COLORS.items() if accent and text]
    plans = [spoken_plan("going going", look) for look in looks]
    early, late = (frames(plans, second) for second in (0.4, 0.93))
    for look, first, last in zip(looks, early, late, strict=True):
        halves = ((0, 0, 90, 320), (90, 0, 180, 320))
        accent = COLORS[look][0]
        counts = [[count(image.crop(half), accent) for half in halves] for image in (first, last)]
        assert counts[0][0] > 40, (look, counts)
        assert counts[0][1] < 10, (look, counts)
        assert counts[1][1] > 40, (look, counts)
        assert (counts[1][0] > 40) == (look == "karaoke"), (look, counts)


def test_words_that_are_revealed_are_not_there_before_and_letters_of_outlines_are_hollow() -> None:
    reveal, line = frames([spoken_plan("going going", look) for look in ("reveal", "words")], 0.3)
    assert box(reveal)[2] < 95 < box(line)[2]
    outlines = [frames([spoken_plan("going going", "outline")], second, (720, 1280))[0] for second in (0.3, 0.8)]
    hollow, full = (image.crop((370, 0, 720, 1280)) for image in outlines)
    assert count(full, WHITE) + count(full, YELLOW) > 1.5 * count(hollow, WHITE)
    assert count(full, YELLOW) > 500
    assert count(hollow, YELLOW) < 40


def test_one_large_word_bursts_in_and_stands_alone() -> None:
    film = [spoken_plan("going going", "big")]
    small, large = (box(*frames(film, second)) for second in (0.0, 0.3))
    assert small[2] - small[0] < 0.85 * (large[2] - large[0])
    words = box(*frames([spoken_plan("going going", "words")], 0.3))
    assert large[3] - large[1] > 1.5 * (words[3] - words[1])


def test_colours_of_ones_own_are_draw() -> None:
    style = CaptionStyle(color="#00FF40", highlight="#FF0060")
    images = frames([spoken_plan("going going", look, style=style) for look in LOOKS])
    for look, image in zip(LOOKS, images, strict=True):
        assert (count(image, "#00FF40") > 25) == (look != "big"), look
        assert (count(image, "#FF0060") > 25) == (look not in {"lines", "classic", "speakers"}), look


def in_voice(words: Sequence[Word], number: int) -> tuple[Word, ...]:
    return tuple(word.model_copy(update={"speaker": f"spk_{number}"}) for word in words)


def test_each_speaker_has_a_colour_and_the_name_before_the_first_words() -> None:
    film = spoken_plan("going going", "speakers")
    plans = [
        film.model_copy(update={"words": in_voice(film.words, number), "speakers": names})
        for names in ({}, {"spk_1": "Bartholomew"})
        for number in range(len(SPEAKER_COLORS))
    ]
    images = frames(plans)
    for number, (image, with_name) in enumerate(zip(images[:10], images[10:], strict=True)):
        counts = [count(image, color) for color in SPEAKER_COLORS]
        assert max(range(10), key=lambda at: counts[at]) == number, counts
        assert counts[number] > 40
        is_wider = count(with_name, SPEAKER_COLORS[number]) > 1.3 * counts[number]
        assert is_wider == (number == 1)


def test_sizes_differ() -> None:
    for look in LOOKS:
        images = frames(
            [spoken_plan("go", look, style=CaptionStyle(size=size)) for size in ("small", "medium", "large")]
        )
        heights = [bottom - top for _, top, _, bottom in map(box, images)]
        assert heights[0] < heights[1] < heights[2], look


@pytest.mark.parametrize("aspect", SMALL)
def test_captions_keep_clear_of_edges_and_of_what_apps_draw(aspect: Aspect) -> None:
    width, height = SMALL[aspect]
    rows: list[tuple[str, CaptionPosition, CaptionPlatform]] = [
        (look, position, app) for look in LOOKS for position in POSITIONS for app in PLATFORMS
    ]
    plans = [
        spoken_plan(WIDE, look, aspect, CaptionStyle(position=position, platform=app, size="large"))
        for look, position, app in rows
    ]
    for row, image in zip(rows, frames(plans, 0.1), strict=True):
        cover = areas.cover_of(SMALL[aspect], row[2])
        left, top, right, bottom = box(image)
        assert left >= max(0.08, cover.left) * width - 1, row
        assert right <= min(0.92, 1 - cover.right) * width + 1, row
        assert top >= max(0.08, cover.top) * height - 1, row
        assert bottom <= min(0.92, 1 - cover.bottom) * height + 1, row


@pytest.mark.parametrize("aspect", SMALL)
def test_positions_follow_each_other_down_the_picture(aspect: Aspect) -> None:
    rows: list[tuple[CaptionPlatform, CaptionPosition]] = [
        (app, position) for app in PLATFORMS for position in POSITIONS
    ]
    plans = [spoken_plan("go", "words", aspect, CaptionStyle(position=p, platform=app)) for app, p in rows]
    tops = [box(image)[1] for image in frames(plans)]
    for at in range(0, len(tops), 3):
        assert tops[at] < tops[at + 1] < tops[at + 2]


def test_a_lying_picture_has_bars_where_an_app_draws_its_lines() -> None:
    upright, lying = (areas.cover_of(size, "reels") for size in ((720, 1280), (1280, 720)))
    assert (upright.top, upright.bottom) == (269 / 1920, 672 / 1920)
    assert lying.top == 0
    assert 0 < lying.bottom < 0.05
    assert lying.right == upright.right


@pytest.mark.parametrize(
    ("text", "face"),
    [
        ("היום שָׁלוֹם!", "Noto Sans Hebrew ExtraBold"),
        ("مرحبا ١٥", "Noto Sans Arabic ExtraBold"),
        ("आज हम करेंगे।", "Noto Sans Devanagari ExtraBold"),
        ("สวัสดี ครับ", "Noto Sans Thai ExtraBold"),
        ("Добрый день", "Noto Sans ExtraBold"),
    ],
)
def test_every_look_draws_other_scripts_by_their_faces(text: str, face: str) -> None:
    plans = [spoken_plan(text, look) for look in LOOKS]
    for look, image in zip(LOOKS, frames(plans, 0.1), strict=True):
        assert box(image)[3] < 0.9 * 320, look
    for each in plans:
        document = burnt_captions.document(each, 0, 1)[0]
        faces = {*re.findall(r"\\fn([^\\}]+)", document), *re.findall(r"^Style: \w+,([^,]+)", document, re.MULTILINE)}
        assert faces & {"Anton Regular", "Noto Sans ExtraBold"}
        assert face in faces


def test_each_font_is_another_drawing_and_keeps_clear_of_the_edges() -> None:
    """In every look: no two fonts draw the same pixels, and however wide the words are, their rows end in time."""
    assert {"look", *FACES_BY_FONT} == set(get_args(CaptionFont))
    for text in ("go on", WIDE, "Съешь ЖШЩ"):
        plans = [spoken_plan(text, look, style=CaptionStyle(font=font)) for look in LOOKS for font in FACES_BY_FONT]
        images = frames(plans, 0.1)
        for image in images:
            left, _, right, _ = box(image)
            assert 0.08 * 180 - 1 <= left < right <= 0.92 * 180 + 1
        if text == "go on":
            for at in range(0, len(images), len(FACES_BY_FONT)):
                assert len({image.tobytes() for image in images[at : at + len(FACES_BY_FONT)]}) == len(FACES_BY_FONT)


@pytest.mark.parametrize("font", FACES_BY_FONT)
def test_a_font_is_the_bundled_file_and_has_every_letter_that_it_is_asked_for(font: CaptionFont) -> None:
    face = FACES_BY_FONT[font]
    files = [ImageFont.truetype(str(path), 100) for path in FONTS.glob("*.ttf")]
    [file] = [
        file
        for file in files
        if f"{file.getname()[0]} {file.getname()[1]}".replace(" Regular", "") == face.name.replace(" Regular", "")
    ]
    signs = [chr(code) for first, last in face.ranges for code in range(first, last + 1)]
    missing_glyph = picture_of(file, "\uffff")
    assert not {sign for sign in signs if sign.isalnum() and picture_of(file, sign) == missing_glyph}


def picture_of(font: ImageFont.FreeTypeFont, sign: str) -> bytes:
    picture = Image.new("L", (200, 200))
    ImageDraw.Draw(picture).text((50, 50), sign, fill=255, font=font)
    return picture.tobytes()
