"""GenerateScene: order one scene's clip from its video model, once, and return what the order is called.

Reads the plan, claims the scene in the record before ordering and notes the operation at once after.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from functions.generate_scene.core import next_step
from functions.generate_scene.opening import scene_order
from functions.generate_scene.purchase import ClipPurchase, earlier_order
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.accounts import Spending, open_accounts
from shared.contracts import GenerateSceneIn, GenerateSceneOut
from shared.film.plan import Plan
from shared.models.adapters import Find, by_model
from shared.models.planner import Planner
from shared.models.planner_models import REPHRASING
from shared.settings import GenerateSceneSettings
from shared.stage import stage
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process; `patience` is a clip's time limit in seconds."""

    bucket: Bucket
    table: str
    models: Find
    planner: Planner
    patience: int
    spending: Spending


def run(request: GenerateSceneIn, deps: Deps) -> GenerateSceneOut:
    """Order the scene's clip, or find the operation that was ordered before; a blocked prompt has no operation."""
    ledger = SceneLedger(deps.table, request.video_id, request.generation_id)
    data = ledger.running()
    task = data.vertex_ai_tasks[request.sequence - 1]
    if next_step(task, request.attempt) == "found":
        return earlier_order(ledger, task, deps.patience, time.time())
    plan = Plan.model_validate_json(deps.bucket.read_text(request.plan_key))
    order = scene_order(request, plan, data, deps.bucket)
    model = deps.models(plan.model_of(order.scene))
    return ClipPurchase(order, ledger, deps.bucket, model, deps.planner, deps.patience, deps.spending).place()


def _real_deps() -> Deps:
    settings = GenerateSceneSettings.read()
    secrets = stored_in(settings.secret_id)
    planner = Planner(settings.planner_model, secrets, REPHRASING)
    where = Bucket(settings.media_bucket), settings.table_name
    return Deps(*where, by_model(secrets), planner, settings.scene_deadline_seconds, open_accounts(settings))


handler = stage(run, takes=GenerateSceneIn, deps=_real_deps)
