"""A font of a user's own: uploaded, checked, chosen, and drawn letter by letter; what may harm is refused."""

from __future__ import annotations

import io
import random
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.pens.ttGlyphPen import TTGlyphPen  # pyright: ignore[reportMissingTypeStubs]
from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image, ImageChops

from functions.check_image.check import examine_font
from functions.render_scene import typefaces
from functions.render_scene.handler import Deps, run
from shared import media_keys
from shared.brand import own_keys
from shared.captions import burnt_captions
from shared.captions.own_face import FACE, own_name
from shared.choices.captions import CaptionStyle
from shared.contracts import RenderSceneIn
from shared.errors import UnsupportedMedia
from shared.film.plan import Plan
from shared.video.own_font import OwnFonts
from tests.unit.api_calls import Api
from tests.unit.font_files import font, map_of, with_all_tables_in_one_place, with_table
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, make, plan, speech
from tests.unit.own_files import FONTS, check, keys
from tests.unit.picture_files import photo
from tests.unit.test_render_own_picture import frames_of

FONT_ID = "0123456789abcdef0123"
# A bundled font stands for a customer's: what it draws under its own name is what it must draw under ours.
BANGERS = (typefaces.BASE / "Bangers-Regular.ttf").read_bytes()
UNKNOWN = "f" * 20


def refusal(content: bytes, folder: Path) -> str:
    """Return the sentence that the font is refused with."""
    (folder / "upload").write_bytes(content)
    with pytest.raises(UnsupportedMedia) as error:
        examine_font(folder / "upload", folder, FONT_ID)
    return str(error.value)


def test_a_font_is_checked_listed_apart_from_pictures_and_deleted(call: Api) -> None:
    font_id = FONTS.upload(call, font())
    assert FONTS.show(call, font_id)["status"] == "checking"
    assert check(call) == "ready"
    shown_font = FONTS.show(call, font_id)
    assert (shown_font["status"], shown_font["family"], shown_font["reason"]) == ("ready", "Acme Blocks", "")
    assert [each["fontId"] for each in call("GET", "/fonts").body["fonts"]] == [font_id]
    assert call("GET", "/images").body["images"] == []
    assert call("GET", f"/fonts/{font_id}", user="user2").status == 404
    assert call("DELETE", f"/fonts/{font_id}", user="user2").status == 404
    assert call("DELETE", f"/fonts/{font_id}").body["font"]["status"] == "deleted"
    assert keys() == []
    assert call("DELETE", f"/fonts/{font_id}").status == 404


def test_what_is_no_font_is_refused_and_leaves_nothing(call: Api) -> None:
    font_id = FONTS.upload(call, photo())
    FONTS.show(call, font_id)
    assert check(call) == "refused"
    assert FONTS.show(call, font_id)["reason"] == "The file is no TTF or OTF font."
    assert keys() == [own_keys.image_record(own_keys.font_shelf("user1"), font_id)]


@pytest.mark.parametrize(("changes", "status"), [({"contentType": "image/png"}, 415), ({"fileSize": 10**9}, 413)])
def test_a_form_is_for_fonts_only(call: Api, changes: dict[str, object], status: int) -> None:
    assert call("POST", "/fonts", {**FONTS.body, **changes}).status == status


def test_a_preset_brings_its_font_and_deleting_the_font_breaks_nothing(call: Api) -> None:
    wish = {"captionStyle": {"font": UNKNOWN}}
    assert call("PUT", "/presets/acme", wish).body["error"] == "FontNotFound"
    answer = call("POST", "/ai-video", {"videoId": call.upload(), **wish})
    assert (answer.status, answer.body["error"]) == (404, "FontNotFound")
    font_id = FONTS.ready(call, font())
    assert call("PUT", "/presets/acme", {"captionStyle": {"font": font_id}}).status == 200
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id, "preset": "acme"}).status == 202
    request = call.machine.started[-1][0]
    assert request.options.caption_style.font == font_id
    call("DELETE", f"/fonts/{font_id}")
    ids = video_id, request.generation_id
    assert call.services.bucket.read_bytes(media_keys.own_font(*ids, font_id)).startswith(b"\x00\x01\x00\x00")
    assert OwnFonts(call.services.bucket, *ids).holds(font_id)
    assert call("POST", "/ai-video", {"videoId": call.upload(), "preset": "acme"}).status == 404


