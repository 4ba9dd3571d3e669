"""A still picture becomes a clip of exactly its frames and size, over which a camera passes without a tremor."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageDraw

from functions.draw_scene.adapters import whole_still
from functions.render_scene.adapters import render
from functions.render_scene.core import Cut
from shared.build.camera import LEAST, MOST, views
from shared.errors import ClipUnusable
from shared.film import ffmpeg
from shared.film.camerawork import Move

MOVES: tuple[Move, ...] = get_args(Move)
SMALL = (216, 384)
# In pixels: what a frame may be off the even path, and how far it may be from it on average.
WORST = 0.08
MEAN = 0.03


def picture(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A black picture with a white disc, somewhat beside its middle."""
    image = Image.new("RGB", size)
    radius = min(size) * 0.12
    x = size[0] * 0.45
    y = size[1] * 0.47
    ImageDraw.Draw(image).ellipse([x - radius, y - radius, x + radius, y + radius], fill="white")
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, kind)
    return buffer.getvalue()


def scene_of(data: bytes, move: Move, frames: int, size: tuple[int, int], folder: Path) -> Path:
    """The scene of a picture."""
    (folder / "picture").write_bytes(data)
    return render(folder / "picture", Cut(1, frames, size, "", (), move))


def gray_frames(clip: Path, size: tuple[int, int]) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
    """The frames of a clip, each as rows of levels."""
    stream = ffmpeg.source(clip.name, formats="mov")["v:0"]
    raw = clip.with_suffix(".raw")
    ffmpeg.run(ffmpeg.arguments([stream], raw.name, f="rawvideo", pix_fmt="gray"), cwd=clip.parent, timeout=60)
    return np.frombuffer(raw.read_bytes(), np.uint8).reshape(-1, size[1], size[0]).astype(np.float32)


