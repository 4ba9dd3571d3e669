"""Hold the faults that a test asked an emulator to show, and hand each out when its moment comes.

Touches memory only, from many threads.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

SLOW = "slow"


@dataclass(frozen=True)
class Fault:
    """One misbehaviour on order.

    `where` is the moment (empty: the first moment that knows the kind), `times` how often it happens
    (None: always), `match` a part of the prompt it is limited to (of several, one a line, all are wanted),
    `seconds` the delay of `slow`, `code` and `message` what a failed operation says.
    """

    kind: str
    where: str = ""
    times: int | None = 1
    match: str | None = None
    seconds: float = 1.0
    code: int = 13
    message: str = ""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Fault:
        """Return a fault from its wire form. Raises ValueError for unknown or missing fields."""
        unknown = set(document) - {field.name for field in fields(cls)}
        if unknown or not isinstance(document.get("kind"), str):
            raise ValueError(f"not a fault: {dict(document)}")
        return cls(**document)


@dataclass
class _Pending:
    where: str
    fault: Fault
    remaining: int | None


class FaultBook:
    """The faults still to happen, in the order they were added."""

    def __init__(self, kinds: Mapping[str, frozenset[str]]) -> None:
        """`kinds` maps each moment to the kinds of fault that can happen there."""
        self._kinds = kinds
        self._pending: list[_Pending] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Order a fault. Raises ValueError when the emulator cannot show it."""
        where = fault.where or next((name for name, kinds in self._kinds.items() if fault.kind in kinds), "")
        if fault.kind not in self._kinds.get(where, frozenset()):
            raise ValueError(f"no fault {fault.kind!r} at {fault.where or 'any moment'!r}; known: {self.known_kinds()}")
        with self._lock:
            self._pending.append(_Pending(where, fault, fault.times))

    def kinds_at(self, where: str) -> frozenset[str]:
        """Return the kinds of fault that can happen at a moment."""
        return self._kinds.get(where, frozenset())

    def known_kinds(self) -> dict[str, list[str]]:
        """Return the kinds by moment."""
        return {where: sorted(kinds) for where, kinds in self._kinds.items()}

    def clear(self) -> None:
        """Forget every fault still to happen."""
        with self._lock:
            self._pending.clear()

    def waiting(self, match: str) -> list[Fault]:
        """Return the faults still to happen whose own `match` has this in it."""
        with self._lock:
            return [row.fault for row in self._pending if row.remaining != 0 and match in (row.fault.match or "")]

    def take(self, where: str, prompt: str, kinds: Collection[str] = ()) -> Fault | None:
        """Return the next fault due at this moment for this prompt, counted as shown; None when all is well.

        `kinds` limits it to these kinds of fault (none named: any).
        """
        with self._lock:
            for row in self._pending:
                parts = (row.fault.match or "").splitlines()
                due = row.where == where and row.remaining != 0 and all(part in prompt for part in parts)
                if due and (not kinds or row.fault.kind in kinds):
                    row.remaining = None if row.remaining is None else row.remaining - 1
                    return row.fault
        return None
