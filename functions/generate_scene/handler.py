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
from shared.models.adapters import Find, by_model
from shared.models.planner import Planner
from shared.models.planner_models import REPHRASING
from shared.quota.turn_table import TurnTable, open_turns
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
    turns: TurnTable


def run(request: GenerateSceneIn, deps: Deps) -> GenerateSceneOut:
    """Order the scene's clip, find its operation, or say how long it waits; a blocked prompt has no operation."""
    ledger = SceneLedger(deps.table, request.video_id, request.generation_id)
    data = ledger.running()
    if next_step(task := data.vertex_ai_tasks[request.sequence - 1], request.attempt) == "found":
        return earlier_order(ledger, task, deps.patience, time.time())
    order = scene_order(request, data, deps.bucket)
    model = deps.models(order.plan.model_of(order.scene))
    limits = deps.patience, deps.spending, deps.turns
    return ClipPurchase(order, ledger, deps.bucket, model, deps.planner, *limits).place()


def _real_deps() -> Deps:
    settings = GenerateSceneSettings.read()
    secrets = stored_in(settings.secret_id)
    planner = Planner(settings.planner_model, secrets, REPHRASING)
    where = Bucket(settings.media_bucket), settings.table_name, by_model(secrets)
    return Deps(*where, planner, settings.scene_deadline_seconds, open_accounts(settings), open_turns(settings))


handler = stage(run, takes=GenerateSceneIn, deps=_real_deps)
