"""Plan: turn the transcript into the scenes that the Map state fans out over.

Reads the transcript, asks the planning model once a generation, checks the budget and stores the plan in the bucket.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from functions.plan import core, entries
from functions.plan.reply import INSTRUCTIONS, PlannerReply
from functions.plan.reply import request as document
from functions.plan.transcript import read
from shared import env, media_keys
from shared.bucket import Bucket
from shared.contracts import Plan, PlanIn, PlanOut, SceneRef
from shared.planner import Planner
from shared.record import attribute_value
from shared.secrets import stored_in
from shared.spending import Spending, deployed
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process; no plan may cost more than `max_budget` USD."""

    bucket: Bucket
    planner: Planner
    default_model: str
    max_budget: float = math.inf
    spending: Spending | None = None


def run(request: PlanIn, deps: Deps) -> PlanOut:
    """Return the stored plan and its scenes; nothing of Veo is bought before the budget is checked."""
    transcript = read(deps.bucket.read_text(request.transcript_key), request.recording_seconds)
    brief = core.brief(transcript, request, request.options.model or deps.default_model)
    key = media_keys.plan(request.video_id, request.generation_id)
    stored = deps.bucket.read_text(key) if deps.bucket.holds(key) else None
    plan = Plan.model_validate_json(stored) if stored else _made(request, deps, brief)
    planned = core.planned_cost(plan)
    budget = min(request.options.budget_usd or deps.max_budget, deps.max_budget)
    core.check_budget(budget, request.transcription_cost_usd + plan.planning_cost_usd + planned)
    if not stored:
        deps.bucket.write_text(key, plan.model_dump_json())
    if deps.spending:
        who = request.user_id, request.generation_id, budget
        deps.spending.set_aside(*who, "plan", request.transcription_cost_usd + plan.planning_cost_usd + planned)
    return PlanOut(
        plan_key=key,
        scenes=tuple(SceneRef(sequence=scene.sequence) for scene in plan.scenes),
        cost_usd=plan.planning_cost_usd,
        planned_video_cost_usd=planned,
        **entries.attributes(transcript, plan),
        degraded=attribute_value(core.degraded(request, brief, plan)),
    )


def _made(request: PlanIn, deps: Deps, brief: core.Brief) -> Plan:
    language = brief.transcript.language_code
    asked = document(brief.heard, request.options, brief.target, brief.longest, language)
    reply, cost = deps.planner.ask(INSTRUCTIONS, asked, PlannerReply)
    return core.plan(request, brief, reply).model_copy(update={"planning_cost_usd": cost})


def _real_deps() -> Deps:
    planner = Planner(env.text("PLANNER_MODEL"), stored_in(env.text("SECRET_ID")))
    bucket = Bucket(env.text("MEDIA_BUCKET"))
    return Deps(bucket, planner, env.text("DEFAULT_VIDEO_MODEL"), env.number("MAX_BUDGET_USD"), deployed())


handler = stage(run, takes=PlanIn, deps=_real_deps)
