"""What a delivered clip is noted as, once: in the record, and in the metrics of what was bought.

Touches the bucket, and the record by conditional writes; a run that finds the clip noted counts nothing, so that a
retry counts once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.errors import RecordingUnreadable
from shared.film.plan import Plan
from shared.models.port import Done
from shared.observability import metrics
from shared.observability.metric_names import USD_SPENT, VEO_SECONDS_BOUGHT
from shared.provenance.mark import with_mark
from shared.provenance.sources import source_of_clip
from shared.video.costs import clip_price
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger
from shared.video.take import Take


def delivery_of(bucket: Bucket, task: VertexAiTask) -> Done | None:
    """Return the clip that came with the answer to its order, or None where none came, or it could not be stored."""
    # One of an earlier deployment may have gone by now: it lay where nothing is kept.
    if not media_keys.is_take(task.delivery):
        return None
    try:
        return Done(bucket.read_bytes(task.delivery))
    except RecordingUnreadable:
        return None


def plan_of(bucket: Bucket, key: str) -> Plan:
    """Return the plan that lies at the key."""
    return Plan.model_validate_json(bucket.read_text(key))


def keep_clip(ledger: SceneLedger, task: VertexAiTask, plan: Plan, bucket: Bucket, clip: bytes) -> tuple[str, float]:
    """Store the clip of `task`, marked, as a take, and note it; return its key, and USD that its scene has cost."""
    key = media_keys.take(plan.video_id, plan.generation_id, task.claim, "clip")
    bucket.write_bytes(key, with_mark(clip, source_of_clip(task.first_frame)), "video/mp4")
    return key, note_clip(ledger, task, plan, f"s3://{bucket.name}/{key}")


def note_clip(ledger: SceneLedger, task: VertexAiTask, plan: Plan, location: str) -> float:
    """Note that the clip of `task` is at `location`, an s3:// URL; return the USD that its scene of the plan has cost.

    The providers charge for clips that it delivers, so this is where a purchase is counted.
    """
    scene = plan.scene(task.sequence)
    # What was ordered: the scene may have become longer or shorter since.
    cost = task.price_usd or clip_price(plan, task.sequence)
    seconds = task.ordered_seconds or scene.veo_seconds
    # An earlier clip of the scene that could not be used was paid for too.
    total = round(task.cost_usd + cost, 6)
    take = Take(
        scene=scene.id,
        model=task.ordered_model or plan.model_of(scene),
        seconds=seconds,
        usd=cost,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        order=task.order,
        first_frame=task.first_frame,
    )
    if ledger.deliver(task.sequence, task, take, location, total):
        metrics.emit(VEO_SECONDS_BOUGHT, seconds)
        metrics.emit(USD_SPENT, cost)
    return total
