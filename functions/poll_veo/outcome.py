"""What a delivered clip is noted as, once: in the record, and in the metrics of what was bought.

Reads the plan and touches the record by conditional writes; a run that finds the clip noted counts nothing, so a retry
counts once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from shared.aws.bucket import Bucket
from shared.errors import RecordingUnreadable
from shared.film.plan import Plan
from shared.models.port import Done
from shared.observability import metrics
from shared.observability.metric_names import USD_SPENT, VEO_SECONDS_BOUGHT
from shared.video.costs import clip_price
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger
from shared.video.take import Take


def delivery_of(bucket: Bucket, task: VertexAiTask) -> Done | None:
    """Return the clip that came with the answer to its order, or None where none came, or it could not be stored."""
    if not task.delivery:
        return None
    try:
        return Done(bucket.read_bytes(task.delivery))
    except RecordingUnreadable:
        return None


def note_clip(ledger: SceneLedger, task: VertexAiTask, bucket: Bucket, key: str, plan_key: str) -> float:
    """Note that the clip of `task` is in the bucket at `key`; return the USD that the scene of the plan has cost.

    The providers charge for clips that it delivers, so this is where a purchase is counted.
    """
    plan = Plan.model_validate_json(bucket.read_text(plan_key))
    scene = plan.scene(task.sequence)
    # What was ordered: the scene may have become longer or shorter since.
    cost = task.price_usd or clip_price(plan, task.sequence)
    # An earlier clip of the scene that could not be used was paid for too.
    total = round(task.cost_usd + cost, 6)
    take = Take(
        scene=scene.id,
        model=plan.model_of(scene),
        seconds=scene.veo_seconds,
        usd=cost,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        order=task.order,
    )
    if ledger.deliver(task.sequence, task, take, f"s3://{bucket.name}/{key}", total):
        metrics.emit(VEO_SECONDS_BOUGHT, scene.veo_seconds)
        metrics.emit(USD_SPENT, cost)
    return total
