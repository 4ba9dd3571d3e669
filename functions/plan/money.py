"""The money for asking the planning model: set aside before it is asked, noted in the record, and settled afterwards.

Touches what its ports touch: the record, and the accounts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from shared.aws.dynamodb import TABLE_ERRORS
from shared.budget.account_names import PLANNING
from shared.budget.accounts import Spending
from shared.budget.clip_money import hold_clips
from shared.contracts import PlanIn
from shared.errors import Superseded
from shared.film.plan import Plan
from shared.video.costs import planning_outlay
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class PlanBill:
    """The record as the bill for what is asked; `ceiling` is the most that one answer can cost, in USD."""

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
class PlanMoney:
    """The accounts that a generation draws on for its plan, and the record that tells what it has cost."""

    spending: Spending
    ledger: SceneLedger

    def hold(self, request: PlanIn, budget: float, what: str, usd: float) -> None:
        """Set `usd` aside for `what`; raise BudgetExceeded when the budget, or a day's limit, has no room for it."""
        self.spending.hold((request.user_id, request.generation_id), budget, what, usd, self.ledger.check)

    def begin(self, request: PlanIn) -> None:
        """Settle what earlier runs have left in the accounts; raise Superseded when the generation is over."""
        self.spending.end_earlier_runs((request.user_id, request.generation_id), self.ledger.running())

    def hold_clips(self, request: PlanIn, budget: float, plan: Plan) -> None:
        """Set aside what the plan's clips cost that were never ordered; raises as `hold`."""
        hold_clips(self.spending, (request.user_id, request.generation_id), budget, plan, self.ledger)

    def cost(self) -> float:
        """Return what the planning model's answers have cost, in USD."""
        return round(sum(self.ledger.planning().planning_answers.values()), 6)

    def hold_for_asking(self, request: PlanIn, budget: float, usd: float) -> None:
        """Settle what an earlier asking has left, and set aside the most that asking can cost; raises as `hold`."""
        self._settle(request)
        self.hold(request, budget, PLANNING, usd)

    def give_back(self, request: PlanIn) -> None:
        """Give back what was set aside for asking and not spent; what cannot be given back now stays set aside."""
        with suppress(*TABLE_ERRORS, Superseded):
            self._settle(request)

    def _settle(self, request: PlanIn) -> None:
        outlay = planning_outlay(self.ledger.planning())
        self.spending.settle_planning(request.user_id, request.generation_id, outlay)
