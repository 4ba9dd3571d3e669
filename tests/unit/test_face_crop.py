"""A clip is cut to another shape where the faces in it are; without any, where its framing has the subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from functions.render_scene import handler
from functions.render_scene.core import Cut, cut
from functions.render_scene.framing import crop, finder
from functions.render_scene.framing.crop import SURE, SeenFace, Trim, frames_to_look_at, share_before, trim_of
from shared import media_keys
from shared.choices.words import Aspect, Shape
from shared.contracts import RenderSceneIn, RenderSceneOut
from shared.errors import RenderFailed
from shared.film.picture_choices import PictureUse, ScenePicture
from shared.film.plan import Plan
from shared.publishing.cover import Cover
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, clip, make, plan

ASTRONAUT = Path(__file__).with_name("data") / "astronaut.jpg"
UPRIGHT = (720, 1280)
SQUARE = trim_of(UPRIGHT, (720, 720)) or Trim("x", 1)
TO_SQUARE = Cut(1, 12, (720, 720), "", (), place=(0.5, 0.25), rule=crop.RULE)
COVER = Cover(at=0.1)
UNSEEN = "scene 1: faces could not be looked for, its picture is cut without regard to them"

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
    own = replace(same, rule=crop.RULE)
    assert finder.cut_by_faces(own, clip(tmp_path / "clip.mp4", 0.5), nobody_asks) is own
    assert trim_of((721, 1280), UPRIGHT) is None


def failing(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
    raise RenderFailed(f"{frames} {size}")


def test_a_broken_clip_or_finder_leaves_the_scene_as_it_was_and_says_so(tmp_path: Path) -> None:
    source = clip(tmp_path / "clip.mp4", 0.5)
    cut_off = tmp_path / "cut_off.mp4"
    cut_off.write_bytes(source.read_bytes()[:400])
    without = replace(TO_SQUARE, rule="", degradations=(UNSEEN,))
    assert finder.cut_by_faces(TO_SQUARE, source, failing) == without
    assert finder.cut_by_faces(TO_SQUARE, cut_off, finder.by_model) == without
    # Less than a frame of that size.
    with pytest.raises(RenderFailed):
        finder.by_model(cut_off, (64, 64))


def test_the_digest_knows_by_which_rule_faces_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    same_shape = plan((12,))
    square = same_shape.model_copy(update={"options": same_shape.options.model_copy(update={"shape": "1:1"})})
    before = [cut(film_plan, 1, "clip.mp4").digest("clip.mp4") for film_plan in (square, same_shape)]
    monkeypatch.setattr(crop, "RULE", "another")
    after = [cut(film_plan, 1, "clip.mp4").digest("clip.mp4") for film_plan in (square, same_shape)]
    assert [digest == other for digest, other in zip(before, after, strict=True)] == [False, True]


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


def has_the_face(file: Path, scale: float) -> bool:
    """Whether the astronaut's face is whole in a picture that is `scale` times as large as the clip."""
    picture = Image.open(file).convert("RGB")
    goal, scene = (
        np.asarray(image.convert("L").resize((round(image.width / by), round(image.height / by)))).astype(float)
        for image, by in ((Image.open(ASTRONAUT).crop(FACE), 4), (picture, 4 * scale))
    )
    windows = np.lib.stride_tricks.sliding_window_view(scene, goal.shape)
    return bool(np.abs(windows - goal).mean(axis=(2, 3)).min() < 20)


@dataclass(frozen=True)
class Shop:
    """Renders one scene of a clip, or picture, and looks at what came of it, in which the clip is `scale` as large."""

    bucket: FolderBucket
    film_plan: Plan
    clip_key: str
    scale: float = 1

    def render(self, find: finder.FaceFinder, cover: Cover | None = None) -> RenderSceneOut:
        film_plan = self.film_plan.model_copy(update={"cover": cover or Cover()})
        self.bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
        where = {"video_id": VIDEO, "generation_id": GENERATION, "plan_key": PLAN_KEY}
        request = RenderSceneIn(**where, sequence=1, clip_key=self.clip_key)
        return handler.run(request, handler.Deps(self.bucket, find_faces=find))

    def scene_has_the_face(self, out: RenderSceneOut) -> bool:
        frame = make(
            self.bucket.root / "frame.png", "-y", "-i", str(self.bucket.path(out.rendered_key)), "-update", "1"
        )
        return has_the_face(frame, self.scale)

    def cover_has_the_face(self, out: RenderSceneOut) -> bool:
        (cover,) = self.bucket.path(out.rendered_key).parent.glob(f"{Path(out.rendered_key).stem}-*.jpg")
        return has_the_face(cover, self.scale)


def shop_of(folder: Path, film_plan: Plan, source: Path, take: str = "take1", scale: float = 1) -> Shop:
    bucket = FolderBucket.at(folder)
    key = media_keys.take(VIDEO, GENERATION, take, "clip" if source.suffix == ".mp4" else "still")
    bucket.upload(key, source, "")
    return Shop(bucket, film_plan, key, scale)


