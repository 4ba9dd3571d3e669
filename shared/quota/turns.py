"""Whose order comes when: the turns of one model's orders, so that a provider's quota is used and never passed.

Values only; touches nothing. Times are Unix seconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

MINUTE = 60.0
# What an order takes from its turn to the provider is not always the same.
SLACK = 0.5
# A turn that comes sooner is nobody else's any more: its order may be on its way.
FIRM = 5.0
# Whoever waits elsewhere comes so many seconds before the turn at least, and waits for the rest in place.
LEAD = 1.0
# So many seconds after its turn an order is still in time.
GRACE = 0.25
# More orders than these have no turn yet and are told when to ask again, so that the item stays small.
MOST_WAITING = 2000


@dataclass(frozen=True)
class Turn:
    """When the order called `order` of a user may be placed."""

    moment: float
    user: str
    order: str


@dataclass(frozen=True)
class Turns:
    """The turns of the last minute and those to come, by their moments; in no `window` of seconds more than `quota`."""

    quota: int
    rows: tuple[Turn, ...] = ()
    window: float = MINUTE + SLACK

    def ask(self, now: float, user: str, order: str) -> tuple[Turns, float]:
        """Return the turns in which the order has one, and its moment; however often it asks, it has one.

        A moment that is not later than `now` says that it is to be placed. A user's first order comes before another's
        second, his second before another's third: whoever asks late takes the turn of one that has had more, which is
        told so when it comes for it. An order that comes late for its own is placed now, and those after it give way:
        it may have been refused, because others use the quota, too, or its function was killed.
        """
        turns = self._since(now)
        own = next((row for row in turns.rows if row.order == order), None)
        if own is None:
            return turns._with(now, Turn(turns._next(now), user, order))
        if own.moment >= now - GRACE:
            return self, own.moment
        others = tuple(row for row in turns.rows if row is not own)
        return turns._of([*others, replace(own, moment=now)]), now

    def _with(self, now: float, turn: Turn) -> tuple[Turns, float]:
        """Return the turns with one for a new order, which is the last one, or that of an order that gives way."""
        waiting = [row for row in self.rows if row.moment > now + FIRM]
        is_full = len(waiting) >= MOST_WAITING
        yielding = self._yielding(now, turn.user)
        if yielding is None:
            return (self, turn.moment) if is_full else (self._of([*self.rows, turn]), turn.moment)
        rows = [row for row in self.rows if row is not yielding]
        rows.append(replace(turn, moment=yielding.moment))
        if not is_full:
            rows.append(replace(yielding, moment=turn.moment))
        return self._of(rows), yielding.moment

    def _yielding(self, now: float, user: str) -> Turn | None:
        """Return the first to come of the turns whose users have had more before it than `user` has; None for none."""
        counts = Counter[str]()
        mine = sum(row.user == user for row in self.rows)
        for row in self.rows:
            if row.moment > now + FIRM and row.user != user and counts[row.user] > mine:
                return row
            counts[row.user] += 1
        return None

    def _next(self, now: float) -> float:
        """Return the first moment after all turns."""
        moments = [now, *(row.moment for row in self.rows[-1:])]
        if len(self.rows) >= self.quota:
            moments.append(self.rows[-self.quota].moment + self.window)
        return max(moments)

    def _since(self, now: float) -> Turns:
        """Return the turns without those that count no longer."""
        return replace(self, rows=tuple(row for row in self.rows if row.moment > now - self.window))

    def _of(self, rows: Sequence[Turn]) -> Turns:
        """Return these turns in their order, each as much later as the quota wants."""
        turns = list[Turn]()
        for row in sorted(rows, key=lambda row: row.moment):
            earliest = turns[-self.quota].moment + self.window if len(turns) >= self.quota else row.moment
            turns.append(replace(row, moment=max(row.moment, earliest)))
        return replace(self, rows=tuple(turns))


def pause(seconds: float) -> int:
    """Return the whole seconds to go away for when a turn is so far off; 0 when its order waits for it in place."""
    return max(0, math.floor(seconds - LEAD))
