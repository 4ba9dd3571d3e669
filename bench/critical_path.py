"""A video's wall time over the ideal: the waits and the work that nobody can avoid, one after another.

Touches what a `LocalSystem` touches. Transcription, planning and clips take what real providers are assumed to take.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import plots
from bench.realistic import PLANNING, TRANSCRIPTION, clip_seconds, recording_of, slow_system
from local.api_client import ApiClient
from local.client import make
from local.client.progress import PlainLines
from local.moto_plugins.history import executions_of_job, of_one
from local.system import LocalSystem
from shared.video.record import GenerationData
from tests.chaos.run import record_of

SECONDS = 60
# More than there are scenes: what is measured is the longest way, not how many may go it at once.
CONCURRENCY = 16
# Seconds between two looks of the client, which costs the system something.
LOOK = 2.0
# The first makes every function start anew, as the first video of a day does.
RUNS = 2
PLOT = Path(__file__).with_name("critical_path.png")
MILESTONES = ("Transcribe", "MarkPlanning", "Plan", "PollVeo", "RenderScene", "MarkFinalizing", "Stitch", "Tell")
# Seconds of a state that is drawn.
SHORTEST = 0.2


@dataclass(frozen=True)
class Visit:
    """A state that was entered and left, in seconds since 1970."""

    state: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.begin


def measure(runs: int = RUNS, slow: float = 1.0) -> list[dict[str, Any]]:
    """Return the figures of videos of the same recording, made one after another in one system.

    All waits are `slow` times as long, so that what a busy machine computes slowly weighs less.
    """
    with tempfile.TemporaryDirectory() as name, slow_system(CONCURRENCY, slow) as system:
        recording = recording_of(Path(name), SECONDS + 5)
        histories = [
            visits_of(system, make_video(system, recording, Path(name), SECONDS).execution_arn) for _ in range(runs)
        ]
    rows = [_figures(visits, slow) for visits in histories]
    _draw(histories[-1], rows[-1]["ideal"])
    return rows


def make_video(system: LocalSystem, recording: Path, folder: Path, seconds: int, **choices: Any) -> GenerationData:
    """Make a video of so many seconds, and return what its record tells of the generation."""
    api = ApiClient(system.cloud.api_url, system.token())
    job = make.VideoJob(recording, {"targetDuration": seconds, **choices}, folder, force=True)
    video = make.run(job, api, PlainLines(Console(file=StringIO())), lambda _: time.sleep(LOOK))
    data = record_of(system, video.video_id).ai_generation_data
    assert data
    return data


def _figures(visits: list[Visit], slow: float) -> dict[str, Any]:
    wall = max(visit.end for visit in visits) - min(visit.begin for visit in visits)
    clips = [
        slow * clip_seconds(number) for number in range(1, 1 + sum(visit.state == "RenderScene" for visit in visits))
    ]
    # Of a scene that had a processor to itself.
    render = min(visit.seconds for visit in visits if visit.state == "RenderScene")
    join = sum(visit.seconds for visit in visits if visit.state == "Stitch")
    words = slow * (TRANSCRIPTION + PLANNING)
    ideal = words + max(clips) + render + join
    sequential = words + sum(clips) + render * len(clips) + join
    parts = {"slowest clip": max(clips), "render": render, "join": join, "wall": wall, "ideal": ideal}
    # From the last end of one part to that of the next: what of the wall is on the way.
    lasts = {name: [visit.end for visit in visits if visit.state == name] for name in MILESTONES}
    moments = {name: max(ends) for name, ends in lasts.items() if ends}
    ends = [min(visit.begin for visit in visits), *moments.values()]
    legs = {f"to {name}": round(end - before, 2) for name, before, end in zip(moments, ends, ends[1:], strict=False)}
    return {
        "scenes": len(clips),
        **{name: round(seconds, 2) for name, seconds in parts.items()},
        "wall / ideal": round(wall / ideal, 3),
        "one after another / wall": round(sequential / wall, 2),
        **legs,
    }


def _draw(visits: list[Visit], ideal: float) -> None:
    begin = min(visit.begin for visit in visits)
    rows = [
        (visit.state, visit.begin - begin, visit.end - begin) for visit in sorted(visits, key=lambda each: each.begin)
    ]
    plots.timeline(PLOT, [row for row in rows if row[2] - row[1] > SHORTEST or row[0] in MILESTONES], ideal)


def visits_of(system: LocalSystem, arn: str) -> list[Visit]:
    """Return the visits to the states of a job's execution and of those of its scenes."""
    client = system.cloud.client("stepfunctions")
    return [visit for each in executions_of_job(client, arn) for visit in _visits(list(of_one(client, each)))]


def _visits(events: list[dict[str, Any]]) -> Iterator[Visit]:
    entrances: dict[str, float] = {}
    for event in events:
        moment: datetime = event["timestamp"]
        if entrance := event.get("stateEnteredEventDetails"):
            entrances[entrance["name"]] = moment.timestamp()
        if exit_details := event.get("stateExitedEventDetails"):
            name = exit_details["name"]
            yield Visit(name, entrances.pop(name), moment.timestamp())
