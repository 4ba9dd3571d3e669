"""The deployment's queue of orders, an item for each model, and who may order when.

Touches the table of accounts: an order that has its turn at once costs one look and one conditional write.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import uniform

from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, Table, Update
from shared.errors import TableUnavailable
from shared.models.video_models import MODELS
from shared.quota.turns import MINUTE, SLACK, Turn, Turns, pause
from shared.settings import GenerateSceneSettings

# How the ids of the items begin.
OF_MODEL = "turns#"
# Seconds that an item is kept after its last change.
KEPT = 86_400
# Each change is made of what was seen, so of many at once one succeeds; whoever loses looks again after a while.
TRIES = 40
_LONGEST_PAUSE = 0.4
# Characters of the names in the item.
_USER = 6
_ORDER = 10


@dataclass(frozen=True)
class TurnTable:
    """The queues of all models in the table called `name`.

    `quotas` are orders a minute by model, by "" for those that are not named, and 0 for no limit; without one a model
    has that of the table of models.
    """

    name: str
    quotas: Mapping[str, int] = field(default_factory=dict[str, int])
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    window: float = MINUTE + SLACK

    def wait(self, model: str, user: str, order: str) -> int:
        """Return for how many seconds the user's order of the model has to go away; 0 when it is to be placed now.

        What is left of a wait then is waited for here. Raises TableUnavailable, PermissionMissing or RecordRejected.
        """
        quota = self._quota(model)
        if not quota:
            return 0
        moment = self._ask(model, quota, _name(user, _USER), _name(order, _ORDER))
        seconds = pause(moment - self.now())
        if not seconds:
            self.sleep(max(0.0, moment - self.now()))
        return seconds

    def _quota(self, model: str) -> int:
        usual = MODELS[model].requests_per_minute if model in MODELS else 0
        return self.quotas.get(model, self.quotas.get("", usual))

    def _ask(self, model: str, quota: int, user: str, order: str) -> float:
        for tries in range(TRIES):
            item = plain_values(self._table.get(OF_MODEL + model) or {})
            version = item.get("version", 0)
            turns = Turns(quota, _rows(item.get("turns", "")), self.window)
            after, moment = turns.ask(self.now(), user, order)
            if after == turns or self._put(model, version, after):
                return moment
            self.sleep(uniform(0, min(_LONGEST_PAUSE, 0.01 * 2 ** min(tries, 10))))
        raise TableUnavailable("Too many orders asked for their turns at once.")

    def _put(self, model: str, version: int, turns: Turns) -> bool:
        as_seen = Condition("version = :seen", {"seen": version})
        where = as_seen if version else Condition("attribute_not_exists(version)")
        sets = {"turns": _text(turns.rows), "version": version + 1, "expiration": int(self.now()) + KEPT}
        return self._table.update(OF_MODEL + model, Update(sets=sets, where=where))

    @property
    def _table(self) -> Table:
        return Table(self.name, "id", "turns")


def open_turns(settings: GenerateSceneSettings) -> TurnTable:
    """Return the queues of a deployment with these settings."""
    return TurnTable(settings.accounts_table_name, settings.orders_per_minute)


def _name(text: str, length: int) -> str:
    """Return a short name of what may be long; two of the same name would share a turn."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _text(rows: tuple[Turn, ...]) -> str:
    """Return turns as the item keeps them: a line each, with its milliseconds, user and order."""
    return "\n".join(f"{round(row.moment * 1000)} {row.user} {row.order}" for row in rows)


def _rows(text: str) -> tuple[Turn, ...]:
    fields = (line.split(" ") for line in text.splitlines())
    return tuple(Turn(int(moment) / 1000, user, order) for moment, user, order in fields)
