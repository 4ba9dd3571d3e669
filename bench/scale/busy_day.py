"""`python -m bench.scale.busy_day`: a hundred thousand videos a day, as a model of discrete events: who waits for what.

Values only; quotas and service times are arguments. The busiest hours of a day are simulated, arrivals are random.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import Any

import simpy

from bench import costs
from bench.realistic import PLANNING, TRANSCRIPTION, clip_seconds
from bench.scale.queueing import Gate, Limiter, Pause, Quota, Retries, pause_of_definition
from cdk.workflow import PACES
from shared.models.video_models import DEFAULT_MODEL, model

VIDEOS = 100_000
# How much busier the busiest hours are than the average, and how many of them are looked at.
PEAK = 2.0
HOURS = 1.0
DAY = 86_400.0
# Orders a minute that Google takes of a project, of a model that is no preview.
PER_MINUTE = model(DEFAULT_MODEL).requests_per_minute
PROJECTS = (8, 10, 11, 12)


@dataclass
class Level:
    """How many of something there are at once, and how many there were at most."""

    now: int = 0
    most: int = 0

    def add(self, change: int) -> None:
        """Count some more, or less."""
        self.now += change
        self.most = max(self.most, self.now)


@dataclass
class Day:
    """What happened: seconds that videos took and orders waited, and what there was at once."""

    seconds: list[float] = field(default_factory=list[float])
    waits: list[float] = field(default_factory=list[float])
    tries: int = 0
    functions: Level = field(default_factory=Level)
    maps: Level = field(default_factory=Level)
    transcriptions: Level = field(default_factory=Level)
    executions: Level = field(default_factory=Level)


def simulate(gate: Gate, hours: float, videos_a_second: float, random: Random) -> Day:
    """Return what becomes of the videos that begin in so many hours, at that rate, with `gate` before their orders."""
    env = simpy.Environment()
    day = Day()

    def arrivals() -> Generator[Any, Any, None]:
        number = 0
        while env.now < hours * 3600:
            yield env.timeout(random.expovariate(videos_a_second))
            number += 1
            env.process(_video(env, gate, day, number))

    env.process(arrivals())
    env.run()
    return day


def _video(env: simpy.Environment, gate: Gate, day: Day, number: int) -> Generator[Any, Any, None]:
    began = env.now
    day.executions.add(1)
    yield from _function(env, day, "Transcribe")
    day.transcriptions.add(1)
    yield env.timeout(TRANSCRIPTION)
    day.transcriptions.add(-1)
    yield from _function(env, day, "Plan", PLANNING)
    day.maps.add(1)
    scenes = range(len(costs.CLIPS))
    yield env.all_of([env.process(_scene(env, gate, day, number * len(scenes) + scene)) for scene in scenes])
    day.maps.add(-1)
    yield from _function(env, day, "Stitch")
    day.executions.add(-1)
    day.seconds.append(env.now - began)


def _scene(env: simpy.Environment, gate: Gate, day: Day, number: int) -> Generator[Any, Any, None]:
    day.executions.add(1)
    arrival = env.now
    tries = yield from gate.pass_through(env, str(number // len(costs.CLIPS) % 500))
    day.tries += tries
    day.waits.append(env.now - arrival)
    ready = env.now + clip_seconds(number)
    yield env.timeout(PACES["FirstPollSeconds"].default)
    yield from _function(env, day, "PollVeo")
    while env.now < ready:
        yield env.timeout(PACES["PollSeconds"].default)
        yield from _function(env, day, "PollVeo")
    yield from _function(env, day, "RenderScene")
    day.executions.add(-1)


def _function(env: simpy.Environment, day: Day, name: str, seconds: float = 0.0) -> Generator[Any, Any, None]:
    day.functions.add(1)
    yield env.timeout(seconds or costs.RUNS[name][1])
    day.functions.add(-1)


HEAD = (
    "| orders a minute | of them needed | placed by | a video takes, median min | 19 of 20 within min "
    "| tries of an order | functions at once | open Map Runs | executions | transcriptions |"
)


def main() -> None:
    """Print a row for each quota, by retries alone and by turns."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale.busy_day")
    parser.add_argument("--videos", type=int, default=VIDEOS, help="a day")
    parser.add_argument("--hours", type=float, default=HOURS, help="of the busiest that are simulated")
    arguments = parser.parse_args()
    rate = PEAK * arguments.videos / DAY
    attempt = costs.RUNS["GenerateScene"][1]
    pause = pause_of_definition()
    print(HEAD, "|---" * HEAD.count(" | ") + "|---|", sep="\n")
    for projects in PROJECTS:
        quota = Quota(projects * PER_MINUTE)
        for name, gate in _gates(quota, pause, attempt).items():
            print(_row(quota, name, simulate(gate, arguments.hours, rate, Random(projects)), rate), flush=True)


def _gates(quota: Quota, pause: Pause, attempt: float) -> dict[str, Gate]:
    return {"retries": Retries(quota, pause, attempt, Random(1)), "turns": Limiter(quota, attempt)}


def _row(quota: Quota, name: str, day: Day, rate: float) -> str:
    demand = 60 * rate * len(costs.CLIPS) / quota.most
    cells = [
        str(quota.most),
        f"{demand:.0%}",
        name,
        f"{median(day.seconds) / 60:.1f}",
        f"{_most(day.seconds) / 60:.1f}",
        f"{day.tries / len(day.waits):.1f}",
        *(str(level.most) for level in (day.functions, day.maps, day.executions, day.transcriptions)),
    ]
    return f"| {' | '.join(cells)} |"


def _most(values: Sequence[float]) -> float:
    """Return the value that 19 of 20 do not exceed."""
    return quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