def path_of_the_disc(clip: Path, size: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Where the disc is in each frame, and how large: x, y and radius in pixels."""
    frames = np.maximum(gray_frames(clip, size) - 30, 0)
    mass = frames.sum(axis=(1, 2))
    across = (frames.sum(axis=1) * np.arange(size[0])).sum(axis=1) / mass
    along = (frames.sum(axis=2) * np.arange(size[1])).sum(axis=1) / mass
    return np.stack([across, along, np.sqrt(mass / 200 / np.pi)], axis=1)


def tremor(clip: Path) -> tuple[float, float]:
    """How far a disc strays from an even path in a clip, in pixels: at most, and on average."""
    path = path_of_the_disc(clip, SMALL)
    steps = np.arange(len(path))
    # The radius of a nearer disc grows a little faster than evenly, so a bow is no tremor.
    rest = np.stack([values - np.polyval(np.polyfit(steps, values, 2), steps) for values in path.T], axis=1)
    return float(np.abs(rest).max()), float(np.sqrt((rest**2).mean()))


@pytest.mark.parametrize("move", MOVES)
def test_a_camera_passes_without_a_tremor(move: Move, tmp_path: Path) -> None:
    clip = scene_of(picture((768, 1376)), move, 72, SMALL, tmp_path)
    assert len(gray_frames(clip, SMALL)) == 72
    worst, mean = tremor(clip)
    assert worst < WORST
    assert mean < MEAN


def test_the_plain_filter_for_it_trembles(tmp_path: Path) -> None:
    """What `zoompan` does with the same picture, so that the limits above are known to tell the difference."""
    (tmp_path / "still.png").write_bytes(picture((768, 1376)))
    zoom = "zoompan=z='1+0.06*on/72':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=72:s=216x384:fps=24"
    options = ["-vf", zoom, "-frames:v", "72", "-pix_fmt", "yuv420p", "-crf", "16", "clip.mp4"]
    ffmpeg.run(["-i", "still.png", *options], cwd=tmp_path, timeout=60)
    worst, mean = tremor(tmp_path / "clip.mp4")
    assert worst > 2 * WORST
    assert mean > 2 * MEAN


@pytest.mark.parametrize(
    ("move", "signs"),
    [
        ("push in", (0, 0, 1)),
        ("pull out", (0, 0, -1)),
        ("pan left", (1, 0, 0)),
        ("pan right", (-1, 0, 0)),
        ("tilt up", (0, 1, 0)),
        ("tilt down", (0, -1, 0)),
        ("orbit", (-1, 0, 1)),
        ("hold", (0, 0, 1)),
    ],
)
def test_the_picture_goes_where_the_camera_does_not(move: Move, signs: tuple[int, ...], tmp_path: Path) -> None:
    path = path_of_the_disc(scene_of(picture((768, 1376)), move, 48, SMALL, tmp_path), SMALL)
    x, y, radius = path[-1] - path[0]
    assert [np.sign(round(value / limit)) for value, limit in ((x, 6.0), (y, 10.0), (radius, 0.2))] == list(signs)


@pytest.mark.parametrize(
    ("size", "kind", "mode"),
    [
        ((1, 1), "PNG", "RGB"),
        ((3, 5), "PNG", "L"),
        ((1377, 767), "JPEG", "RGB"),
        ((767, 1377), "WEBP", "RGB"),
        ((5, 3000), "PNG", "RGBA"),
        ((3000, 5), "PNG", "P"),
        ((101, 99), "JPEG", "CMYK"),
    ],
)
@pytest.mark.parametrize("target", [(90, 160), (160, 90)])
def test_any_picture_covers_the_frame(
    size: tuple[int, int], kind: str, mode: str, target: tuple[int, int], tmp_path: Path
) -> None:
    clip = scene_of(picture(size, kind, mode), "push in", 7, target, tmp_path)
    info = ffmpeg.probe(clip)
    assert (info.width, info.height, info.fps) == (*target, 24)
    assert ffmpeg.packets([clip.name], cwd=tmp_path)[0].frames == 7


def test_a_wide_picture_is_cut_and_not_squeezed(tmp_path: Path) -> None:
    clip = scene_of(picture((1600, 900)), "hold", 2, SMALL, tmp_path)
    frame = gray_frames(clip, SMALL)[0] > 128
    width = frame.any(axis=0).sum()
    height = frame.any(axis=1).sum()
    assert abs(int(width) - int(height)) <= 2


@pytest.mark.parametrize("frames", [1, 2])
def test_the_shortest_clip_is_one_frame(frames: int, tmp_path: Path) -> None:
    clip = scene_of(picture((90, 160)), "pan left", frames, (90, 160), tmp_path)
    assert ffmpeg.packets([clip.name], cwd=tmp_path)[0].frames == frames


@pytest.mark.parametrize("move", MOVES)
def test_a_camera_stays_inside_the_picture_and_is_slow(move: Move) -> None:
    for seconds in (0.1, 4, 60):
        first, last = (view.edges for view in views(move, seconds))
        assert all(-1e-9 <= edge <= 1 + 1e-9 for edge in (*first, *last))
        assert first != last
        most = max(abs(end - begin) for begin, end in zip(first, last, strict=True))
        assert most <= max(LEAST, min(MOST, seconds * 0.02)) * 2
        for left, top, right, bottom in (first, last):
            assert right - left == pytest.approx(bottom - top)


def test_no_two_moves_are_the_same() -> None:
    assert all(views(a, 4) != views(b, 4) for a, b in itertools.combinations(MOVES, 2))


@pytest.mark.parametrize(("size", "kind"), [((768, 1376), "PNG"), ((1376, 768), "WEBP"), ((3, 5), "JPEG")])
def test_a_whole_still_is_the_video_s_own_frame(size: tuple[int, int], kind: str, tmp_path: Path) -> None:
    red = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(red, kind)
    with Image.open(whole_still(red.getvalue(), SMALL, tmp_path)) as whole:
        assert (whole.format, whole.mode, whole.size) == ("PNG", "RGB", SMALL)
        colour = np.asarray(whole)[SMALL[1] // 2, SMALL[0] // 2].astype(int)
    assert np.abs(colour - (200, 30, 60)).max() <= 4


@pytest.mark.parametrize("data", [b"", b"<html>", picture((90, 160))[:60], b"ffconcat version 1.0\nfile '/etc/passwd'"])
def test_what_is_no_picture_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ClipUnusable):
        whole_still(data, SMALL, tmp_path)
