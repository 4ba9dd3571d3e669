"""What becomes of a user's own picture or clip: upright, bounded, without metadata or sound; or one sentence."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from functions.check_image.check import PictureExamination, examine
from shared.errors import UnsupportedMedia
from shared.film import ffmpeg
from tests.unit import picture_files
from tests.unit.picture_files import animation, boastful, clip, encode, halves, photo, png_bomb, stretch, text_bomb
from tests.unit.test_hostile_media import crafted_files

RED = (255, 0, 0)
BLUE = (0, 0, 255)


def examine_bytes(content: bytes, folder: Path) -> PictureExamination:
    upload = folder / "upload"
    upload.write_bytes(content)
    return examine(upload, folder)


def is_near(picture: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    levels = picture.convert("RGB").crop((*place, place[0] + 1, place[1] + 1)).tobytes()
    return all(abs(level - aim) < 30 for level, aim in zip(levels, colour, strict=True))


PHOTOS: dict[str, Callable[[], bytes]] = {
    "jpg": photo,
    "jpg of a phone on its side": lambda: photo(is_turned=True),
    "progressive jpg": lambda: photo(progressive=True),
    "png": lambda: photo("PNG"),
    "png of a phone on its side": lambda: photo("PNG", is_turned=True),
    "png with a palette": lambda: encode(halves().convert("P"), "PNG"),
    "webp": lambda: photo("WEBP"),
    "webp of a phone on its side": lambda: photo("WEBP", is_turned=True),
    "heic of a phone on its side": picture_files.HEIC.read_bytes,
    "jpg with a second picture": lambda: encode(halves(), "MPO", save_all=True, append_images=[halves((64, 64))]),
    "jpg for print": lambda: encode(halves().convert("CMYK"), "JPEG"),
    "jpg with a profile": lambda: encode(halves(), "JPEG", icc_profile=picture_files.profile()),
    "jpg with a profile that is none": lambda: encode(halves(), "JPEG", icc_profile=b"none"),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_picture_is_upright_and_says_nothing_but_its_pixels(name: str, tmp_path: Path) -> None:
    result = examine_bytes(PHOTOS[name](), tmp_path)
    assert result.facts["kind"] == "still"
    assert (result.facts["width"], result.facts["height"]) == (400, 200)
    for file in (result.file, result.preview):
        with Image.open(file) as picture:
            assert is_near(picture, (picture.width // 2, picture.height // 8), RED)
            assert is_near(picture, (picture.width // 2, picture.height * 7 // 8), BLUE)
            assert not picture.getexif()
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_large_picture_is_brought_to_a_size_that_is_enough(tmp_path: Path) -> None:
    result = examine_bytes(encode(halves((6000, 3000)), "JPEG"), tmp_path)
    assert (result.facts["width"], result.facts["height"]) == (3840, 1920)
    with Image.open(result.preview) as preview:
        assert preview.size == (320, 160)


def test_what_is_transparent_lies_on_white_and_deep_colours_stay(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    with Image.open(examine_bytes(encode(clear, "PNG"), tmp_path).file) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)
    deep = Image.new("I;16", (64, 64), 32_768)
    with Image.open(examine_bytes(encode(deep, "PNG"), tmp_path).file) as picture:
        assert is_near(picture, (5, 5), (128, 128, 128))


@pytest.mark.parametrize("name", ["own.mp4", "own.mov"])
def test_a_clip_has_the_videos_rate_and_neither_sound_nor_metadata(name: str, tmp_path: Path) -> None:
    result = examine_bytes(clip(tmp_path, 2, name=name), tmp_path)
    digest = hashlib.sha256(result.file.read_bytes()).hexdigest()[:12]
    facts = {"kind": "clip", "width": 320, "height": 180, "seconds": 2.0, "file": "clip.mp4", "digest": digest}
    assert result.facts == facts
    info = ffmpeg.probe(result.file)
    assert (info.has_audio, info.fps, info.seconds) == (False, 24.0, 2.0)
    content = result.file.read_bytes()
    assert b"Secret" not in content
    assert b"+52.5" not in content
    with Image.open(result.preview) as preview:
        assert preview.size == (320, 180)


def test_a_clip_of_a_second_that_claims_to_last_ten_hours_is_one_of_a_second(tmp_path: Path) -> None:
    facts = examine_bytes(boastful(clip(tmp_path, 1), 36_000), tmp_path).facts
    assert facts["seconds"] == pytest.approx(1, abs=0.05)


def test_a_clip_of_a_phone_on_its_side_is_upright_and_a_large_one_is_brought_down(tmp_path: Path) -> None:
    plain = tmp_path / "plain.mp4"
    plain.write_bytes(clip(tmp_path, 1, size="2560x1440"))
    on_its_side = tmp_path / "on_its_side.mp4"
    ffmpeg.run(["-display_rotation", "90", "-i", str(plain), "-c", "copy", str(on_its_side)], cwd=tmp_path, timeout=60)
    facts = examine_bytes(on_its_side.read_bytes(), tmp_path).facts
    assert (facts["width"], facts["height"]) == (1080, 1920)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def short_clip(folder: Path) -> bytes:
    return clip(folder, 3, "-r", "1", "-an")


HOSTILE: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda _: b"",
    "one byte": lambda _: b"\xff",
    "a page": lambda _: b"<html><script>alert(1)</script></html>",
    "a drawing": lambda _: b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "a program": lambda _: b"\x7fELF" + bytes(200),
    "a GIF": lambda _: animation("GIF"),
    "a TIFF": lambda _: encode(halves(), "TIFF"),
    "a PostScript file": lambda _: encode(halves(), "EPS"),
    "an AVIF": lambda _: box(b"ftyp", b"avif\0\0\0\0avifmif1miaf") + bytes(200),
    "an animated PNG": lambda _: animation("PNG"),
    "an animated WebP": lambda _: animation("WEBP"),
    "half a JPEG": lambda _: photo()[:400],
    "half a PNG": lambda _: encode(Image.effect_noise((200, 200), 90), "PNG")[:20_000],
    "half a WebP": lambda _: photo("WEBP")[:60],
    "half a HEIC": lambda _: picture_files.HEIC.read_bytes()[:500],
    "the head of a JPEG": lambda _: b"\xff\xd8\xff\xe0",
    "the head of a PNG": lambda _: b"\x89PNG\r\n\x1a\n",
    "the head of a HEIC": lambda _: box(b"ftyp", b"heic\0\0\0\0mif1heic"),
    "a PNG that unpacks to two billion pixels": lambda _: png_bomb(46_000),
    "a PNG of a hundred million pixels": lambda _: png_bomb(10_000),
    "a PNG whose comment unpacks to 100 MB": lambda _: text_bomb(),
    "a dot": lambda _: encode(Image.new("RGB", (1, 1)), "PNG"),
    "a line": lambda _: encode(Image.new("RGB", (9000, 1)), "PNG"),
    "a clip of 70 s": lambda folder: clip(folder, 70, "-r", "1"),
    "a clip of 10 h in 8 kB": lambda folder: boastful(stretch(short_clip(folder), 36_000), 36_000),
    "a clip of 10 h that claims to last 3 s": lambda folder: stretch(short_clip(folder), 36_000),
    "half a clip": lambda folder: half(clip(folder, 2, "-movflags", "+faststart")),
    "a clip without its index": lambda folder: clip(folder, 2)[:4000],
    "a sound": lambda folder: clip(folder, 2, "-vn", name="sound.mp4"),
    "a clip in Matroska": lambda folder: clip(folder, 1, name="own.mkv"),
    "a playlist": lambda _: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "an empty clip": lambda _: box(b"ftyp", b"isom\0\0\2\0isommp41") + box(b"moov") + box(b"mdat"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_gets_one_sentence(name: str, tmp_path: Path) -> None:
    content = HOSTILE[name](tmp_path)
    with pytest.raises(UnsupportedMedia) as refusal:
        examine_bytes(content, tmp_path)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(tmp_path) not in sentence


@pytest.mark.parametrize("content", [content for _, content in crafted_files()], ids=[n for n, _ in crafted_files()])
def test_what_is_made_to_harm_recordings_harms_no_picture(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia):
        examine_bytes(content, tmp_path)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP", "HEIC"]))
def test_a_damaged_picture_is_read_or_refused(
    data: st.DataObject, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = picture_files.HEIC.read_bytes() if kind == "HEIC" else photo(kind)
    content = bytearray(whole)
    places = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    for place, value in data.draw(st.lists(places, max_size=20)):
        content[place] = value
    end = data.draw(st.none() | st.integers(1, len(content) - 1))
    try:
        result = examine_bytes(bytes(content[:end]), tmp_path_factory.mktemp("damaged"))
    except UnsupportedMedia:
        return
    assert result.file.stat().st_size
