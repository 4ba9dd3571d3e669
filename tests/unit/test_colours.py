"""A chart of colours keeps them from any clip to the scene: pixels are measured, whatever the clip says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from functions.check_image.clip import plain_clip
from functions.render_scene.adapters import last_frame, render
from functions.render_scene.core import Cut
from shared.film import ffmpeg
from shared.film.colours import from_hdr, to_bt709
from tests.unit.media_fakes import make

CHART = ((192, 32, 16), (32, 160, 64), (24, 48, 200), (220, 200, 40), (128, 128, 128), (235, 235, 235))
HD = (720, 1280)
SD = (360, 640)
# What two conversions, 8 bits and the encoder may change of a patch's middle, by its channel.
TOLERANCE = 8
_CONVERSION = "scale=out_color_matrix={matrix}:out_range={reach}"
_TAGS = "setparams=colorspace={tag}:color_primaries={tag}:color_trc={tag}:range={reach}"


def chart(folder: Path, size: tuple[int, int]) -> Path:
    picture = Image.new("RGB", size)
    height = size[1] // len(CHART)
    for number, colour in enumerate(CHART):
        ImageDraw.Draw(picture).rectangle((0, number * height, size[0], (number + 1) * height), fill=colour)
    picture.save(folder / "chart.png")
    return folder / "chart.png"


def patches(frame: Path) -> list[tuple[int, ...]]:
    with Image.open(frame) as picture:
        step = picture.height // len(CHART)
        middles = (picture.getpixel((picture.width // 2, number * step + step // 2)) for number in range(len(CHART)))
        return [tuple(middle) if isinstance(middle, tuple) else () for middle in middles]


def difference(frame: Path) -> int:
    """The largest difference of a channel from the chart's."""
    pairs = zip(patches(frame), CHART, strict=True)
    return max(abs(mine - other) for pair in pairs for mine, other in zip(*pair, strict=True))


def clip_of(folder: Path, size: tuple[int, int], matrix: str, reach: str, tag: str) -> Path:
    """A clip of the chart, coded by the matrix and range, that says of itself what `tag` says: nothing if empty."""
    picture = chart(folder, size)
    filters = ["format=gbrp", _CONVERSION.format(matrix=matrix, reach=reach), "format=yuv420p"]
    filters.append(_TAGS.format(tag=tag or "unknown", reach=reach if tag else "unknown"))
    options = ("-loop", "1", "-i", str(picture), "-t", "0.5", "-r", "24", "-vf", ",".join(filters))
    return make(folder / "clip.mp4", *options, "-c:v", "libx264", "-crf", "4")


CLIPS = [
    (HD, "bt709", "tv", "bt709"),
    (HD, "bt709", "tv", ""),
    (HD, "bt601", "tv", "smpte170m"),
    (HD, "bt601", "tv", "bt470bg"),
    (HD, "bt709", "pc", "bt709"),
    (SD, "bt601", "tv", ""),
    (SD, "bt709", "tv", "bt709"),
]


@pytest.mark.parametrize(("size", "matrix", "reach", "tag"), CLIPS)
def test_a_scene_has_the_colours_that_its_clip_means(
    tmp_path: Path, size: tuple[int, int], matrix: str, reach: str, tag: str
) -> None:
    clip = clip_of(tmp_path, size, matrix, reach, tag)
    cut = Cut(1, 10, HD, "", ())
    assert difference(last_frame(clip, cut)) <= TOLERANCE
    scene = render(clip, cut)
    info = ffmpeg.probe(scene)
    assert (info.matrix, info.transfer) == ("bt709", "bt709")
    frame = make(tmp_path / "frame.png", "-i", str(scene), "-frames:v", "1", "-vf", "scale=in_color_matrix=bt709")
    assert difference(frame) <= TOLERANCE


@pytest.mark.parametrize(("size", "matrix", "reach", "tag"), CLIPS)
def test_an_own_clip_is_stored_with_the_colours_that_it_means(
    tmp_path: Path, size: tuple[int, int], matrix: str, reach: str, tag: str
) -> None:
    clip = plain_clip(clip_of(tmp_path, size, matrix, reach, tag), tmp_path)
    clip.first_frame.save(tmp_path / "frame.png")
    assert difference(tmp_path / "frame.png") <= TOLERANCE
    assert ffmpeg.probe(clip.file).matrix == "bt709"


def hdr(folder: Path, source: str, transfer: str) -> Path:
    tags = f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc:range=tv"
    options = ("-f", "lavfi", "-i", source, "-t", "0.5", "-vf", f"format=yuv420p10le,{tags}")
    return make(folder / "hdr.mp4", *options, "-c:v", "libx264", "-crf", "4")


# ITU-R BT.2408: paper is 75 % of HLG's signal, and 58 % of PQ's.
@pytest.mark.parametrize(("transfer", "share"), [("arib-std-b67", 0.75), ("smpte2084", 0.58)])
def test_paper_filmed_in_hdr_is_white_and_what_shines_is_no_darker(tmp_path: Path, transfer: str, share: float) -> None:
    levels: list[int] = []
    for signal in (share * 0.6, share, 1.0):
        level = 64 + round(876 * signal)
        source = f"color=c=black:s=128x128:r=24,format=yuv420p10le,geq=lum={level}:cb=512:cr=512"
        clip = plain_clip(hdr(tmp_path, source, transfer), tmp_path)
        levels.append(clip.first_frame.convert("L").tobytes()[0])
        assert ffmpeg.probe(clip.file).transfer == "bt709"
    grey, paper, shine = levels
    assert grey <= 200
    assert 225 <= paper <= shine


def test_only_what_says_nothing_is_guessed_at(tmp_path: Path) -> None:
    telling = ffmpeg.probe(clip_of(tmp_path, HD, "bt601", "tv", "smpte170m"))
    assert (telling.matrix, telling.transfer, "in_color_matrix" in to_bt709(telling)) == (
        "smpte170m",
        "smpte170m",
        False,
    )
    unsaid = ffmpeg.probe(clip_of(tmp_path, HD, "bt709", "tv", ""))
    assert (unsaid.matrix, unsaid.transfer, to_bt709(unsaid)["in_color_matrix"]) == ("", "", "bt709")
    assert from_hdr(unsaid) == from_hdr(telling) == []
