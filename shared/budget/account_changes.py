"""Changes of accounts that are made together, all of them or none: what a purpose holds becomes what it has cost.

Values only; touches nothing. All amounts are in USD.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.aws.dynamodb import Condition, Table, Update
from shared.budget.account_names import PLAN, PLANNING, TRANSCRIPTION, account_ids, day_attribute
from shared.video.costs import costs
from shared.video.record import GenerationData

# What the failures of a table of accounts call it.
WORDS = "accounts"


def account_table(name: str) -> Table:
    """Return the table of accounts called `name`."""
    return Table(name, "id", WORDS)


def change(purpose: str, more: float, sets: dict[str, float] | None = None) -> Update:
    """Return the change that ends a purpose of an account and changes what it holds by `more` USD.

    `sets` are numbers that the account keeps besides.
    """
    holds = Condition("contains(purposes, :purpose)", {"purpose": purpose})
    return Update(sets=sets or {}, adds={"spent": round_usd(more)}, deletes={"purposes": {purpose}}, where=holds)


def correction(more: float, purposes: set[str], held_usd: float | None = None, **sets: float) -> Update:
    """Return the change of what an account holds by `more` USD that ends the purposes.

    `sets` are numbers that the account keeps besides; `held_usd` is what it must hold until then.
    """
    is_known = Condition("attribute_exists(spent)")
    where = is_known if held_usd is None else Condition("spent = :held", {"held": round_usd(held_usd)})
    amounts = {name: round_usd(amount) for name, amount in sets.items()}
    return Update(sets=amounts, adds={"spent": round_usd(more)}, deletes={"purposes": purposes}, where=where)


def round_usd(amount: float) -> float:
    """Return an amount without noise in its last digits."""
    return round(amount, 6) + 0.0


def closing_changes(
    who: tuple[str, str], item: Mapping[str, Any], cost: float, data: GenerationData, **sets: float
) -> list[tuple[str, Update]]:
    """Return the changes by which the accounts of `who` hold what it can have `cost`, the generation's own last.

    `item` is what that account holds now, which must be so until then; it keeps the `sets` besides. All purposes end
    but that of a transcription that was bought.
    """
    held_usd = item.get("spent", 0.0)
    purposes = set(item.get("purposes", ()))
    purposes -= {f"{who[1]} {TRANSCRIPTION}"} if costs(data).transcription else set()
    more = round_usd(cost - held_usd)
    day = _last_day(item)
    generation, *days = account_ids(*who, day or "")
    of_days = [(each, correction(more, purposes)) for each in days if day and (more or purposes)]
    own = correction(more if day else 0.0, purposes, held_usd if "spent" in item else None, **sets)
    return [*of_days, (generation, own)]


def _last_day(item: Mapping[str, Any]) -> str | None:
    """Return the last day on which something was set aside that may be settled late; None when nothing was."""
    purposes = (purpose.partition(" ")[2] for purpose in item.get("purposes", ()))
    names = (day_attribute(what) for what in (PLAN, PLANNING, TRANSCRIPTION, *purposes))
    return max((item[name] for name in names if name in item), default=None)
