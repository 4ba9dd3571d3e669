"""Whatever is edited, the film that is made of the plan has exactly its frames: rendered, joined and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from functions.render_scene import handler as render_scene
from functions.stitch import handler as stitch
from shared import media_keys
from shared.contracts import FIRST_PLAN, RenderSceneIn, StitchIn
from shared.film import ffmpeg
from shared.film.plan import Plan
from tests.unit.media_fakes import SAMPLE, FolderBucket, clip, sound_of
from tests.unit.test_plan_edits import CHANGES, EIGHT, RATE, clips_of, edit_as_drawn, plan_of, require_tiles

IDS: dict[str, Any] = {"video_id": "v", "generation_id": "g"}
KEY = media_keys.plan("v", "g", FIRST_PLAN)
CLIP = media_keys.take("v", "g", "take", "clip")
SHORT_PLAN = plan_of(2.0, 4.0, 6.0)
# Seconds of film that are rendered of one plan at most: every frame costs processor time.
MOST_SECONDS = 12
# Own pictures have films of their own in test_render_own_picture.py.
CUTS = CHANGES.filter(lambda change: change["op"] not in ("picture", "pictures"))


@pytest.fixture(name="bucket", scope="module")
def bucket_with_a_sound_and_a_clip(tmp_path_factory: pytest.TempPathFactory) -> FolderBucket:
    folder = tmp_path_factory.mktemp("films")
    bucket = FolderBucket.at(folder / "bucket")
    bucket.upload(media_keys.sound("v", "g"), sound_of(SAMPLE, folder), "")
    bucket.upload(CLIP, clip(folder / "clip.mp4", MOST_SECONDS, size="144x256"), "video/mp4")
    return bucket


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.lists(CUTS, min_size=3, max_size=12))
@example(
    [
        {"op": "split", "scene": "s2", "at": 3.0},
        {"op": "order", "pictures": EIGHT[::-1]},
        {"op": "move", "scene": "s1", "end": 1.5},
        {"op": "merge", "scene": "s4"},
        {"op": "word", "index": 1, "text": "two words"},
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
    """Return the film that the stages make of the plan, whose scenes all show one plain clip."""
    bucket.write_text(KEY, plan.model_dump_json())
    renderings = [
        render_scene.run(
            RenderSceneIn(**IDS, plan_key=KEY, sequence=scene.sequence, clip_key=CLIP), render_scene.Deps(bucket)
        )
        for scene in plan.scenes
    ]
    assert [each.frames for each in renderings] == [scene.frames for scene in plan.scenes]
    keys = tuple(each.rendered_key for each in renderings)
    film = stitch.run(StitchIn(**IDS, plan_key=KEY, scene_keys=keys, user_id="user1"), stitch.Deps(bucket))
    return bucket.path(film.video_key)