@pytest.mark.parametrize("wrong", ["gothic", "f" * 19, 7])
def test_a_font_is_a_name_or_an_id(call: Api, wrong: object) -> None:
    answer = call("POST", "/ai-video", {"videoId": call.upload(), "captionStyle": {"font": wrong}})
    assert answer.status == 400
    assert "or the id of a font of your own" in answer.body["message"]


def _swell(builder: Any) -> None:
    """Let four letters each be made of nine of the one before."""
    for code in range(ord("b"), ord("f")):
        pen = TTGlyphPen({f"u{code - 1}": None})
        for _ in range(9):
            pen.addComponent(f"u{code - 1}", (1, 0, 0, 1, 0, 0))
        builder.font["glyf"][f"u{code}"] = pen.glyph()


def _made_of_itself() -> bytes:
    """Return a font whose b, made of a, is made of itself."""

    def change(builder: Any) -> None:
        pen = TTGlyphPen({"u97": None})
        pen.addComponent("u97", (1, 0, 0, 1, 0, 0))
        builder.font["glyf"]["u98"] = pen.glyph()

    content = font(change)
    with TTFont(io.BytesIO(content)) as font_file:
        number = font_file.getGlyphID("u97")
    # A part is flags and the number of its glyph; the flags are those that the builder has written.
    return with_table(content, b"glyf", lambda table: _with_part(table, number, number + 1))


def _with_part(table: bytes, number: int, other: int) -> bytes:
    """Return the glyphs with another number in the part of the one that is made of a part."""
    place = table.index(struct.pack(">h", -1))
    part = place + 10 + 2
    assert struct.unpack_from(">H", table, part) == (number,)
    return table[:part] + struct.pack(">H", other) + table[part + 2 :]


