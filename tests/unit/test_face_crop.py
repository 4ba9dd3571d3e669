"""A clip is cut to another shape where the faces in it are; without any, where its framing has the subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.render_scene import handler
from functions.render_scene.core import Cut
from functions.render_scene.framing import crop, finder
from functions.render_scene.framing.crop import SURE, SeenFace, Trim, frames_to_look_at, share_before, trim_of
from shared import media_keys
from shared.choices.words import Shape
from shared.contracts import RenderSceneIn
from shared.errors import RenderFailed
from shared.film.plan import Plan
from shared.publishing.cover import Cover
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, clip, make, plan

ASTRONAUT = Path(__file__).with_name("data") / "astronaut.jpg"
UPRIGHT = (720, 1280)
SQUARE = trim_of(UPRIGHT, (720, 720)) or Trim("x", 1)
TO_SQUARE = Cut(1, 12, (720, 720), "", (), clip_size=UPRIGHT, headroom=0.25)

parts = st.floats(0, 1)
trims = st.builds(Trim, st.sampled_from(["x", "y"]), st.floats(0.2, 0.95))


@st.composite
def _faces(draw: st.DrawFn) -> SeenFace:
    width = draw(st.floats(0.02, 1))
    height = draw(st.floats(0.02, 1))
    return SeenFace(draw(parts) * (1 - width), draw(parts) * (1 - height), width, height, draw(st.floats(0.5, 1)))


looks = st.lists(st.lists(_faces(), max_size=3), max_size=5)


def face(top: float, size: float = 0.2, score: float = 0.9) -> SeenFace:
    return SeenFace(0.4, top, size, size, score)


def stretch(share: float | None, trim: Trim) -> tuple[float, float]:
    assert share is not None
    start = share * trim.room
    return start, start + trim.length


@given(looks, trims)
def test_what_is_shown_lies_in_the_picture(frames_of_faces: Sequence[Sequence[SeenFace]], trim: Trim) -> None:
    share = share_before(frames_of_faces, trim)
    assert share is None or 0 <= share <= 1
    assert share == share_before(frames_of_faces, trim)


@given(looks, trims)
def test_a_face_alone_is_whole_whenever_it_can_be(frames_of_faces: Sequence[Sequence[SeenFace]], trim: Trim) -> None:
    for alone in (candidate for frame in frames_of_faces for candidate in frame if candidate.score >= SURE):
        start, end = stretch(share_before([[alone]] * 5, trim), trim)
        first, length = (alone.top, alone.height) if trim.axis == "y" else (alone.left, alone.width)
        if length <= trim.length:
            assert start - 0.001 <= first
            assert first + length <= end + 0.001


@pytest.mark.parametrize(
    ("frames_of_faces", "whole"),
    [
        ([[face(0.1), face(0.4)]], [0.1, 0.4]),
        # Not both can be: the larger one, or the surer one.
        ([[face(0.0, 0.1), face(0.75)]], [0.75]),
        ([[face(0.0, 0.2, 0.6), face(0.8)]], [0.8]),
        # Somebody small in the background does not matter.
        ([[face(0.7), face(0.0, 0.03)]], [0.7]),
        # Whoever moves is whole at all times.
        ([[face(0.3)], [face(0.4)], [face(0.5)]], [0.3, 0.4, 0.5]),
    ],
)
def test_those_that_matter_most_are_whole(frames_of_faces: Sequence[Sequence[SeenFace]], whole: list[float]) -> None:
    start, end = stretch(share_before(frames_of_faces, SQUARE), SQUARE)
    for top in whole:
        assert start - 0.001 <= top
        assert top + 0.2 <= end + 0.001


def test_there_is_room_above_a_face() -> None:
    start, _ = stretch(share_before([[face(0.4)]], SQUARE), SQUARE)
    assert start < 0.4 - 0.45 * 0.2


@pytest.mark.parametrize("frames_of_faces", [[], [[], []], [[face(0.4, score=0.6)]] * 5, [[face(0.4, size=0)]] * 5])
def test_nobody_or_a_doubt_decides_nothing(frames_of_faces: Sequence[Sequence[SeenFace]]) -> None:
    assert share_before(frames_of_faces, SQUARE) is None


def test_frames_are_spread_over_what_the_scene_shows() -> None:
    assert frames_to_look_at(100) == (10, 30, 50, 70, 90)
    assert frames_to_look_at(2) == (0, 1)


def test_where_nothing_is_cut_away_nobody_is_looked_for(tmp_path: Path) -> None:
    def nobody_asks(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
        raise AssertionError(f"{frames} {size}")

    same = Cut(1, 12, UPRIGHT, "", ())
    assert finder.cut_by_faces(same, tmp_path / "missing", nobody_asks) is same
    assert trim_of((721, 1280), UPRIGHT) is None


def test_a_broken_clip_or_finder_leaves_the_scene_as_it_was(tmp_path: Path) -> None:
    def failing(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
        raise RenderFailed(f"{frames} {size}")

    source = clip(tmp_path / "clip.mp4", 0.5)
    cut_off = tmp_path / "cut_off.mp4"
    cut_off.write_bytes(source.read_bytes()[:400])
    assert finder.cut_by_faces(TO_SQUARE, source, failing) is TO_SQUARE
    assert finder.cut_by_faces(TO_SQUARE, cut_off, finder.by_model) is TO_SQUARE
    # Less than a frame of that size.
    with pytest.raises(RenderFailed):
        finder.by_model(cut_off, (64, 64))


def test_the_digest_knows_by_which_rule_faces_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    same_shape = Cut(1, 12, UPRIGHT, "", ())
    before = (TO_SQUARE.digest("clip"), same_shape.digest("clip"))
    monkeypatch.setattr(crop, "RULE", "another")
    assert TO_SQUARE.digest("clip") != before[0]
    assert same_shape.digest("clip") == before[1]


@pytest.fixture(name="film", scope="module")
def a_clip_with_a_face(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[int, int], tuple[int, int]], Path]:
    """Makes clips of a size in pixels, with the astronaut at a place and all else blue."""
    folder = tmp_path_factory.mktemp("faces")

    def film(size: tuple[int, int], at: tuple[int, int]) -> Path:
        target = folder / f"{size[0]}-{at[0]}-{at[1]}.mp4"
        ground = ("-f", "lavfi", "-i", f"color=navy:s={size[0]}x{size[1]}:r=24:d=0.5")
        drawing = ("-i", str(ASTRONAUT), "-filter_complex", f"[0][1]overlay={at[0]}:{at[1]}")
        return make(target, *ground, *drawing, "-t", "0.5", "-preset", "ultrafast", "-pix_fmt", "yuv420p")

    return film


# Of the picture, in which the face is in the upper middle.
FACE = (140, 30, 230, 145)


def has_the_face(picture: Image.Image, scale: float) -> bool:
    """Whether the astronaut's face is whole in a picture that is `scale` times as large as the clip."""
    goal, scene = (
        np.asarray(image.convert("L").resize((round(image.width / by), round(image.height / by)))).astype(float)
        for image, by in ((Image.open(ASTRONAUT).crop(FACE), 4), (picture, 4 * scale))
    )
    windows = np.lib.stride_tricks.sliding_window_view(scene, goal.shape)
    return bool(np.abs(windows - goal).mean(axis=(2, 3)).min() < 20)


