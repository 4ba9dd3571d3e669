"""A scene as it is to be ordered, with the pictures that go with the order: what it begins with, and what it shows.

Touches the bucket.
"""

from __future__ import annotations

from functions.generate_scene import own_pictures
from functions.generate_scene.core import FirstFrame, SceneOrder
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build.continuity import frame_key, picture_key
from shared.build.orders import orders_wanted, stock_of
from shared.contracts import GenerateSceneIn
from shared.errors import RecordingUnreadable
from shared.film.plan import Plan, PlannedScene
from shared.models.request_body import Picture
from shared.video.record import GenerationData


def scene_order(request: GenerateSceneIn, data: GenerationData, bucket: Bucket) -> SceneOrder:
    """Return what is to be ordered for the scene, by the stored plan."""
    plan = Plan.model_validate_json(bucket.read_text(request.plan_key))
    scene = plan.scene(request.sequence)
    task = data.vertex_ai_tasks[request.sequence - 1]
    wants = orders_wanted(plan, scene, "clip", stock_of(data))[0]
    first_frame = opening(plan, scene, data, bucket)
    own = references(plan, scene, bucket)
    who = request.attempt, request.user_id
    return SceneOrder(plan, task, *who, wants, data.run, request.budget_usd, first_frame, own)


def opening(plan: Plan, scene: PlannedScene, data: GenerationData, bucket: Bucket) -> FirstFrame | None:
    """Return the picture, or None where the plan wants none, or none is there: then the clip is made without."""
    key = frame_key(plan, scene, data)
    if not key:
        return None
    if scene.picture:
        # Without it nothing is bought: it was a person's choice.
        size = plan.clip_size
        whole = own_pictures.whole_frame(bucket.read_bytes(picture_key(plan, scene, scene.picture)), size)
        return FirstFrame(media_keys.frame_name(key), whole)
    try:
        return FirstFrame(media_keys.frame_name(key), Picture(bucket.read_bytes(key), "image/png"))
    except RecordingUnreadable:
        return None


def references(plan: Plan, scene: PlannedScene, bucket: Bucket) -> tuple[Picture, ...]:
    """Return the user's own pictures that the clip is to show people or things of."""
    own = scene.picture
    if own is None or not own.references:
        return ()
    return (own_pictures.small_picture(bucket.read_bytes(picture_key(plan, scene, own))),)