def _name_count(table: bytes) -> bytes:
    return table[:2] + struct.pack(">H", 65535) + table[4:]


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "The file is empty."),
    "a picture": (photo(), "The file is no TTF or OTF font."),
    "a font of web pages": (b"wOF2" + font()[4:], "The font is packed for web pages; upload it as a TTF or OTF file."),
    "a collection": (b"ttcf" + font()[4:], "The file holds several fonts; upload one of them as a TTF or OTF file."),
    "four bytes": (font()[:4], "The font is damaged, or its end is missing."),
    "half of it": (font()[: len(font()) // 2], "The font is damaged, or its end is missing."),
    "tables that are all of the file": (
        with_all_tables_in_one_place(font()),
        "The font is damaged, or its end is missing.",
    ),
    "a licence against it": (
        font(lambda builder: builder.setupOS2(fsType=2, usWinAscent=800, usWinDescent=200)),
        "The font's licence does not let it be embedded; choose one that may be.",
    ),
    "a licence for bitmaps": (
        font(lambda builder: builder.setupOS2(fsType=0x200, usWinAscent=800, usWinDescent=200)),
        "The font's licence does not let it be embedded; choose one that may be.",
    ),
    "no q": (
        font(letters="".join(sign for sign in "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .")),
        "The font has no q; captions need all of A to Z, a to z and 0 to 9.",
    ),
    "four thousand million signs": (
        with_table(font(), b"cmap", lambda _: map_of(0, 0xFFFFFFFF)),
        "The font says that it has more signs than there are.",
    ),
    "a map of nothing": (
        with_table(font(), b"cmap", lambda _: map_of(5, 4)),
        "The font has no a; captions need all of A to Z, a to z and 0 to 9.",
    ),
    "65535 names": (with_table(font(), b"name", _name_count), "The font is damaged, or its end is missing."),
    "a letter made of itself": (_made_of_itself(), "The font's letters are made of too many parts."),
    "letters made of letters": (font(_swell), "The font's letters are made of too many parts."),
    "letters of nothing": (font(block=0), "The font's letters have no outlines that can be drawn."),
    "letters thirty em wide": (font(block=30_000), "The font's letters have no outlines that can be drawn."),
    "lines of no height": (
        font(lambda builder: builder.setupOS2(usWinAscent=0, usWinDescent=0)),
        "The font's measures are wrong.",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_hostile_is_refused_with_its_sentence(case: str, tmp_path: Path) -> None:
    content, sentence = HOSTILE[case]
    assert refusal(content, tmp_path) == sentence


def test_a_font_of_random_damage_is_refused_or_drawn_and_nothing_else(tmp_path: Path) -> None:
    whole = font()
    for seed in range(30):
        rng = random.Random(seed)
        content = bytearray(whole)
        for _ in range(6):
            content[rng.randrange(len(content))] = rng.randrange(256)
        (tmp_path / "upload").write_bytes(content)
        # Whatever else it raised would fail the test.
        with suppress(UnsupportedMedia):
            assert examine_font(tmp_path / "upload", tmp_path, FONT_ID).facts["file"] == "font.ttf"


def test_nothing_of_the_font_but_letters_and_notices_is_stored(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(BANGERS)
    stored_font = examine_font(tmp_path / "upload", tmp_path, FONT_ID)
    content = stored_font.file.read_bytes()
    assert own_name(FONT_ID).encode("utf-16-be") in content
    assert "SIL Open Font License".encode("utf-16-be") in content
    for hint in (b"fpgm", b"prep", b"DSIG"):
        assert hint not in content[:400]
    face = FACE.validate_json(stored_font.face_file.read_bytes())
    assert (face.name, face.line_height, face.file) == (own_name(FONT_ID), 1.757, f"Own{FONT_ID}-Regular.ttf")
    assert face.covers("q")
    assert not face.covers("ж")


def plan_saying(text: str, style: str) -> Plan:
    film_plan = plan((6,), speech(0.25, text))
    options = film_plan.options.model_copy(update={"captions": "lines", "caption_style": CaptionStyle(font=style)})
    return film_plan.model_copy(update={"options": options})


def first_frame(film_plan: Plan, bucket: FolderBucket, folder: Path) -> Image.Image:
    """Return the first frame of a gray scene with the plan's captions."""
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    key = media_keys.take(VIDEO, GENERATION, "bought", "clip")
    bucket.upload(key, make(folder / "c.mp4", "-f", "lavfi", "-i", "color=gray:s=720x1280:r=24:d=0.25"), "")
    request = RenderSceneIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=1, clip_key=key)
    out = run(request, Deps(bucket))
    assert out.degraded == ()
    return Image.fromarray(frames_of(bucket.path(out.rendered_key))[0])


def difference(picture: Image.Image, other: Image.Image) -> float:
    """Return how much of what either draws the other does not: 0 for equal pictures."""
    pixels = np.asarray(ImageChops.difference(picture, other), dtype=int).max(axis=2) > 60
    ink = np.abs(np.asarray(picture, dtype=int) - 128).max(axis=2) > 60
    return float(pixels.sum() / ink.sum())


def test_letters_are_those_of_the_font_and_others_are_drawn_in_the_bundled_ones(tmp_path: Path) -> None:
    bucket = FolderBucket.at(tmp_path / "bucket")
    (tmp_path / "upload").write_bytes(BANGERS)
    stored_font = examine_font(tmp_path / "upload", tmp_path, FONT_ID)
    ids = VIDEO, GENERATION
    bucket.upload(media_keys.own_font(*ids, FONT_ID), stored_font.file, "font/sfnt")
    bucket.upload(media_keys.own_face(*ids, FONT_ID), stored_font.face_file, "application/json")
    text = "Quick Жук"
    own, same, other = (first_frame(plan_saying(text, style), bucket, tmp_path) for style in (FONT_ID, "comic", "look"))
    assert difference(own, same) < 0.02
    assert difference(own, other) > 0.3
    own_face = FACE.validate_json(stored_font.face_file.read_bytes())
    document, note = burnt_captions.document(plan_saying(text, FONT_ID), 0, 0.25, own_face=own_face)
    assert note == ""
    assert own_name(FONT_ID) in document
    assert r"{\fnNoto Sans ExtraBold" in document
