"""Changes of accounts that are made together, all of them or none: what a purpose holds becomes what it has cost.

Touches the table that it is given. All amounts are in USD.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.aws.dynamodb import Condition, Table, Update, write_all
from shared.budget.account_names import OF_DEPLOYMENT, PLAN, PLANNING, TRANSCRIPTION, account_ids, day_attribute
from shared.video.costs import costs
from shared.video.record import GenerationData

# What the failures of a table of accounts call it.
WORDS = "accounts"
# An account that has expired is not made anew by a correction: it would stay for ever, and hold less than nothing.
_EXISTS = Condition("attribute_exists(spent)")


def account_table(name: str) -> Table:
    """Return the table of accounts called `name`."""
    return Table(name, "id", WORDS)


@dataclass(frozen=True)
class Accounts:
    """The accounts of a generation's purpose, as one that changes them has read them: its own, the user's, the day's.

    Purposes stand in the generation's account, which says of those that it has `counted` that all accounts count them.
    Of one that an earlier version set aside, each account says so itself, by its own `purposes`.
    """

    ids: tuple[str, str, str]
    own: Mapping[str, Any]
    read: Callable[[str], Mapping[str, Any]]

    @property
    def day(self) -> str:
        """The day (ISO 8601) on whose accounts the purpose stands."""
        return self.ids[2].removeprefix(OF_DEPLOYMENT)

    def has(self, purpose: str) -> bool:
        """Return whether the purpose is set aside in all accounts: it is when it is in the last one."""
        return purpose in self.own.get("purposes", ()) and self.ids[2] in self.counting(purpose)

    def counting(self, purpose: str) -> list[str]:
        """Return the ids of the accounts of the day that count the purpose."""
        days = self.ids[1:]
        if purpose in self.own.get("counted", ()):
            return list(days)
        return [day for day in days if purpose in self.read(day).get("purposes", ())]

    def finish(self, purpose: str) -> list[tuple[str, Update]]:
        """Return the change that says that all accounts count what an earlier version set aside in the own one."""
        if purpose not in self.own.get("purposes", ()):
            return []
        where = Condition("contains(purposes, :purpose) AND NOT contains(counted, :purpose)", {"purpose": purpose})
        return [(self.ids[0], Update(adds={"counted": {purpose}}, where=where))]

    def end(self, purpose: str, more: float, sets: dict[str, float] | None = None) -> list[tuple[str, Update]]:
        """Return the changes, to be made together, that end a purpose and change what is held for it by `more` USD.

        The generation's own is the last; it keeps the `sets` besides, and must hold the purpose until then.
        """
        days = [(day, _correction(more, {purpose}, _EXISTS)) for day in self.counting(purpose)]
        holds = Condition("contains(purposes, :purpose)", {"purpose": purpose})
        return [*days, (self.ids[0], _correction(more, {purpose}, holds, sets or {}))]


def _correction(
    more: float, purposes: set[str], where: Condition, sets: Mapping[str, float] = MappingProxyType({})
) -> Update:
    """Return the change of what an account holds by `more` USD that ends the purposes, and keeps the `sets`."""
    amounts = {name: round_usd(amount) for name, amount in sets.items()}
    ends = {"purposes": purposes, "counted": purposes}
    return Update(sets=amounts, adds={"spent": round_usd(more)}, deletes=ends, where=where)


def write_corrections(table: Table, changes: Sequence[tuple[str, Update]], *checks: Any) -> bool:
    """Return whether all changes were made, of which the last is the generation's own, or else none.

    Those of a day's accounts that are gone are left out: nobody asks for them any more. `checks` are further parts of
    the transaction. Raises TableUnavailable.
    """
    *of_days, own = changes
    if _write(table, [*of_days, own], checks):
        return True
    existing = [change for change in of_days if table.get(change[0])]
    return len(existing) < len(of_days) and _write(table, [*existing, own], checks)


def _write(table: Table, changes: Sequence[tuple[str, Update]], checks: Sequence[Any]) -> bool:
    return write_all([*checks, *(table.part(*change) for change in changes)], WORDS)


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
    of_days = [(each, _correction(more, purposes, _EXISTS)) for each in days if day and (more or purposes)]
    same = Condition("spent = :held", {"held": round_usd(held_usd)}) if "spent" in item else _EXISTS
    own = _correction(more if day else 0.0, purposes, same, sets)
    return [*of_days, (generation, own)]


def _last_day(item: Mapping[str, Any]) -> str | None:
    """Return the last day on which something was set aside that may be settled late; None when nothing was."""
    purposes = (purpose.partition(" ")[2] for purpose in item.get("purposes", ()))
    names = (day_attribute(what) for what in (PLAN, PLANNING, TRANSCRIPTION, *purposes))
    return max((item[name] for name in names if name in item), default=None)
