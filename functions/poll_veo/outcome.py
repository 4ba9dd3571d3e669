"""What a delivered clip is noted as, once: in the record, and in the metrics of what was bought.

Touches the record by conditional writes; a run that finds the clip noted counts nothing, so a retry counts once.
"""

from __future__ import annotations

from shared.film.plan import Plan
from shared.observability import metrics
from shared.observability.metric_names import USD_SPENT, VEO_SECONDS_BOUGHT
from shared.video.costs import clip_price
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger


def note_clip(ledger: SceneLedger, task: VertexAiTask, plan: Plan, url: str) -> float:
    """Note that the clip of `task` is kept at `url`; return the USD that the scene has cost.

    Veo charges for clips that it delivers, so this is where a purchase is counted.
    """
    cost = clip_price(plan, task.sequence)
    # An earlier clip of the scene that could not be used was paid for too.
    spent = round(task.cost_usd + cost, 6)
    if ledger.note(task.sequence, task, status="clip_ready", video_url=url, cost_usd=spent):
        metrics.emit(VEO_SECONDS_BOUGHT, plan.scene(task.sequence).veo_seconds)
        metrics.emit(USD_SPENT, cost)
    return spent
