"""Whatever is edited, the film that is made of the plan has exactly its frames: rendered, joined and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from functions.check_image.check import examine
from functions.render_scene import handler as render_scene
from functions.stitch import handler as stitch
from shared import media_keys
from shared.build import orders
from shared.build.own_takes import own_takes
from shared.contracts import FIRST_PLAN, RenderSceneIn, StitchIn
from shared.film import ffmpeg
from shared.film.plan import Plan, PlannedScene
from tests.unit.media_fakes import SAMPLE, FolderBucket, clip, sound_of
from tests.unit.picture_files import photo
from tests.unit.test_plan_edits import CHANGES, EIGHT, IMAGE, OWN, RATE, clips_of, edit_as_drawn, plan_of, require_tiles

IDS: dict[str, Any] = {"video_id": "v", "generation_id": "g"}
KEY = media_keys.plan("v", "g", FIRST_PLAN)
CLIP = media_keys.take("v", "g", "take", "clip")
SHORT_PLAN = plan_of(2.0, 4.0, 6.0)
# Seconds of film that are rendered of one plan at most: every frame costs processor time.
MOST_SECONDS = 12
# How long the clip of one's own is: most scenes are longer, and hold its last frame.
OWN_SECONDS = 1


@pytest.fixture(name="bucket", scope="module")
def bucket_with_a_sound_clips_and_a_picture(tmp_path_factory: pytest.TempPathFactory) -> FolderBucket:
    folder = tmp_path_factory.mktemp("films")
    bucket = FolderBucket.at(folder / "bucket")
    bucket.upload(media_keys.sound("v", "g"), sound_of(SAMPLE, folder), "")
    bucket.upload(CLIP, clip(folder / "clip.mp4", MOST_SECONDS, size="144x256"), "video/mp4")
    (folder / "own").write_bytes(photo())
    for upload in (folder / "own", clip(folder / "own.mp4", OWN_SECONDS, size="256x144", rate="30")):
        result = examine(upload, folder)
        kind = result.facts["kind"]
        bucket.upload(media_keys.take("v", "g", OWN[IMAGE, kind].take_id("s1"), kind), result.file, "")
    return bucket


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.lists(CHANGES, min_size=3, max_size=12))
@example(
    [
        {"op": "split", "scene": "s2", "at": 3.0},
        {"op": "order", "pictures": EIGHT[::-1]},
        {"op": "move", "scene": "s1", "end": 1.5},
        {"op": "merge", "scene": "s4"},
        {"op": "word", "index": 1, "text": "two words"},
    ]
)
@example(
    [
        {"op": "pictures", "pictures": [{"imageId": IMAGE, "use": "clip"}, {"imageId": IMAGE, "use": "reference"}]},
        {"op": "picture", "scene": "s2", "imageId": IMAGE, "use": "still"},
        {"op": "split", "scene": "s1", "at": 1.0},
        {"op": "picture", "scene": "s3", "imageId": ""},
    ]
)
def test_any_edits_make_a_film_of_exactly_the_plans_frames(bucket: FolderBucket, changes: list[dict[str, Any]]) -> None:
    plan = SHORT_PLAN
    for change in changes:
        edited_plan = edit_as_drawn(plan, change, clips_of(plan))
        if edited_plan and edited_plan.frames <= MOST_SECONDS * RATE:
            plan = edited_plan
    require_tiles(plan)
    film = film_of(bucket, plan)
    (picture, *_) = ffmpeg.packets([film.name], cwd=film.parent)
    assert picture.frames == plan.frames


def film_of(bucket: FolderBucket, plan: Plan) -> Path:
    """Return the film that the stages make of the plan, whose scenes show its own pictures, and else one plain clip."""
    bucket.write_text(KEY, plan.model_dump_json())
    renderings = [
        render_scene.run(
            RenderSceneIn(**IDS, plan_key=KEY, sequence=scene.sequence, clip_key=shown_file(plan, scene)),
            render_scene.Deps(bucket),
        )
        for scene in plan.scenes
    ]
    assert [each.frames for each in renderings] == [scene.frames for scene in plan.scenes]
    keys = tuple(each.rendered_key for each in renderings)
    film = stitch.run(StitchIn(**IDS, plan_key=KEY, scene_keys=keys, user_id="user1"), stitch.Deps(bucket))
    return bucket.path(film.video_key)


def shown_file(plan: Plan, scene: PlannedScene) -> str:
    """Return the key of the own picture that the scene shows as its take, or that of the clip."""
    takes = own_takes(plan)
    name = orders.take_to_show(plan, scene, "clip", orders.Stock(takes))
    return media_keys.take("v", "g", name, takes[name].kind) if name else CLIP
