"""What may still be spent: accounts with a limit, from which money is set aside before anything is bought.

Touches one DynamoDB table; all accounts of a purpose are changed together or not at all, and that of the generation
names the purpose, so that nothing is set aside or given back twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, Table, Update, write_all
from shared.budget.account_changes import (
    WORDS,
    Accounts,
    account_table,
    closing_changes,
    round_usd,
    write_corrections,
)
from shared.budget.account_names import PLAN, PLANNING, TRANSCRIPTION, account_ids, day_attribute
from shared.errors import BudgetExceeded, Superseded, TableUnavailable
from shared.settings import AccountSettings
from shared.video.costs import outlay, planning_outlay
from shared.video.record import GenerationData

# Seconds: a generation can go on at any time, and what it has cost counts against its budget; each run begins it anew.
KEPT = 400 * 86_400
# How often a change is made of what the accounts hold, which others change meanwhile.
TRIES = 8
# By purpose, the attributes in which a generation's account keeps how much was set aside.
_AMOUNTS = {PLAN: "planned", PLANNING: "planning", TRANSCRIPTION: "transcription"}

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Account:
    """What one generation, user or deployment may spend: `limit` in USD, `words` say whose limit it is.

    A generation's account keeps on which `day` something was set aside.
    """

    id: str
    limit: float
    words: str
    day: str = ""


@dataclass(frozen=True)
class Limits:
    """The most that may be set aside, in USD: for one video, and in a day (UTC) for a user and for the deployment."""

    video: float
    user_day: float
    deployment_day: float

    def accounts(self, user_id: str, generation_id: str, budget: float | None, day: str) -> list[Account]:
        """Return the accounts that a generation draws on; `budget` is what its user asked for, `day` ISO 8601."""
        video = min(budget or self.video, self.video)
        of_generation, of_user, of_deployment = account_ids(user_id, generation_id, day)
        return [
            Account(of_generation, video, "the budget is {limit:g} USD", day),
            Account(of_user, self.user_day, "this user's limit is {limit:g} USD a day"),
            Account(of_deployment, self.deployment_day, "this deployment's limit is {limit:g} USD a day"),
        ]


@dataclass(frozen=True)
class Spending:
    """The table of accounts."""

    table: str
    limits: Limits
    now: Callable[[], float] = time.time

    def set_aside(self, user_id: str, generation_id: str, budget: float | None, what: str, usd: float) -> float:
        """Set `usd` aside for `what` of the generation, once, however often it is asked; return the USD.

        Raises BudgetExceeded with the cost and the limit when an account has no room, TableUnavailable, or
        PermissionMissing; nothing is set aside then.
        """
        purpose = f"{generation_id} {what}"
        for _ in range(TRIES):
            accounts = self._accounts_of(user_id, generation_id, what)
            if accounts.has(purpose):
                return usd
            # What an earlier version has set aside in some of the accounts only is set aside in the others now.
            drawn_on = self.limits.accounts(user_id, generation_id, budget, accounts.day)
            lacking = [each for each in drawn_on if purpose not in accounts.read(each.id).get("purposes", ())]
            for account in lacking:
                _check_room(account, accounts.read(account.id).get("spent", 0.0), usd)
            changes = [(account.id, self._taking(account, purpose, usd)) for account in lacking]
            if write_all([self._accounts.part(*each) for each in (*accounts.finish(purpose), *changes)], WORDS):
                return usd
        raise TableUnavailable("The accounts changed too often while money was set aside.")

    def give_back(self, user_id: str, generation_id: str, what: str, usd: float) -> None:
        """Give the `usd` back that were set aside for `what`, if they still are; raise TableUnavailable."""
        self.settle((user_id, generation_id), what, usd, 0.0)

    def settle(self, who: tuple[str, str], what: str, reserved_usd: float, cost: float) -> None:
        """Hold for `what`, for which `reserved_usd` were set aside, no more than it has cost, at most `cost` USD.

        Raises TableUnavailable. What is asked for again is set aside anew.
        """
        changes = self._accounts_of(*who, what).end(f"{who[1]} {what}", cost - reserved_usd)
        write_corrections(self._accounts, changes)

    def hold(
        self, who: tuple[str, str], budget: float | None, what: str, usd: float, running: Callable[[], _Answer]
    ) -> _Answer:
        """Set `usd` aside for `what` of `who` (the user's and the generation's ids) while the generation runs.

        Return what `running` says, which raises Superseded when it is over. It is asked afterwards: whoever ends a
        generation marks it first and gives its money back then, so that one of the two sees what the other did. What an
        earlier try has set aside stays: it may have spent it, which is settled when no function can run any more.
        """
        is_new = not self.has_set_aside(who[1], what)
        reserved_usd = self.set_aside(*who, budget, what, usd)
        try:
            return running()
        except Superseded:
            if is_new:
                self.give_back(*who, what, reserved_usd)
            raise

    def has_set_aside(self, generation_id: str, what: str) -> bool:
        """Return whether the money for `what` of the generation is set aside now; raise TableUnavailable."""
        return self._accounts_of("", generation_id, what).has(f"{generation_id} {what}")

    def settle_planning(self, user_id: str, generation_id: str, outlay: float) -> None:
        """Hold for the making of a plan no more than it has cost; nothing happens when nothing is set aside for it.

        `outlay` is the most that it can have cost so far, in USD, all runs together. Raises TableUnavailable.
        """
        purpose = f"{generation_id} {PLANNING}"
        accounts = self._accounts_of(user_id, generation_id, PLANNING)
        if purpose in accounts.own.get("purposes", ()):
            more = outlay - accounts.own.get("planning_paid", 0.0) - accounts.own["planning"]
            write_corrections(self._accounts, accounts.end(purpose, more, {"planning_paid": outlay}))

    def end_earlier_runs(self, who: tuple[str, str], data: GenerationData) -> None:
        """Have the accounts hold what the earlier runs of `who` can have cost at most, by their record; once in a run.

        A run may begin before the end of the one before has given its money back, or when a function has noted later
        what became of an order; and what an earlier run has set aside is nothing that this one may spend again.
        Raises TableUnavailable.
        """
        generation, *_ = account_ids(*who, "")
        item = self._item(generation)
        if item.get("run") == data.run:
            return
        sets = {"run": data.run, "planning_paid": planning_outlay(data)}
        if "spent" not in item:
            self._accounts.update(generation, Update(sets={"run": data.run, "expiration": self._expiration()}))
            return
        changes = closing_changes(who, item, outlay(data), data, **sets)
        if write_corrections(self._accounts, changes) or self._item(generation).get("run") == data.run:
            return
        raise TableUnavailable("The accounts changed while an earlier run was settled.")

    def _taking(self, account: Account, purpose: str, usd: float) -> Update:
        """Return the change that takes `usd` for the purpose from an account that has room for it."""
        amount = round_usd(usd)
        room = Condition("attribute_not_exists(spent) OR spent <= :room", {"room": _room(account, usd)})
        sets: dict[str, Any] = {"expiration": self._expiration()}
        if not account.day:
            return Update(sets=sets, adds={"spent": amount}, where=room)
        what = purpose.partition(" ")[2]
        amounts = {_AMOUNTS[what]: amount} if what in _AMOUNTS else {}
        is_new = Condition(f"({room.text}) AND NOT contains(purposes, :purpose)", {**room.values, "purpose": purpose})
        return Update(
            sets={**sets, **amounts, "#day": account.day},
            adds={"spent": amount, "purposes": {purpose}, "counted": {purpose}},
            where=is_new,
            names={"#day": day_attribute(what)},
        )

    def _accounts_of(self, user_id: str, generation_id: str, what: str) -> Accounts:
        """Return the accounts on which `what` of the generation stands, of the day on which it was set aside, or today.

        A try that broke off before midnight is finished on the accounts that it drew on.
        """
        read = cache(self._item)
        own = read(account_ids("", generation_id, "")[0])
        today = datetime.fromtimestamp(self.now(), UTC).date().isoformat()
        is_aside = f"{generation_id} {what}" in own.get("purposes", ())
        # An account of an earlier version does not know.
        day = own.get(day_attribute(what), today) if is_aside else today
        return Accounts(account_ids(user_id, generation_id, day), own, read)

    def _expiration(self) -> int:
        return int(self.now()) + KEPT

    @property
    def _accounts(self) -> Table:
        return account_table(self.table)

    def _item(self, account_id: str) -> dict[str, Any]:
        return plain_values(self._accounts.get(account_id) or {})


def _room(account: Account, usd: float) -> float:
    """Return the most that an account may hold before it takes `usd`."""
    # Rounded, so that noise in the last digit never refuses a plan of exactly the limit.
    return round_usd(account.limit - round_usd(usd))


def _check_room(account: Account, held_usd: float, usd: float) -> None:
    """Raise BudgetExceeded when an account that holds `held_usd` has no room for `usd`."""
    room = _room(account, usd)
    if room < 0 or held_usd > room:
        limit = account.words.format(limit=account.limit)
        raise BudgetExceeded(f"This costs {usd:.4f} USD and {limit}, earlier costs included; it was not bought.")


def open_accounts(settings: AccountSettings) -> Spending:
    """Return the accounts of a deployment with these settings."""
    days = settings.user_daily_budget_usd, settings.daily_budget_usd
    return Spending(settings.accounts_table_name, Limits(settings.max_budget_usd, *days))
