"""The user's own pictures that a still is to be like.

Touches the bucket.
"""

from __future__ import annotations

from shared.aws.bucket import Bucket
from shared.build.continuity import picture_key
from shared.film.plan import Plan, PlannedScene
from shared.models.request_body import Picture


def references(plan: Plan, scene: PlannedScene, bucket: Bucket) -> tuple[Picture, ...]:
    """Return them as the image model is sent them."""
    own = scene.picture
    if own is None or not own.references:
        return ()
    key = picture_key(plan, scene, own)
    return (Picture(bucket.read_bytes(key), bucket.media_type(key)),)
