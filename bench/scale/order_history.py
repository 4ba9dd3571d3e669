"""What the executions of one job did, read in their histories: when its clips were ordered, and what its states took.

Asks Step Functions; the times are those of this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.scale.queueing import Order
from local.moto_plugins.history import executions_of_job, of_one
from local.system import LocalSystem
from shared.video.record import VideoRecord

STATE = "GenerateScene"
STATES = ("Plan", "PollVeo", "RenderScene", "Stitch")


@dataclass(frozen=True)
class OrderHistory:
    """What the executions of one job did: its tries and its order, in seconds since all began, and what states took."""

    user: str
    arrivals: list[float]
    moments: list[float]
    counts: list[int]
    tries: list[float]
    seconds: dict[str, float]

    @classmethod
    def of(cls, system: LocalSystem, record: VideoRecord, began: float) -> OrderHistory:
        """Read them in the histories."""
        client = system.cloud.client("stepfunctions")
        assert record.ai_generation_data
        histories = [
            list(of_one(client, arn)) for arn in executions_of_job(client, record.ai_generation_data.execution_arn)
        ]
        visits = cls(record.user_id, [], [], [], [], dict.fromkeys(STATES, 0.0))
        for history in histories:
            visits._add(history, began)
        return visits

    def _add(self, history: list[dict[str, Any]], began: float) -> None:
        visits = list(_states(history))
        orders = [visit for visit in visits if visit[0] == STATE]
        if orders:
            # An order that waits for its turn asks more than once, and is placed at last.
            self.arrivals.append(orders[0][1] - began)
            self.moments.append(orders[-1][2] - began)
            self.counts.append(sum(len(tries) for _, _, _, tries in orders))
        for state, begin, end, tries in visits:
            if state == STATE:
                self.tries.extend(tries)
            elif state in self.seconds:
                self.seconds[state] = max(self.seconds[state], end - begin)

    def orders(self, slow: float) -> Iterator[Order]:
        """Yield the orders, in the cloud's time."""
        for arrival, moment, count in zip(self.arrivals, self.moments, self.counts, strict=True):
            yield Order(self.user, arrival / slow, moment / slow, count)


def _states(history: list[dict[str, Any]]) -> Iterator[tuple[str, float, float, list[float]]]:
    """Yield each state with the seconds of its begin and end, and the length of each try of its function."""
    begins: dict[str, float] = {}
    tries: list[float] = []
    begin_of_try = 0.0
    for event in history:
        moment = event["timestamp"].timestamp()
        if entrance := event.get("stateEnteredEventDetails"):
            begins[entrance["name"]] = moment
            tries = []
        elif event["type"] == "TaskScheduled":
            begin_of_try = moment
        elif event["type"] in ("TaskSucceeded", "TaskFailed"):
            tries.append(moment - begin_of_try)
        if departure := event.get("stateExitedEventDetails"):
            yield departure["name"], begins.pop(departure["name"]), moment, tries
