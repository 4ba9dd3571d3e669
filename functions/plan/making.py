"""The plan of a generation: asked for once, held against the budget before it is kept, and found again by a retry.

Touches what its ports touch: the planning model, the bucket, the record, and the accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.plan import core
from functions.plan.reply import INSTRUCTIONS, PlannerReply
from functions.plan.reply import request as document
from shared import media_keys
from shared.bucket import Bucket
from shared.contracts import PlanIn
from shared.costs import planned_cost
from shared.plan import Plan
from shared.planner import Planner
from shared.scenes import SceneLedger
from shared.spending import PLAN, Spending


@dataclass(frozen=True)
class Making:
    """Everything that making a plan needs; no plan may cost more than `max_budget` USD."""

    bucket: Bucket
    planner: Planner
    max_budget: float
    spending: Spending | None
    ledger: SceneLedger

    def plan(self, request: PlanIn, brief: core.Brief) -> Plan:
        """Return the plan that is kept for this generation, made now if there is none.

        Raises BudgetExceeded when the whole video would cost more than the request's budget or a limit leaves.
        """
        key = media_keys.plan(request.video_id, request.generation_id)
        stored = self.bucket.read_text(key) if self.bucket.holds(key) else None
        plan = Plan.model_validate_json(stored) if stored else self._asked(request, brief)
        own = plan.planning_cost_usd + planned_cost(plan)
        budget = min(request.options.budget_usd or self.max_budget, self.max_budget)
        core.check_budget(budget, request.transcription_cost_usd + own)
        if not stored:
            self.bucket.write_text(key, plan.model_dump_json())
        if self.spending:
            # The transcription was set aside before it was ordered.
            self.spending.hold((request.user_id, request.generation_id), budget, PLAN, own, self.ledger.check)
        return plan

    def _asked(self, request: PlanIn, brief: core.Brief) -> Plan:
        language = brief.transcript.language_code
        asked = document(brief.heard, request.options, brief.target, brief.longest, language)
        spent = [0.0]
        reply = self.planner.ask(
            INSTRUCTIONS, asked, PlannerReply, lambda answer, usd: spent.append(self.ledger.planned(answer, usd))
        )
        return core.plan(request, brief, reply).model_copy(update={"planning_cost_usd": spent[-1]})
