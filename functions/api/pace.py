"""How many generations a user may start in an hour: each start is counted before anything is written or begun.

Touches the table of idempotency keys: one item for each user and hour, which DynamoDB drops later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.aws.dynamodb import Condition, ConditionLost, Table, Update
from shared.http.refusals import TooManyStarts
from shared.http.routes import Allowance

HOUR = 3600
# The function's policy allows items that begin with this, and no others (cdk/granting/grants.py).
OF_STARTS = "starts#"


@dataclass(frozen=True)
class StartRate:
    """The table of counts, and the most starts of a user in an hour."""

    table: str
    most: int
    now: Callable[[], float] = time.time

    def count(self, user_id: str, starts: int = 1) -> Allowance:
        """Count starts and return what is left; raise TooManyStarts if not all could be had, or what Table raises."""
        hour, passed_seconds = divmod(int(self.now()), HOUR)
        room = self.most - starts
        # An hour without a count has room for as many as an hour has at all.
        nothing_yet = "attribute_not_exists(starts) OR " if room >= 0 else ""
        where = Condition(f"{nothing_yet}starts <= :room", {"room": room})
        more = Update(sets={"expiration": (hour + 2) * HOUR}, adds={"starts": starts}, where=where)
        counts = Table(self.table, "id", "counts of starts")
        try:
            count = counts.change(f"{OF_STARTS}{user_id}#{hour}", more, "UPDATED_NEW")
        except ConditionLost as error:
            raise TooManyStarts(Allowance(self.most, 0, HOUR - passed_seconds)) from error
        total = int(count.get("starts", {}).get("N", self.most))
        return Allowance(self.most, self.most - total, HOUR - passed_seconds)


@dataclass(frozen=True)
class NotingPace(StartRate):
    """The same counts; what each start leaves is kept for its answer."""

    allowances: list[Allowance] = field(default_factory=list[Allowance])

    def count(self, user_id: str, starts: int = 1) -> Allowance:
        """Count and note starts; raises what StartRate raises."""
        allowance = super().count(user_id, starts)
        self.allowances.append(allowance)
        return allowance
