"""`python -m bench.scale.quota`: many executions at once against a provider's quota of orders a minute.

Touches what a `LocalSystem` touches, and two files beside it. Plans are made first, so that all runs come to their
orders together; what providers take and what the machine waits is `--slow` times what it would be in the cloud, because
two processors cut and join no more videos in a minute. The exit status is 1 when a job was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench import plots
from bench.realistic import CLIPS, Remembering, cloud_paces, let_clips_take
from bench.scale import memory
from bench.scale.heat import Heat
from bench.scale.load import CHOICES, executions_of, lost_or_doubled, signed_in, upload
from bench.scale.order_history import STATES, OrderHistory
from bench.scale.queueing import Limiter, Order, Quota, Retries, pause_of_definition, run, share_of, unfairness
from local.api_client import ApiClient
from local.emulators.ledger import Entry
from local.system import LocalSystem
from shared.models.video_models import DEFAULT_MODEL, model
from shared.video.record import VideoRecord
from tests.chaos import audit
from tests.chaos.run import SHORT, record_of, recording_of

PLOT = Path(__file__).with_name("quota.png")
RESULT = Path(__file__).with_name("quota.json")
# Users, jobs of each, orders a minute, and how many times slower than the cloud everything waits.
USERS = 50
JOBS = 4
PER_MINUTE = model(DEFAULT_MODEL).requests_per_minute
SLOW = 2.0
# Seconds between two looks at the executions and at the memory, and how long all may take.
LOOK = 5.0
PATIENCE = 7200.0
HEAD = "| | last order after s | quota used | longest mean wait of a user / mean | tries |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Load:
    """Users, jobs of each, orders a minute, how many times slower than the cloud everything is, and with a limiter?"""

    users: int
    jobs: int
    per_minute: int
    slow: float
    is_limited: bool


@dataclass(frozen=True)
class ScaleRun(Load):
    """What became of the runs; times are the cloud's, in seconds, but for those of `attempt` and `service`."""

    orders: list[Order]
    attempt: float
    seconds: float
    service: dict[str, float]
    memory: list[tuple[float, float]]
    heat: dict[str, dict[str, int]]
    ends: dict[str, int]
    wrong: list[str]

    @property
    def figures(self) -> dict[str, Any]:
        """Return what is told of it."""
        quota = Quota(self.per_minute)
        return {
            "executions": self.users * self.jobs,
            "quota a minute": self.per_minute,
            "ends": self.ends,
            "wrong": len(self.wrong),
            "quota used": round(share_of(self.orders, quota), 3),
            "longest mean wait of a user / mean": round(unfairness(self.orders), 2),
            "longest wait s": round(max(order.wait for order in self.orders)),
            "tries of an order": round(sum(order.tries for order in self.orders) / len(self.orders), 1),
            "MB before, most, after": [round(self.memory[0][0]), round(max(self.memory)[0]), round(self.memory[-1][0])],
        }


