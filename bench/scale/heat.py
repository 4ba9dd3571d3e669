"""How often each item of each table is written: what a partition of DynamoDB would have to bear.

Listens to the requests that reach moto.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from local.emulators.aws.faults_before_moto import ObservedRequest

_WRITES = ("UpdateItem", "DeleteItem", "TransactWriteItems")
_PART = re.compile(r'"TableName": "([^"]+)", "Key": \{"[^"]+": \{"S": "([^"]+)"\}\}')
# Items of each table that are named.
HOTTEST = 3
# A transaction costs twice what its writes would cost alone.
_TWICE = 2


@dataclass
class Heat:
    """The writes of each item so far, by its table and its key; those of a transaction count twice."""

    writes: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: ObservedRequest) -> None:
        """Count what a request writes, once it is answered."""
        operation = request.text.partition(" ")[0]
        if request.is_answered and request.service == "dynamodb" and operation in _WRITES:
            weight = _TWICE if operation == "TransactWriteItems" else 1
            with self._guard:
                for place in _PART.findall(request.text):
                    self.writes[place] += weight

    def by_table(self) -> dict[str, dict[str, int]]:
        """Return how often the items of each table were written, all of them and the hottest ones."""
        tables: dict[str, dict[str, int]] = {}
        for (table, key), count in self.writes.most_common():
            row = tables.setdefault(table, {"items": 0, "writes": 0})
            row["items"] += 1
            row["writes"] += count
            if row["items"] <= HOTTEST:
                row[key] = count
        return tables