def in_shape(shape: Shape, aspect: Aspect = "9:16") -> Plan:
    whole = plan((12,), captions="none", aspect=aspect)
    return whole.model_copy(update={"options": whole.options.model_copy(update={"shape": shape})})


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
    film_plan = in_shape(shape, "9:16" if size == UPRIGHT else "16:9")
    shop = shop_of(tmp_path, film_plan, film(size, at), scale=1 if shape == "1:1" else 16 / 9)
    out = shop.render(finder.by_model, COVER)
    assert shop.scene_has_the_face(out)
    assert shop.cover_has_the_face(out)
    before = replace(shop, bucket=FolderBucket.at(tmp_path / "before"))
    before.bucket.upload(shop.clip_key, film(size, at), "")
    out = before.render(blind, COVER)
    assert not before.scene_has_the_face(out)
    assert not before.cover_has_the_face(out)


def blind(frames: Path, size: tuple[int, int]) -> Sequence[Sequence[SeenFace]]:
    assert frames.stat().st_size % (size[0] * size[1] * 3) == 0
    return []


def test_faces_that_could_not_be_looked_for_are_looked_for_again(
    film: Callable[[tuple[int, int], tuple[int, int]], Path], tmp_path: Path
) -> None:
    shop = shop_of(tmp_path, in_shape("1:1"), film(UPRIGHT, (168, 890)))
    without = shop.render(failing)
    assert without.degraded == (UNSEEN,)
    assert not shop.scene_has_the_face(without)
    by_faces = shop.render(finder.by_model, COVER)
    assert by_faces.degraded == ()
    assert shop.scene_has_the_face(by_faces)
    assert shop.cover_has_the_face(by_faces)


def test_a_cover_is_cut_as_its_scene_whether_or_not_faces_can_be_looked_for(
    film: Callable[[tuple[int, int], tuple[int, int]], Path], tmp_path: Path
) -> None:
    shop = shop_of(tmp_path, in_shape("1:1"), film(UPRIGHT, (168, 890)))
    by_faces = shop.render(finder.by_model)
    without = shop.render(failing, COVER)
    assert without.rendered_key != by_faces.rendered_key
    assert without.degraded == (UNSEEN,)
    assert (shop.scene_has_the_face(without), shop.cover_has_the_face(without)) == (False, False)
    assert shop.render(finder.by_model, COVER) == by_faces
    assert shop.cover_has_the_face(by_faces)
    # All is there, so that nobody is looked for.
    assert shop.render(failing, COVER) == by_faces


@pytest.fixture(name="wide_photo", scope="module")
def a_wide_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that lies on its side, with the astronaut at its left."""
    photo = Image.new("RGB", (2276, 1280), "navy")
    with Image.open(ASTRONAUT) as astronaut:
        photo.paste(astronaut, (30, 400))
    file = tmp_path_factory.mktemp("photo") / "photo.png"
    photo.save(file)
    return file


def with_own(film_plan: Plan, use: PictureUse) -> tuple[Plan, str]:
    """Return the plan whose first scene shows an own picture or clip, and the id of that take."""
    own = ScenePicture(image_id="0" * 20, use=use, digest="0123456789ab")
    scene = film_plan.scene(1).model_copy(update={"picture": own})
    return film_plan.model_copy(update={"scenes": (scene, *film_plan.scenes[1:])}), own.take_id(scene.id)


@pytest.mark.parametrize("use", ["still", "clip"])
@pytest.mark.parametrize("shape", ["9:16", "4:5"])
def test_own_pictures_and_clips_of_any_shape_are_cut_by_faces(
    film: Callable[[tuple[int, int], tuple[int, int]], Path],
    wide_photo: Path,
    tmp_path: Path,
    use: PictureUse,
    shape: Shape,
) -> None:
    film_plan, take = with_own(in_shape(shape), use)
    source = wide_photo if use == "still" else film((2276, 1280), (30, 400))
    shop = shop_of(tmp_path, film_plan, source, take, scale=film_plan.size[1] / 1280)
    out = shop.render(finder.by_model, COVER)
    assert shop.scene_has_the_face(out)
    assert shop.cover_has_the_face(out)


def test_what_a_clip_begins_with_after_an_own_picture_is_cut_by_faces_too(wide_photo: Path, tmp_path: Path) -> None:
    whole = plan((12, 24), captions="none")
    chain = whole.model_copy(update={"options": whole.options.model_copy(update={"continuity": "chain"})})
    film_plan, take = with_own(chain, "still")
    shop = shop_of(tmp_path, film_plan, wide_photo, take)
    shop.render(finder.by_model)
    (end,) = shop.bucket.path(shop.clip_key).parent.glob("*.png")
    assert has_the_face(end, 1)


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