def main() -> int:
    """Run, keep the figures, and print them beside the model's."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale.quota")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--jobs", type=int, default=JOBS, help="of each user")
    parser.add_argument("--quota", type=int, default=PER_MINUTE, help="orders a minute")
    parser.add_argument("--slow", type=float, default=SLOW, help="times slower than the cloud")
    parser.add_argument("--retries-alone", action="store_true", help="without the deployment's limiter")
    parser.add_argument("--result", type=Path, default=RESULT)
    parser.add_argument("--plot", type=Path, default=PLOT, help="the PNG that is drawn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        load = Load(arguments.users, arguments.jobs, arguments.quota, arguments.slow, not arguments.retries_alone)
        outcome = measure(load, Path(folder))
    _draw(outcome, arguments.plot)
    arguments.result.write_text(json.dumps(asdict(outcome), separators=(",", ":")) + "\n")
    print(*outcome.wrong, json.dumps(outcome.figures), *comparison(outcome), sep="\n")
    return 1 if outcome.wrong else 0


def measure(load: Load, folder: Path) -> ScaleRun:
    """Have users plan their videos, start the runs of all at once, and look at what is left."""
    heat = Heat()
    users = load.users
    with _system(load) as system:
        let_clips_take(system, load.slow)
        clients = [signed_in(system, f"user{number}") for number in range(users)]
        with ThreadPoolExecutor(users, thread_name_prefix="user") as pool:
            videos = list(pool.map(partial(_plan, system, upload_file(folder), load.jobs), clients))
            plan_runs = set(executions_of(system))
            system.veo.quota = load.per_minute, 60.0 * load.slow
            system.cloud.aws.listeners.append(heat.note)
            began = time.time()
            with memory.watching(LOOK) as megabytes:
                list(pool.map(_begin, clients, videos))
                _await(system)
                seconds = time.time() - began
        system.cloud.aws.listeners.remove(heat.note)
        records = [record_of(system, video) for some in videos for video in some]
        runs = {arn: status for arn, status in executions_of(system).items() if arn not in plan_runs}
        sales = system.veo.ledger.clips()
        wrong = _wrong(records, runs, sales, load.jobs)
        visits = [OrderHistory.of(system, record, began) for record in records]
    return ScaleRun(
        **asdict(load),
        orders=[order for visit in visits for order in visit.orders(load.slow)],
        # Nothing but the function itself was at work, which is not slowed down.
        attempt=median(seconds for visit in visits for seconds in visit.tries),
        seconds=seconds / load.slow,
        service={name: median(visit.seconds[name] for visit in visits) for name in STATES},
        memory=megabytes,
        heat=heat.by_table(),
        ends=dict(Counter(str(record.ai_generation_status) for record in records)),
        wrong=wrong,
    )


def _wrong(records: list[VideoRecord], runs: dict[str, str], sales: list[Entry], jobs: int) -> list[str]:
    wrong = lost_or_doubled(records, runs, jobs)
    wrong += [f"{record.video_id}: {fault}" for record in records for fault in audit.faults(record, sales)]
    return wrong + [f"{len(sales)} clips were sold"] * (len(sales) != len(records))


def upload_file(folder: Path) -> Path:
    """Return the recording of all jobs."""
    return recording_of(folder, SHORT)


def _system(load: Load) -> LocalSystem:
    limit = round(load.per_minute / load.slow) if load.is_limited else 0
    # Each video is started twice, by a user who has several.
    starts = 10 * load.users * load.jobs
    budgets = {"DAILY_BUDGET_USD": "10000", "USER_DAILY_BUDGET_USD": "1000"}
    settings = {"USER_HOURLY_STARTS": str(starts), "ORDERS_PER_MINUTE": str(limit), **budgets}
    return LocalSystem(pace=cloud_paces(), settings=settings, make=CLIPS, recogniser=Remembering(), waits=load.slow)


def _plan(system: LocalSystem, recording: Path, jobs: int, api: ApiClient) -> list[str]:
    videos = upload(jobs, recording, api)
    for refusal in api.start_all([{"videoId": video, "goal": "plan", **CHOICES} for video in videos]):
        if refusal:
            raise refusal
    for video in videos:
        while record_of(system, video).ai_generation_status != "awaiting_review":
            time.sleep(LOOK)
    return videos


def _begin(api: ApiClient, videos: list[str]) -> None:
    for video in videos:
        api.call("POST", f"/ai-video/{video}/runs", {"goal": "video"})


def _await(system: LocalSystem) -> None:
    limit = time.monotonic() + PATIENCE
    while "RUNNING" in executions_of(system).values() and time.monotonic() < limit:
        time.sleep(LOOK)


def models_of(outcome: ScaleRun) -> dict[str, list[Order]]:
    """Return the orders of the run, and those of the model without a limiter and with one, by their names."""
    quota = Quota(outcome.per_minute)
    arrivals = [(order.user, order.arrival) for order in outcome.orders]
    attempt = outcome.attempt / outcome.slow
    return {
        "the run": outcome.orders,
        "the model with retries alone": run(Retries(quota, pause_of_definition(), attempt, Random(1)), arrivals),
        "the model with a limiter": run(Limiter(quota, attempt), arrivals),
    }


def comparison(outcome: ScaleRun) -> Iterator[str]:
    """Yield rows in Markdown: the run, and the model without a limiter and with one, for the same arrivals."""
    quota = Quota(outcome.per_minute)
    yield HEAD
    for name, orders in models_of(outcome).items():
        last = max(order.moment for order in orders) - min(order.arrival for order in orders)
        tries = sum(order.tries for order in orders) / len(orders)
        yield f"| {name} | {last:.0f} | {share_of(orders, quota):.3f} | {unfairness(orders):.2f} | {tries:.1f} |"


def _draw(outcome: ScaleRun, plot: Path) -> None:
    begin = min(order.arrival for order in outcome.orders)
    lines = {name: [order.moment - begin for order in orders] for name, orders in models_of(outcome).items()}
    plots.orders(plot, lines, outcome.per_minute, 60.0)


if __name__ == "__main__":
    sys.exit(main())
