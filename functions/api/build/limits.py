"""What a run may make and buy: the room for takes, the generation's budget, and what was agreed to for this run.

Values only; touches nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized

from shared.build import orders
from shared.contracts import Options
from shared.errors import BudgetExceeded
from shared.http.refusals import TooManyTakes
from shared.video.costs import outlay
from shared.video.record import GenerationData
from shared.video.take import MOST_TAKES


def require_room(
    data: GenerationData, options: Options, missing: Sequence[orders.Need], besides_usd: float = 0
) -> None:
    """Raise TooManyTakes or BudgetExceeded when the generation has no room for what is missing, and for what is bought
    besides.
    """
    require_room_for(data.takes, len(missing))
    total_usd = round(outlay(data) + orders.price(missing) + besides_usd, 6)
    if options.budget_usd is not None and options.budget_usd < total_usd:
        raise BudgetExceeded(
            f"The run would bring the generation to {total_usd:.4f} USD, and its budget is {options.budget_usd:g} USD; "
            "raise it, or make less."
        )


def require_room_for(takes: Sized, more: int = 0) -> None:
    """Raise TooManyTakes when a generation that has the takes has no room for so many more."""
    if len(takes) + more > MOST_TAKES:
        raise TooManyTakes(f"This generation has {len(takes)} takes, and {MOST_TAKES} are the most.")


def most_usd(
    data: GenerationData, options: Options, missing: Sequence[orders.Need] | None, besides_usd: float = 0
) -> float:
    """Return the most that a run may buy for, in USD: what is missing, if there is a plan, else what the budget leaves.

    It is infinite without a plan and a budget.
    """
    if missing is not None:
        return round(orders.price(missing) + besides_usd, 6)
    return math.inf if options.budget_usd is None else round(options.budget_usd - outlay(data), 6)


def require_within(agreed_usd: float | None, usd: float) -> None:
    """Raise BudgetExceeded when a run that may buy for `usd` is wanted for `agreed_usd` at most."""
    if agreed_usd is None or usd <= agreed_usd:
        return
    price = "has no price before it is planned, and no budget" if usd == math.inf else f"may cost {usd:.4f} USD"
    raise BudgetExceeded(f"The run {price}; {agreed_usd:g} USD is the most that was agreed to, so nothing was started.")