@pytest.mark.parametrize(
    ("size", "at", "shape"),
    [
        (UPRIGHT, (168, 890), "1:1"),
        (UPRIGHT, (300, 0), "16:9"),
        ((1280, 720), (0, 300), "9:16"),
    ],
)
def test_a_face_that_was_cut_off_is_in_the_scene_and_in_its_cover(
    film: Callable[[tuple[int, int], tuple[int, int]], Path],
    tmp_path: Path,
    size: tuple[int, int],
    at: tuple[int, int],
    shape: Shape,
) -> None:
    bucket = FolderBucket.at(tmp_path)
    source = film(size, at)
    upright = plan((12,), captions="none", aspect="9:16" if size == UPRIGHT else "16:9")
    options = upright.options.model_copy(update={"shape": shape})
    cut_plan = upright.model_copy(update={"options": options, "cover": Cover(at=0.1)})
    scale = 1 if shape == "1:1" else 16 / 9
    scene = pictures_of(bucket, cut_plan, source, finder.by_model)
    assert all(has_the_face(picture, scale) for picture in scene)
    as_before = FolderBucket.at(tmp_path / "before")
    assert not any(has_the_face(picture, scale) for picture in pictures_of(as_before, cut_plan, source, blind))


def blind(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
    assert frames.stat().st_size % (size[0] * size[1] * 3) == 0
    return []


def pictures_of(bucket: FolderBucket, film_plan: Plan, source: Path, find: finder.FaceFinder) -> list[Image.Image]:
    """Return the last frame of the scene made of a clip, and the cover."""
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    key = media_keys.take(VIDEO, GENERATION, "take1", "clip")
    bucket.upload(key, source, "video/mp4")
    request = RenderSceneIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=1, clip_key=key)
    out = handler.run(request, handler.Deps(bucket, find_faces=find))
    (cover,) = (bucket.path(key) for key, kind in bucket.types.items() if kind == "image/jpeg")
    frame = make(bucket.root / "frame.png", "-i", str(bucket.path(out.rendered_key)), "-update", "1")
    return [Image.open(file).convert("RGB") for file in (frame, cover)]


@pytest.mark.parametrize("picture", ["testsrc2", "mandelbrot", "smptehdbars"])
def test_a_pattern_is_cut_as_before(tmp_path: Path, picture: str) -> None:
    drawing = f"{picture}=size=720x1280:rate=24,trim=duration=0.5"
    source = make(tmp_path / "clip.mp4", "-f", "lavfi", "-i", drawing, "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    answers: list[Sequence[Sequence[SeenFace]]] = []

    def watch(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
        answers.append(finder.by_model(frames, size))
        return answers[-1]

    assert finder.cut_by_faces(TO_SQUARE, source, watch) is TO_SQUARE
    assert [len(frames) for frames in answers] == [5]
