"""The most history events that executions of a definition can have: a walk over its states, with every retry taken.

Values only. Events by type of state: the history event types of Step Functions' API reference, as its histories show
them; a Task's are entered, scheduled, started, succeeded or failed, exited, and three more for each retry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

LIMIT = 25_000
# Started, and ended.
OF_EXECUTION = 2
RETRY = 3
OF_STATE = {"Pass": 2, "Wait": 2, "Choice": 2, "Succeed": 2, "Fail": 1, "Task": 5}
# Entered, started, succeeded, exited; the start and the end of a map run; the start and the end of an iteration.
OF_MAP = 4
OF_MAP_RUN = 2
OF_ITERATION = 2
_COUNTER = re.compile(r"\$(\w+) < (\d+)")
State = dict[str, Any]
IMPOSSIBLE = float("-inf")
# Counts how often an order was not placed: there is no clip to look at then.
PUT_OFF = "turns"


class Unbounded(AssertionError):
    """A loop has neither a counter nor a clock that is known."""


@dataclass(frozen=True)
class Counted:
    """An edge that can be taken until a variable reaches a number."""

    variable: str
    most: int
    to: str


@dataclass
class Walk:
    """One level of states: `clocks` are its Wait states that time bounds, with their most visits; `items` of a Map.

    A loop may begin anew each time that a counted edge leads back, so a clock's visits count for each of those; not of
    the counter PUT_OFF, whose edge is taken instead of beginning.
    """

    states: dict[str, State]
    start: str
    clocks: Mapping[str, int]
    items: int
    counters: list[Counted] = field(default_factory=list[Counted])

    def __post_init__(self) -> None:
        first = _first_values(self.states)
        for state in self.states.values():
            for rule in state.get("Choices", ()):
                self.counters += _counters(rule, first)

    def most(self) -> int:
        """Return the most events of one execution of these states; raise Unbounded when a loop has no bound."""
        budget = {edge.variable: edge.most for edge in self.counters}
        visits = {name: self._begins(name) * turns for name, turns in self.clocks.items() if name in self.states}
        segments = {name: self._turn(name) for name in {self.start, *visits, *(edge.to for edge in self.counters)}}
        again = sum(
            times * max(segments[edge.to] for edge in self.counters if edge.variable == name)
            for name, times in budget.items()
        )
        # A way that never comes back to a clock is taken once.
        turns = sum(times * self._turn(name, back=True) + segments[name] for name, times in visits.items())
        # The last turn of all leads to the end instead.
        last = max(self._segment(name, to_end=True) - length for name, length in segments.items())
        return int(OF_EXECUTION + segments[self.start] + again + turns + last)

    def _turn(self, start: str, *, back: bool = False) -> float:
        return max(0, self._segment(start, to_end=False, back=back))

    def _begins(self, clock: str) -> int:
        """Return how often the loop of a clock begins at most: once, and after each counted edge that leads to it.

        A clock that counts from the execution's start does not begin anew.
        """
        if "Execution.StartTime" in str(self.states[clock].get("Seconds")):
            return 1
        leading = {edge.variable: edge.most for edge in self.counters if clock in self._beyond(edge.to)}
        return 1 + sum(times for name, times in leading.items() if name != PUT_OFF)

    def _beyond(self, name: str) -> set[str]:
        """Return the states that a state leads to, in any number of steps, and itself."""
        names = [name]
        for each in names:
            names += [to for to in self._nexts(self.states[each]) if to not in names]
        return set(names)

    def _segment(self, start: str, *, to_end: bool, back: bool = False) -> float:
        """Return the most events from a state until the next turn of a loop, or until the end.

        With `back`, only turns count after which the state may come again.
        """

        @cache
        def after(name: str) -> float:
            state = self.states[name]
            nexts = list(self._nexts(state))
            ends = 0.0 if to_end and not nexts else IMPOSSIBLE
            lengths = (turn(to) if self._is_turn(state, to) else self._cost(to) + after(to) for to in nexts)
            return max([ends, *lengths])

        def turn(to: str) -> float:
            return IMPOSSIBLE if to_end or (back and start not in self._beyond(to)) else 0.0

        try:
            return self._cost(start) + after(start)
        except RecursionError as error:
            raise Unbounded(f"a loop from {start} has no counter and no clock that is known") from error

    def _is_turn(self, state: State, to: str) -> bool:
        return to in self.clocks or any(_leads(state, edge) and edge.to == to for edge in self.counters)

    def _nexts(self, state: State) -> Iterable[str]:
        rules = [*state.get("Choices", ()), *state.get("Catch", ())]
        yield from {to for to in (*(rule["Next"] for rule in rules), state.get("Default"), state.get("Next")) if to}

    def _cost(self, name: str) -> int:
        state = self.states[name]
        if state["Type"] == "Map":
            return self._map(state)
        return OF_STATE[state["Type"]] + RETRY * sum(retry["MaxAttempts"] for retry in state.get("Retry", ()))

    def _map(self, state: State) -> int:
        if state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED":
            return OF_MAP + OF_MAP_RUN
        inner = Walk(state["ItemProcessor"]["States"], state["ItemProcessor"]["StartAt"], self.clocks, self.items)
        return OF_MAP + self.items * (inner.most() - OF_EXECUTION + OF_ITERATION)


def _first_values(states: Mapping[str, State]) -> dict[str, int]:
    assignments = [each.get("Assign", {}) for state in states.values() for each in (state, *state.get("Choices", ()))]
    return {name: value for values in assignments for name, value in values.items() if isinstance(value, int)}


def _counters(rule: State, first: Mapping[str, int]) -> Iterable[Counted]:
    for name, most in _COUNTER.findall(rule["Condition"]):
        if rule.get("Assign", {}).get(name) == f"{{% ${name} + 1 %}}":
            yield Counted(name, int(most) - first[name], rule["Next"])


def _leads(state: State, edge: Counted) -> bool:
    return any(edge.variable in rule.get("Assign", {}) and rule["Next"] == edge.to for rule in state.get("Choices", ()))
