"""The plan of a generation: asked for once, kept, found again by a retry, and held against the budget.

Touches what its ports touch: the planning model, the bucket, the record, and the accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.plan import core
from functions.plan.material import material_of
from functions.plan.money import PlanBill, PlanMoney
from functions.plan.translating import Translator
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.budget.accounts import Spending
from shared.build.picture_edits import left_out
from shared.build.translations import Translations
from shared.contracts import PlanIn
from shared.film.picture_choices import FirstPictures, PlacedPicture
from shared.film.plan import Plan
from shared.models.plan_question import PlannerReply, instructions
from shared.models.plan_question import request as document
from shared.models.planner import Planner
from shared.video.costs import unordered_cost
from shared.video.scene_ledger import SceneLedger


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
        self._money.begin(request)
        try:
            plan = self._find(request) or self._make(request, brief, budget)
            Translator(Translations(self.bucket), self.planner, self._money).translate(request, plan, budget)
        finally:
            self._money.give_back(request)
        if request.goal == "video":
            clips = unordered_cost(plan, self.ledger.running())
            core.check_budget(budget, request.transcription_cost_usd + self.cost(plan) + clips)
            # Transcribing and planning are set aside before they are ordered.
            self._money.hold_clips(request, budget, plan)
        return plan

    def cost(self, plan: Plan) -> float:
        """Return what planning, and translating the captions, has cost, in USD."""
        return max(plan.planning_cost_usd, self._money.cost())

    def pictures(self, request: PlanIn) -> list[PlacedPicture]:
        """Return the user's own pictures that the plan begins with."""
        key = media_keys.pictures(request.video_id, request.generation_id)
        if not self.bucket.holds(key):
            return []
        return FirstPictures.model_validate_json(self.bucket.read_text(key)).pictures

    def left_out(self, request: PlanIn, plan: Plan) -> list[str]:
        """Return a sentence on own pictures that have no place in the plan."""
        return left_out(plan, self.pictures(request))

    def _find(self, request: PlanIn) -> Plan | None:
        key = media_keys.plan(request.video_id, request.generation_id, request.plan_name)
        return Plan.model_validate_json(self.bucket.read_text(key)) if self.bucket.holds(key) else None

    def _make(self, request: PlanIn, brief: core.PlanBrief, budget: float) -> Plan:
        model = self.planner.model
        seconds = brief.seconds
        language = brief.transcript.language_code
        question = document(brief.phrases_to_send, request.options, brief.target, brief.longest, language)
        bill = PlanBill(self.ledger, pricing.answer_ceiling(model, seconds))
        self._money.hold_for_asking(request, budget, pricing.planning_ceiling(model, seconds))
        reply = self.planner.ask(instructions(brief.phrases), question, PlannerReply, bill)
        plan = core.plan(request, brief, reply, self.pictures(request))
        plan = plan.model_copy(update={"planning_cost_usd": self._money.cost()})
        material_key = media_keys.material(request.video_id, request.generation_id)
        self.bucket.write_text(material_key, material_of(brief.transcript, brief.all_phrases).model_dump_json())
        key = media_keys.plan(request.video_id, request.generation_id, request.plan_name)
        self.bucket.write_text(key, plan.model_dump_json())
        return plan

    @property
    def _money(self) -> PlanMoney:
        return PlanMoney(self.spending, self.ledger)
