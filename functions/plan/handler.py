"""Plan: turn the transcript into the scenes that the Map state fans out over, or into moments to choose from.

Reads the transcript, asks the planning model, checks the budget, stores plan or moments, notes what the answers cost.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.plan import core, record_attributes, words
from functions.plan.moments import record
from functions.plan.plan_store import PlanStore
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.accounts import Spending, open_accounts
from shared.contracts import PlanIn, PlanOut
from shared.models.planner import Planner
from shared.settings import PlanSettings, stand_in
from shared.stage import stage
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process; no plan may cost more than `max_budget` USD."""

    bucket: Bucket
    planner: Planner
    default_model: str
    table: str
    max_budget: float
    spending: Spending


def run(request: PlanIn, deps: Deps) -> PlanOut:
    """Return the stored plan and its scenes, or moments; no clip is bought before the budget is checked."""
    transcript = words.transcript_of(request, deps.bucket, deps.table)
    ledger = SceneLedger(deps.table, request.video_id, request.generation_id)
    store = PlanStore(deps.bucket, deps.planner, deps.max_budget, deps.spending, ledger)
    if request.goal == "moments":
        return record.answer(request, transcript, store)
    brief = core.brief(transcript, request, request.options.model or deps.default_model)
    plan = store.plan(request, brief)
    notes = [*core.degradations(request, brief, plan), *store.left_out(request, plan)]
    return record_attributes.answer(request, transcript, plan, notes, deps.bucket.name, cost_usd=store.cost(plan))


def _real_deps() -> Deps:
    settings = PlanSettings.read()
    return Deps(
        bucket=Bucket(settings.media_bucket),
        planner=Planner(settings.planner_model, stored_in(settings.secret_id), stand_in=stand_in(settings.planned_by)),
        default_model=settings.default_video_model,
        table=settings.table_name,
        max_budget=settings.max_budget_usd,
        spending=open_accounts(settings),
    )


handler = stage(run, takes=PlanIn, deps=_real_deps)
