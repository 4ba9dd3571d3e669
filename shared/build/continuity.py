"""What a clip begins with: which picture that is in the bucket, and what is said where the video shows another one.

Values only; touches nothing. A picture is known by its name (shared/media_keys.py): the end of a scene by the clip that
the scene shows and its length in frames, a still by its take.
"""

from __future__ import annotations

from collections.abc import Collection

from shared import media_keys
from shared.build.orders import CHAINED, Stock, beginning, stock_of
from shared.film.camerawork import Move, read_camerawork
from shared.film.picture_choices import ScenePicture
from shared.film.plan import Plan, PlannedScene
from shared.video.record import GenerationData

_THERE = ("clip_ready", "completed")
# What is said, by whether a clip shall begin with its still, and whether it began with a picture at all.
_SEAMS = {
    (True, True): "Scene {scene} begins with another picture than its still: its clip was made so.",
    (True, False): "Scene {scene} does not begin with a still: its clip was made so.",
    (False, True): "Scene {scene} begins where scene {before} ended earlier: its clip is kept.",
    (False, False): ("Scene {scene} does not begin where scene {before} ends: its clip was made without that picture."),
}


def frame_key(plan: Plan, scene: PlannedScene, data: GenerationData) -> str:
    """Return the key of the picture that a clip of the scene begins with by the plan; nothing where there is none."""
    own = scene.picture
    if own and own.begins_clip:
        return media_keys.whole_still(picture_key(plan, scene, own))
    begins_with = beginning(plan, scene, stock_of(data))
    if begins_with == CHAINED:
        return _end_of(plan.scene(scene.sequence - 1), data)
    if not begins_with:
        return ""
    return media_keys.whole_still(media_keys.take(plan.video_id, plan.generation_id, begins_with, "still"))


def picture_key(plan: Plan, scene: PlannedScene, own: ScenePicture) -> str:
    """Return the key of the file of the scene's own picture."""
    return media_keys.take(plan.video_id, plan.generation_id, own.take_id(scene.id), own.kind)


def still_move(scene: PlannedScene) -> Move:
    """Return how the camera moves over a picture of the scene that stands still."""
    return read_camerawork(scene.vertex_ai_prompt, scene.sequence).move


def seam_notes(plan: Plan, scene: PlannedScene, data: GenerationData, first_frame: str) -> tuple[str, ...]:
    """Return what is said of a scene whose clip began with the picture called `first_frame`, if not as planned."""
    if scene.picture:
        is_lost = scene.picture.begins_clip and not first_frame
        return (f"Scene {scene.sequence} does not begin with your picture: its clip was made so.",) if is_lost else ()
    is_still = plan.options.continuity == "still"
    is_free = not is_still and not beginning(plan, scene, stock_of(data))
    if is_free or (first_frame and first_frame == media_keys.frame_name(frame_key(plan, scene, data))):
        return ()
    return (_SEAMS[is_still, bool(first_frame)].format(scene=scene.sequence, before=scene.sequence - 1),)


def kept_after(plan: Plan, missing: Collection[str], stock: Stock) -> list[str]:
    """Return the ids of scenes that keep a clip which begins where the scene before ended, whose clip is `missing`."""
    pairs = zip(plan.scenes, plan.scenes[1:], strict=False)
    return [
        scene.id
        for before, scene in pairs
        if before.id in missing and scene.id not in missing and beginning(plan, scene, stock) == CHAINED
    ]


def _end_of(scene: PlannedScene, data: GenerationData) -> str:
    task = data.vertex_ai_tasks[scene.sequence - 1]
    is_there = task.kind == "clip" and task.state in _THERE and task.video_url
    return end_key(scene, media_keys.key_of(task.video_url)) if is_there else ""


def end_key(scene: PlannedScene, key: str) -> str:
    """Return the key of the picture that the scene ends with when it shows what lies at `key`."""
    return media_keys.last_frame(key, scene.frames, still_move(scene) if media_keys.is_still(key) else "")
