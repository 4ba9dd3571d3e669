"""The captions in another language: what a run lacks of them is bought once, and kept for every video of the recording.

Touches what its ports touch: the planning model, the bucket, the record, and the accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.plan.money import PlanBill, PlanMoney
from shared.budget import pricing
from shared.build.translation_question import INSTRUCTIONS, reply_type, size_of
from shared.build.translations import MissingLines, Translations
from shared.contracts import PlanIn
from shared.errors import PlanInvalid, TranslationInvalid
from shared.film.plan import Plan
from shared.models.planner import Planner
from shared.models.planner_models import TRANSLATING


@dataclass(frozen=True)
class Translator:
    """The planning model as a translator, and the money that it costs."""

    translations: Translations
    planner: Planner
    money: PlanMoney

    def translate(self, request: PlanIn, plan: Plan, budget: float) -> None:
        """Have the plan's captions translated, unless they are or need not be.

        Raises BudgetExceeded when `budget` USD have no room for it, TranslationInvalid when no answer has a line for
        each line, and what `Planner.ask` raises.
        """
        missing = self.translations.missing(plan)
        if missing is None:
            return
        answers = self._ask(request, missing, budget) if missing.lines else {}
        self.translations.store(plan, self.planner.model, missing, answers)

    def _ask(self, request: PlanIn, missing: MissingLines, budget: float) -> dict[str, str]:
        model = self.planner.model
        size = size_of(missing.question)
        bill = PlanBill(self.money.ledger, pricing.translated_ceiling(model, size))
        reply = reply_type(len(missing.lines))
        self.money.hold_for_asking(request, budget, pricing.translation_ceiling(model, size))
        try:
            answer = self.planner.in_manner(TRANSLATING).ask(INSTRUCTIONS, missing.question, reply, bill)
        except PlanInvalid as error:
            raise TranslationInvalid(
                "The captions were not translated line by line: the planning model's answer was of no use, twice."
            ) from error
        return dict(zip(missing.lines, answer.lines, strict=True))
