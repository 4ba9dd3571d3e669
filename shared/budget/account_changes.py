"""Changes of accounts that are made together, all of them or none: what a purpose holds becomes what it has cost.

Values only; touches nothing. All amounts are in USD.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.aws.dynamodb import Condition, Table, Update

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


def rest_of_plan(reservation: Mapping[str, Any], outlay: float) -> float:
    """Return the USD that a plan has set aside and not used, by its generation's account.

    `outlay` is the most that the generation can have cost: all that was set aside besides the plan counts first.
    """
    return max(0.0, round_usd(min(reservation["planned"], reservation["spent"] - outlay)))


def round_usd(amount: float) -> float:
    """Return an amount without noise in its last digits."""
    return round(amount, 6) + 0.0
