"""Orders that wait for a provider's quota, as a model of discrete events: how long, how fairly, how much of it is used.

Values only. Retries pause as the state machine's definition says; the other way gives each order its turn as it comes.
`python -m bench.scale.queueing` prints what other pauses would do, for many jobs that come at once.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from statistics import fmean
from typing import Any, Protocol

import simpy

from cdk.workflow import DEFINITION
from shared.quota.turns import Turns, pause

Steps = Generator[Any, Any, int]


@dataclass(frozen=True)
class Quota:
    """How many orders a provider takes within how many seconds, whichever of them one looks at."""

    most: int
    seconds: float = 60.0


@dataclass(frozen=True)
class Pause:
    """The pause before another try: any time up to `first` seconds, then up to `rate` times that, `longest` at most."""

    first: float
    rate: float
    longest: float

    def draw(self, tries: int, random: Random) -> float:
        """Return the seconds of the pause after so many tries."""
        # A power of many tries is no float any more.
        return random.uniform(0, min(self.longest, self.first * self.rate ** min(tries - 1, 32)))


def pause_of_definition() -> Pause:
    """Return the pauses of an order that the quota has no room for."""
    scene: Any = json.loads(DEFINITION.read_text(encoding="utf-8"))["States"]["Scenes"]["ItemProcessor"]["States"]
    retry = next(row for row in scene["GenerateScene"]["Retry"] if "VeoThrottled" in row["ErrorEquals"])
    return Pause(retry["IntervalSeconds"], retry["BackoffRate"], retry["MaxDelaySeconds"])


class Gate(Protocol):
    """What an order has to pass."""

    def pass_through(self, env: simpy.Environment, user: str) -> Steps:
        """Wait until the order of `user` is placed; return how often it was tried."""
        ...


class Retries:
    """The provider refuses what is too much, and each order is tried again after pauses of its own."""

    def __init__(self, quota: Quota, pause: Pause, attempt: float, random: Random) -> None:
        """`attempt` is how many seconds a try takes."""
        self._quota = quota
        self._pause = pause
        self._attempt = attempt
        self._random = random
        self._orders: deque[float] = deque()

    def pass_through(self, env: simpy.Environment, user: str) -> Steps:  # noqa: ARG002
        """Try until the quota has room."""
        tries = 1
        yield env.timeout(self._attempt)
        while not self._has_room(env.now):
            yield env.timeout(self._pause.draw(tries, self._random) + self._attempt)
            tries += 1
        return tries

    def _has_room(self, now: float) -> bool:
        while self._orders and now - self._orders[0] >= self._quota.seconds:
            self._orders.popleft()
        has_room = len(self._orders) < self._quota.most
        if has_room:
            self._orders.append(now)
        return has_room


class Ideal:
    """No more than the provider's own rule: first come, first served."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._turns: deque[float] = deque(maxlen=quota.most)

    def pass_through(self, env: simpy.Environment, user: str) -> Steps:  # noqa: ARG002
        """Wait for the first moment that has room."""
        is_full = len(self._turns) == self._quota.most
        turn = max(env.now, self._turns[0] + self._quota.seconds) if is_full else env.now
        self._turns.append(turn)
        yield env.timeout(turn - env.now)
        return 1


class Limiter:
    """The deployment's own limiter: each order asks for its turn, waits as the state machine does, and asks again."""

    def __init__(self, quota: Quota, attempt: float) -> None:
        """`attempt` is how many seconds a try takes."""
        self.turns = Turns(quota.most)
        self._attempt = attempt
        self._orders = count()

    def pass_through(self, env: simpy.Environment, user: str) -> Steps:
        """Wait for the turn, and order."""
        order = str(next(self._orders))
        tries = 1
        while True:
            self.turns, turn = self.turns.ask(env.now, user, order)
            seconds = pause(turn - env.now)
            if not seconds:
                break
            yield env.timeout(seconds)
            tries += 1
        yield env.timeout(max(0.0, turn - env.now) + self._attempt)
        return tries


@dataclass(frozen=True)
class Order:
    """An order: whose, when it came and when it was placed, in seconds, and how often it was tried."""

    user: str
    arrival: float
    moment: float
    tries: int = 1

    @property
    def wait(self) -> float:
        """How long it waited."""
        return self.moment - self.arrival


def run(gate: Gate, arrivals: Iterable[tuple[str, float]]) -> list[Order]:
    """Return the orders of users that come at those moments, by when they are placed."""
    env = simpy.Environment()
    orders: list[Order] = []

    def place(user: str, arrival: float) -> Generator[Any, Any, None]:
        yield env.timeout(arrival)
        tries = yield from gate.pass_through(env, user)
        orders.append(Order(user, arrival, env.now, tries))

    for user, arrival in arrivals:
        env.process(place(user, arrival))
    env.run()
    return orders


def share_of(orders: Sequence[Order], quota: Quota) -> float:
    """Return which part of the quota was used: the least time in which it takes these orders, over the time it took."""
    begin = min(order.arrival for order in orders)
    ideal = run(Ideal(quota), [(order.user, order.arrival - begin) for order in orders])
    return ideal[-1].moment / (max(order.moment for order in orders) - begin)


def unfairness(orders: Sequence[Order]) -> float:
    """Return how much longer than the average user the one waited who waited longest."""
    waits: dict[str, list[float]] = {}
    for order in orders:
        waits.setdefault(order.user, []).append(order.wait)
    by_user = [fmean(rows) for rows in waits.values()]
    return max(by_user) / fmean(by_user)


# Jobs, their users, the seconds between two of them, and those of a try; drawn so many times.
JOBS = 200
USERS = 50
APART = 0.2
ATTEMPT = 1.0
DRAWS = 5
LONGEST = (180, 60, 30, 15)


def main() -> None:
    """Print a row for each longest pause, and one for turns."""
    quota = Quota(50)
    pauses = pause_of_definition()
    arrivals = [(f"user{number % USERS}", number * APART) for number in range(JOBS)]
    print("| pauses of at most s | of the quota used | longest mean wait of a user / mean | tries of an order |")
    print("|---|---|---|---|")
    for longest in LONGEST:
        gates = [Retries(quota, replace(pauses, longest=longest), ATTEMPT, Random(seed)) for seed in range(DRAWS)]
        print(_row(f"{longest}", [run(gate, arrivals) for gate in gates], quota))
    print(_row("each is told its turn", [run(Limiter(quota, ATTEMPT), arrivals)], quota))


def _row(name: str, draws: Sequence[Sequence[Order]], quota: Quota) -> str:
    shares = fmean(share_of(orders, quota) for orders in draws)
    tries = fmean(order.tries for orders in draws for order in orders)
    return f"| {name} | {shares:.2f} | {fmean(map(unfairness, draws)):.2f} | {tries:.1f} |"


if __name__ == "__main__":
    main()
