"""A cover is a frame that a person chose, without captions and perhaps with a title; nothing is bought for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from functions.stitch import handler as stitch
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build import revisions
from shared.build.posting import covers
from shared.build.posting.covers import CoverFrame
from shared.choices.captions import CaptionStyle
from shared.choices.words import Shape
from shared.contracts import StitchIn
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.plan import Plan
from shared.publishing.cover import Cover
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET
from tests.unit.media_fakes import GENERATION, PLAN_KEY, SAMPLE, VIDEO, FolderBucket, make, plan, sound_of, speech
from tests.unit.origins import origins_of
from tests.unit.test_api_export import export, files
from tests.unit.test_api_plan import PLAN as PLAN_PATH
from tests.unit.test_api_plan import patch, record_of_video, store
from tests.unit.test_plan_edits import PLAN, clips_of, edit, missing
from tests.unit.test_render_scene import render


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def test_it_is_the_frame_at_a_time_or_in_the_middle_of_a_scene() -> None:
    chosen_plan = edit(PLAN, {"op": "cover", "at": 5.0, "text": " Why "})
    assert chosen_plan.cover == Cover(at=5, text="Why")
    by_scene = edit(chosen_plan, {"op": "cover", "scene": "s2"})
    middle = (PLAN.scenes[1].start_time + PLAN.scenes[1].end_time) / 2
    assert by_scene.cover == Cover(at=middle, text="Why")
    left_alone = edit(by_scene, {"op": "cover", "scene": ""})
    assert left_alone.cover == Cover(text="Why")
    assert edit(left_alone, {"op": "cover", "text": ""}).cover == PLAN.cover == Cover()


def test_nothing_is_bought_for_it_and_the_video_is_another_one() -> None:
    later = edit(PLAN, {"op": "cover", "at": 5.0})
    assert missing(later, clips_of(PLAN)) == []
    assert revisions.differences(PLAN, later) == ["cover"]
    assert not revisions.is_same_film(PLAN, later)


@pytest.mark.parametrize(
    ("change", "field", "limit"),
    [
        ({"at": 99.0}, "at", EditLimit(0, PLAN.frames / PLAN.frame_rate)),
        ({"at": 1.0, "scene": "s1"}, "at", None),
        ({"scene": "s9"}, "scene", EditLimit(choices=("s1", "s2", "s3"))),
    ],
)
def test_what_is_no_frame_of_the_film_is_refused(change: dict[str, Any], field: str, limit: EditLimit | None) -> None:
    with pytest.raises(InvalidEdit) as refusal:
        edit(PLAN, {"op": "cover", **change})
    assert (refusal.value.field, refusal.value.limit) == (field, limit)


@pytest.mark.parametrize(
    ("cover", "frame"),
    [
        (Cover(), None),
        (Cover(text="A title"), CoverFrame(1, 12)),
        (Cover(at=0), CoverFrame(1, 0)),
        (Cover(at=1), CoverFrame(2, 0)),
        (Cover(at=1.5), CoverFrame(2, 12)),
        # The excerpt was longer when it was chosen.
        (Cover(at=9), CoverFrame(2, 23)),
    ],
)
def test_it_is_in_the_scene_that_is_shown_then(cover: Cover, frame: CoverFrame | None) -> None:
    assert covers.frame_of(plan((24, 48)).model_copy(update={"cover": cover})) == frame


@dataclass(frozen=True)
class CoverShop:
    """Makes videos of a dark gray and a light gray scene, and looks at their covers."""

    bucket: FolderBucket
    clips: tuple[Path, Path]

    def picture(self, cover: Cover, shape: Shape | None = None, label: str = "") -> Image.Image:
        film = plan((24, 48), speech(2))
        changes = {"shape": shape, "caption_style": CaptionStyle(label=label)}
        film = film.model_copy(update={"cover": cover, "options": film.options.model_copy(update=changes)})
        return Image.open(self.file(film))

    def file(self, film: Plan) -> Path:
        keys = tuple(render(self.bucket, film, file, at).rendered_key for at, file in enumerate(self.clips, start=1))
        request = StitchIn(
            video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, scene_keys=keys, user_id="user1"
        )
        return self.bucket.path(stitch.run(request, stitch.Deps(self.bucket)).poster_key)


@pytest.fixture(name="shop", scope="module")
def a_shop(tmp_path_factory: pytest.TempPathFactory) -> CoverShop:
    folder = tmp_path_factory.mktemp("covers")
    bucket = FolderBucket.at(folder / "bucket")
    bucket.upload(media_keys.sound(VIDEO, GENERATION), sound_of(SAMPLE, folder), "")
    first, second = (
        make(folder / f"{shade}.mp4", "-f", "lavfi", "-i", f"color=0x{shade * 3}:s=720x1280:r=24:d=1.2")
        for shade in ("50", "B0")
    )
    return CoverShop(bucket, (first, second))


def shades(picture: Image.Image) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.asarray(picture.convert("L")).astype(int)


def test_a_frame_is_taken_without_its_captions(shop: CoverShop) -> None:
    picture = shop.picture(Cover(at=1.5))
    assert picture.size == (720, 1280)
    assert np.abs(shades(picture) - 0xB0).max() < 6
    # Nobody chose that one: it has the captions of its moment.
    assert np.abs(shades(shop.picture(Cover())) - 0x50).max() > 100


def test_a_title_is_drawn_into_it_in_every_format(shop: CoverShop) -> None:
    for shape, size in {"9:16": (720, 1280), "1:1": (720, 720), "16:9": (1280, 720)}.items():
        picture = shop.picture(Cover(at=0.5, text="Why bread waits"), shape)  # pyright: ignore[reportArgumentType]
        assert picture.size == size
        lower_part = shades(picture)[size[1] // 2 : round(0.82 * size[1])]
        assert (lower_part > 230).mean() > 0.02
        assert np.abs(shades(picture)[: size[1] // 2] - 0x50).max() < 6


def test_it_says_how_it_came_about_and_has_the_label_of_its_scene(shop: CoverShop) -> None:
    corner = shades(shop.picture(Cover(at=1.5), label="AI"))[:200, :300]
    assert np.abs(corner - 0xB0).max() > 40
    file = shop.file(plan((24, 48)).model_copy(update={"cover": Cover(at=1.5)}))
    assert origins_of(file.read_bytes()) == ["trainedAlgorithmicMedia"]


def test_the_plan_shows_it_and_the_export_has_it(call: Api) -> None:
    key = media_keys.result(VIDEO, GENERATION, "video", 1, "poster.jpg")
    base = record_of_video()
    assert base.ai_generation_data
    changes = {"final_revision": 1, "poster_url": f"s3://{BUCKET}/{key}"}
    data = base.ai_generation_data.model_copy(update=changes)
    store(base.model_copy(update={"ai_generation_data": data}))
    Bucket(BUCKET).write_text(key, "cover", "image/jpeg")
    assert call("GET", PLAN_PATH).body["plan"]["cover"] == {"text": "", "document": ""}
    assert files(export(call))["cover.jpg"]["bytes"] == 5
    view = patch(call, {"op": "cover", "scene": "s2", "text": "Why"}).body["plan"]
    assert (view["cover"]["at"], view["cover"]["text"]) == (6, "Why")
    assert view["cover"]["document"].endswith("Why\n")
    assert {step["goal"]: (step["isMade"], step["usd"]) for step in view["next"]}["video"] == (False, 0)
    # That picture is of the revision before.
    assert "cover.jpg" not in files(export(call))
