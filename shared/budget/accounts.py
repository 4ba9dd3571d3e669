"""What may still be spent: accounts with a limit, from which money is set aside before anything is bought.

Touches one DynamoDB table; each account is changed by one conditional write that names the purpose, so that a run that
breaks off in between sets too much aside and never too little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, Table, Update, write_all
from shared.budget.account_changes import WORDS, account_table, change, closing_changes, round_usd
from shared.budget.account_names import PLAN, PLANNING, TRANSCRIPTION, account_ids, day_attribute
from shared.errors import BudgetExceeded, Superseded, TableUnavailable
from shared.settings import AccountSettings
from shared.video.costs import outlay, planning_outlay
from shared.video.record import GenerationData

# Seconds: a generation can go on at any time, and what it has cost counts against its budget; each run begins it anew.
KEPT = 400 * 86_400
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
        PermissionMissing; after BudgetExceeded nothing is set aside.
        """
        purpose = f"{generation_id} {what}"
        charged_accounts = list[Account]()
        # A try that broke off before midnight is finished on the accounts that it drew on.
        accounts = self.limits.accounts(user_id, generation_id, budget, self._day(generation_id, what))
        for account in accounts:
            if not self._take(account, purpose, usd):
                for earlier in charged_accounts:
                    self._accounts.update(earlier.id, change(purpose, -usd))
                limit = account.words.format(limit=account.limit)
                raise BudgetExceeded(
                    f"This costs {usd:.4f} USD and {limit}, earlier costs included; it was not bought."
                )
            charged_accounts.append(account)
        return usd

    def give_back(self, user_id: str, generation_id: str, what: str, usd: float) -> None:
        """Give the `usd` back that were set aside for `what`, if they still are; raise TableUnavailable."""
        purpose = f"{generation_id} {what}"
        # The generation's own account last: a run that breaks off in between is finished by the next.
        for account_id in reversed(account_ids(user_id, generation_id, self._day(generation_id, what))):
            self._accounts.update(account_id, change(purpose, -usd))

    def settle(self, who: tuple[str, str], what: str, reserved_usd: float, cost: float) -> None:
        """Hold for `what`, for which `reserved_usd` were set aside, no more than it has cost, at most `cost` USD.

        Raises TableUnavailable. What is asked for again is set aside anew.
        """
        purpose = f"{who[1]} {what}"
        settlement = change(purpose, cost - reserved_usd)
        account_list = account_ids(*who, self._day(who[1], what))
        write_all([self._accounts.part(account_id, settlement) for account_id in account_list], WORDS)

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
        """Return whether the money for `what` of the generation is set aside now; raise TableUnavailable.

        It is in all accounts when it is in the last one: a try that broke off in between has spent nothing of it.
        """
        own, _, last = account_ids("", generation_id, self._day(generation_id, what))
        return all(f"{generation_id} {what}" in self._item(each).get("purposes", ()) for each in (own, last))

    def settle_planning(self, user_id: str, generation_id: str, outlay: float) -> None:
        """Hold for the making of a plan no more than it has cost; nothing happens when nothing is set aside for it.

        `outlay` is the most that it can have cost so far, in USD, all runs together. Raises TableUnavailable.
        """
        purpose = f"{generation_id} {PLANNING}"
        item = self._item(account_ids("", generation_id, "")[0])
        if purpose not in item.get("purposes", ()):
            return
        generation, *days = account_ids(user_id, generation_id, item["planning_on"])
        more = outlay - item.get("planning_paid", 0.0) - item["planning"]
        parts = [self._accounts.part(generation, change(purpose, more, {"planning_paid": outlay}))]
        write_all(parts + [self._accounts.part(day, change(purpose, more)) for day in days], WORDS)

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
        *of_days, own = closing_changes(who, item, outlay(data), data, **sets)
        parts = [self._accounts.part(account_id, update) for account_id, update in (*of_days, own)]
        # A function that died between two accounts has set money aside in the first one only.
        if write_all(parts, WORDS) or self._accounts.update(*own) or self._item(generation).get("run") == data.run:
            return
        raise TableUnavailable("The accounts changed while an earlier run was settled.")

    def _take(self, account: Account, purpose: str, usd: float) -> bool:
        """Return whether the account has the purpose's amount, taken now or before."""
        # Rounded, so that noise in the last digit never refuses a plan of exactly the limit.
        amount = round_usd(usd)
        room = round_usd(account.limit - amount)
        what = purpose.partition(" ")[2]
        days = {"#day": account.day} if account.day else {}
        amounts = {_AMOUNTS[what]: amount} if account.day and what in _AMOUNTS else {}
        where = Condition(
            "(attribute_not_exists(spent) OR spent <= :room) AND NOT contains(purposes, :purpose)",
            {"room": room, "purpose": purpose},
        )
        taking = Update(
            sets={"expiration": self._expiration(), **amounts, **days},
            adds={"spent": amount, "purposes": {purpose}},
            where=where,
            names={"#day": day_attribute(what)} if days else {},
        )
        if room >= 0 and self._accounts.update(account.id, taking):
            return True
        return purpose in self._item(account.id).get("purposes", ())

    def _day(self, generation_id: str, what: str) -> str:
        """Return the day on whose accounts `what` stands: that on which it was set aside while it is, else today."""
        item = self._item(account_ids("", generation_id, "")[0])
        today = datetime.fromtimestamp(self.now(), UTC).date().isoformat()
        is_aside = f"{generation_id} {what}" in item.get("purposes", ())
        # An account of an earlier version does not know.
        return item.get(day_attribute(what), today) if is_aside else today

    def _expiration(self) -> int:
        return int(self.now()) + KEPT

    @property
    def _accounts(self) -> Table:
        return account_table(self.table)

    def _item(self, account_id: str) -> dict[str, Any]:
        return plain_values(self._accounts.get(account_id) or {})


def open_accounts(settings: AccountSettings) -> Spending:
    """Return the accounts of a deployment with these settings."""
    days = settings.user_daily_budget_usd, settings.daily_budget_usd
    return Spending(settings.accounts_table_name, Limits(settings.max_budget_usd, *days))
