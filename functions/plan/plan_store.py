"""The plan of a generation: asked for once, kept, found again by a retry, and held against the budget.

Touches what its ports touch: the planning model, the bucket, the record, and the accounts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from functions.plan import core
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import TABLE_ERRORS
from shared.budget import pricing
from shared.budget.accounts import PLAN, PLANNING, Spending
from shared.contracts import PlanIn
from shared.errors import Superseded
from shared.film.picture_choices import FirstPictures, PlacedPicture
from shared.film.plan import Plan
from shared.models.plan_question import PlannerReply, instructions
from shared.models.plan_question import request as document
from shared.models.planner import Planner
from shared.video.costs import planned_cost, planning_outlay
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class PlanBill:
    """The record as the bill for a plan; `ceiling` is the most that one answer can cost, in USD."""

    ledger: SceneLedger
    ceiling: float

    def asking(self, request: str) -> None:
        """Note that the model is about to be asked; raise Superseded when the record is another generation's."""
        self.ledger.plan_request(request, self.ceiling)

    def note_free(self, request: str) -> None:
        """Note that it was not charged."""
        self.ledger.plan_spared(request)

    def note_cost(self, request: str, answer: str, usd: float) -> None:
        """Note what the answer was charged at."""
        self.ledger.plan_answered(request, answer, usd)


@dataclass(frozen=True)
class PlanStore:
    """Everything that making a plan needs; no plan may cost more than `max_budget` USD."""

    bucket: Bucket
    planner: Planner
    max_budget: float
    spending: Spending
    ledger: SceneLedger

    def plan(self, request: PlanIn, brief: core.PlanBrief) -> Plan:
        """Return the plan that is kept for this generation, made now if there is none.

        Raises BudgetExceeded when the whole video, or asking for a plan of it, would cost more than the request's
        budget or a limit leaves; a plan that is too dear stays, so that nobody is asked again.
        """
        budget = min(request.options.budget_usd or self.max_budget, self.max_budget)
        try:
            plan = self._find(request) or self._make(request, brief, budget)
        finally:
            self._settle(request)
        if request.goal == "video":
            clips = planned_cost(plan)
            core.check_budget(budget, request.transcription_cost_usd + plan.planning_cost_usd + clips)
            # Transcribing and planning are set aside before they are ordered.
            self._hold(request, budget, PLAN, clips)
        return plan

    def pictures(self, request: PlanIn) -> list[PlacedPicture]:
        """Return the user's own pictures that the plan begins with."""
        key = media_keys.pictures(request.video_id, request.generation_id)
        if not self.bucket.holds(key):
            return []
        return FirstPictures.model_validate_json(self.bucket.read_text(key)).pictures

    def _find(self, request: PlanIn) -> Plan | None:
        key = media_keys.plan(request.video_id, request.generation_id, request.plan_name)
        return Plan.model_validate_json(self.bucket.read_text(key)) if self.bucket.holds(key) else None

    def _make(self, request: PlanIn, brief: core.PlanBrief, budget: float) -> Plan:
        model = self.planner.model
        seconds = request.recording_seconds
        self._hold(request, budget, PLANNING, pricing.planning_ceiling(model, seconds))
        language = brief.transcript.language_code
        question = document(brief.phrases_to_send, request.options, brief.target, brief.longest, language)
        bill = PlanBill(self.ledger, pricing.answer_ceiling(model, seconds))
        reply = self.planner.ask(instructions(brief.phrases), question, PlannerReply, bill)
        cost = round(sum(self.ledger.planning().planning_answers.values()), 6)
        plan = core.plan(request, brief, reply, self.pictures(request)).model_copy(update={"planning_cost_usd": cost})
        material_key = media_keys.material(request.video_id, request.generation_id)
        self.bucket.write_text(material_key, core.edit_material(brief).model_dump_json())
        key = media_keys.plan(request.video_id, request.generation_id, request.plan_name)
        self.bucket.write_text(key, plan.model_dump_json())
        return plan

    def _hold(self, request: PlanIn, budget: float, what: str, usd: float) -> None:
        self.spending.hold((request.user_id, request.generation_id), budget, what, usd, self.ledger.check)

    def _settle(self, request: PlanIn) -> None:
        """Give back what was set aside for asking and not spent; what cannot be given back now stays set aside."""
        with suppress(*TABLE_ERRORS, Superseded):
            outlay = planning_outlay(self.ledger.planning())
            self.spending.settle_planning(request.user_id, request.generation_id, outlay)
