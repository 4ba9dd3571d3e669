"""A file says how its pictures came about, to readers that are not ours, and shows and plays as it did."""

from __future__ import annotations

import io

import av
import pytest
from PIL import Image

from shared.provenance.mark import with_mark
from tests.unit.media_fakes import clip
from tests.unit.origins import origins_of
from tests.unit.picture_files import photo

BY_MODEL = "trainedAlgorithmicMedia"
# What a signed manifest begins with, in whichever place of a file.
SIGNED = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq\x03c2pa\x00"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return clip(tmp_path_factory.mktemp("film") / "clip.mp4", 0.5, size="96x160").read_bytes()


def packets(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data), mode="r") as container:
        return [bytes(packet) for packet in container.demux(container.streams.video[0])]


def test_a_clip_is_marked_once_and_its_packets_stay(film: bytes) -> None:
    assert origins_of(film) == []
    new_film = with_mark(film, BY_MODEL)
    assert origins_of(new_film) == [BY_MODEL]
    assert packets(new_film) == packets(film)
    assert new_film.startswith(film)
    assert with_mark(new_film, "composite") == new_film


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_a_picture_is_marked_once_and_looks_the_same(name: str) -> None:
    picture = photo(name)
    new_picture = with_mark(picture, BY_MODEL)
    assert (origins_of(picture), origins_of(new_picture)) == ([], [BY_MODEL])
    with Image.open(io.BytesIO(picture)) as former, Image.open(io.BytesIO(new_picture)) as latter:
        latter.verify()
        assert former.size == latter.size
    with Image.open(io.BytesIO(picture)) as former, Image.open(io.BytesIO(new_picture)) as latter:
        assert former.tobytes() == latter.tobytes()
    assert with_mark(new_picture, "composite") == new_picture


def test_what_says_it_itself_or_cannot_be_marked_stays_as_it_is(film: bytes) -> None:
    last_box_has_no_length = film[: film.rindex(b"mdat") - 4] + bytes(4) + film[film.rindex(b"mdat") :]
    signed_files = [
        film + len(SIGNED).to_bytes(4, "big") + b"uuid" + SIGNED,
        photo("JPEG") + SIGNED,
        photo("PNG") + SIGNED,
    ]
    for data in (*signed_files, last_box_has_no_length, film[:-1], photo("WEBP"), b"<html></html>", b"mp4", b""):
        assert with_mark(data, BY_MODEL) == data
