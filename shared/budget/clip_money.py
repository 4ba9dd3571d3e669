"""The money for the clips that a run of a plan may order first: all of it is set aside before one is ordered.

Touches what its ports touch: the record, and the accounts.
"""

from __future__ import annotations

from shared.budget.account_names import PLAN
from shared.budget.accounts import Spending
from shared.film.plan import Plan
from shared.video.costs import unordered_cost
from shared.video.scene_ledger import SceneLedger


def hold_clips(spending: Spending, who: tuple[str, str], budget: float | None, plan: Plan, ledger: SceneLedger) -> None:
    """Set aside what the clips of `plan` cost that were never ordered, once in a run.

    `who` are the user's and the generation's ids, `budget` is in USD. Raises as `Spending.hold` does.
    """
    spending.hold(who, budget, PLAN, unordered_cost(plan, ledger.running()), ledger.check)
