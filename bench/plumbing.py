"""`python -m bench.plumbing`: what AWS itself costs a video, counted in the histories and calls of jobs that ran.

Touches what a `LocalSystem` touches. Functions count as long as they took here, by the template's memory.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import costs, plots
from bench.realistic import recording_of, slow_system
from local.api_client import ApiClient
from local.moto_plugins.history import executions_of_job, of_one
from local.system import LocalSystem
from shared.budget import pricing
from tests.chaos.run import await_end, record_of
from tests.local.direct import Director
from tests.local.policies import roles_by_caller
from tests.local.recorder import Call, recording

# Seconds of the videos, and of the one that is changed afterwards.
LENGTHS = (8, 30, 60)
CHANGED = 30
# What providers take, and what the machine waits for them, is this share of what it would be in the cloud. What is
# computed here takes as long as it does, and is looked at more often for it the smaller the share is.
SCALE = 0.5
CONCURRENCY = 8
VARIANT = "1:1"
PLOT = Path(__file__).with_name("plumbing.png")
# What the events of a history that stand for a transition, and for a function's answer, are called.
_ENTERED = "StateEntered"
_RETRIED = ("TaskFailed", "LambdaFunctionFailed", "TaskTimedOut")
_READS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem")
_WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
_GET = ("s3:GetObject",)
_PUT = ("s3:PutObject", "s3:ListBucket", "s3:ListBucketVersions")
# The states that call a function have its name, but for this one.
_OTHER_NAMES = {"Tell": "Settle"}


@dataclass(frozen=True)
class Bill:
    """What one run used of AWS, and what its clips cost in USD."""

    what: str
    scenes: int
    clips_usd: float
    transitions: int
    events: int
    writes: int
    reads: int
    record_kb: float
    puts: int
    gets: int
    gb_seconds: float
    invocations: int

    @property
    def parts(self) -> dict[str, float]:
        """What each service asks for, in USD; a write counts as one of the whole record."""
        return {
            "Step Functions": self.transitions * pricing.TRANSITION_USD,
            "Lambda": self.gb_seconds * pricing.LAMBDA_USD_PER_GB_SECOND
            + self.invocations * pricing.LAMBDA_USD_PER_REQUEST,
            "DynamoDB": self.writes * costs.WRITTEN_TWICE * self.record_kb * pricing.DYNAMODB_USD_PER_WRITE_UNIT
            + self.reads * self.record_kb / 4 * pricing.DYNAMODB_USD_PER_READ_UNIT,
            "S3": self.puts * pricing.S3_USD_PER_PUT + self.gets * pricing.S3_USD_PER_GET,
        }

    @property
    def usd(self) -> float:
        """What AWS asks for all of it."""
        return sum(self.parts.values())

    def row(self) -> str:
        """Return the row of the table in Markdown."""
        share = f"{self.usd / self.clips_usd:.2%}" if self.clips_usd else "-"
        counts = (self.scenes, self.transitions, self.events, self.writes, self.reads, self.puts, self.gets)
        cells = [self.what, *map(str, counts), f"{self.record_kb:.0f}", f"{self.gb_seconds:.0f}"]
        return "| " + " | ".join([*cells, f"{self.usd:.4f}", f"{self.clips_usd:.2f}", share]) + " |"


HEAD = (
    "| run | scenes | transitions | history events | table writes | table reads | S3 PUT, LIST | S3 GET | record KB "
    "| GB-seconds | AWS USD | clips USD | AWS / clips |"
)


def main() -> None:
    """Make the videos, change one, print a row of each run as it ends, and draw them."""
    parser = argparse.ArgumentParser(prog="python -m bench.plumbing")
    parser.add_argument("--lengths", type=int, nargs="*", default=LENGTHS, help="seconds of the videos")
    parser.add_argument("--changed", type=int, default=CHANGED, help="seconds of the one that is changed, 0 for none")
    parser.add_argument("--plot", type=Path, default=PLOT, help="the PNG that is drawn")
    arguments = parser.parse_args()
    print(HEAD, "|---" * HEAD.count(" | ") + "|---|", sep="\n")
    with tempfile.TemporaryDirectory() as name, slow_system(CONCURRENCY, SCALE) as system:
        # The calls of one run after another: nothing else happens in this system meanwhile.
        meter = Meter(system, Path(name))
        bills: list[Bill] = []
        for bill in meter.all(arguments.lengths, arguments.changed):
            print(bill.row(), flush=True)
            bills.append(bill)
    plots.bills(arguments.plot, {bill.what: bill.parts for bill in bills})


@dataclass(frozen=True)
class Meter:
    """Runs jobs one after another, and counts what each used."""

    system: LocalSystem
    folder: Path

    def all(self, lengths: Sequence[int], changed_seconds: int) -> Iterator[Bill]:
        """Yield the bill of each run as it ends."""
        for seconds in lengths:
            yield self.make(seconds)
        if changed_seconds:
            yield from self.change(changed_seconds)

    def make(self, seconds: int) -> Bill:
        """Return the bill of a new video of so many seconds."""
        return self._of_run(f"video, {seconds} s", self._begin(seconds), {"targetDuration": seconds})

    def change(self, seconds: int) -> Iterator[Bill]:
        """Yield the bills of a draft, of the video after it, and of what is changed in that."""
        director = self._begin(seconds)
        yield self._of_run(f"draft, {seconds} s", director, {"targetDuration": seconds, "goal": "draft"})
        yield self._of_run("video after its draft", director, {}, "/runs")
        scenes = director.plan()["scenes"]
        prompt = {"prompt": "A boat comes home."}
        yield self._of_run("retake of a scene", director, prompt, f"/scenes/{scenes[0]['id']}/takes")
        director.edit({"op": "word", "index": 0, "text": "Truly"})
        yield self._of_run("corrected word", director, {}, "/runs")
        yield self._variant(director)

    def _variant(self, director: Director) -> Bill:
        """Return the bill of another format of a finished video."""
        with recording() as calls:
            answer = director.ask("POST", "/variants", {"aspectRatio": VARIANT}).json()
            variant = Director(self.system, answer["videoId"])
            assert await_end(self.system, variant.video) == "SUCCEEDED", variant.data.failure
        return _bill(f"the same in {VARIANT}", variant, calls, 0.0)

    def _begin(self, seconds: int) -> Director:
        api = ApiClient(self.system.cloud.api_url, self.system.token())
        recording_file = recording_of(self.folder, seconds + 5)
        return Director(self.system, api.upload(recording_file, "bill", "audio/flac"))

    def _of_run(self, what: str, director: Director, body: dict[str, Any], path: str = "") -> Bill:
        sold_usd = director.usd_sold() if path else 0.0
        with recording() as calls:
            if path:
                director.ask("POST", path, body)
            else:
                ApiClient(self.system.cloud.api_url, self.system.token()).start(director.video, body)
            assert await_end(self.system, director.video) == "SUCCEEDED", director.data.failure
        return _bill(what, director, calls, director.usd_sold() - sold_usd)


def _bill(what: str, director: Director, calls: Counter[Call], clips_usd: float) -> Bill:
    client = director.system.cloud.client("stepfunctions")
    arns = list(executions_of_job(client, director.data.execution_arn))
    histories = [list(of_one(client, arn)) for arn in arns]
    events = [event for history in histories for event in history]
    actions: Counter[str] = Counter()
    roles = roles_by_caller(director.system.cloud)
    for call, count in calls.items():
        # Whoever measures looks, too.
        actions[call.action] += count if call.caller in roles else 0
    return Bill(
        what,
        scenes=len(director.stored_plan().scenes),
        clips_usd=round(clips_usd, 4),
        transitions=sum(event["type"].endswith(_ENTERED) or event["type"] in _RETRIED for event in events),
        events=len(events),
        writes=sum(actions[name] for name in _WRITES),
        reads=sum(actions[name] for name in _READS),
        record_kb=_record_kb(director),
        puts=sum(actions[name] for name in _PUT),
        gets=sum(actions[name] for name in _GET),
        gb_seconds=sum(map(_gb_seconds, histories)),
        invocations=actions["lambda:InvokeFunction"],
    )


def _record_kb(director: Director) -> float:
    return len(record_of(director.system, director.video).model_dump_json()) / 1024


def _gb_seconds(history: list[dict[str, Any]]) -> float:
    """Return the memory-time of the functions that an execution called."""
    entries: dict[str, float] = {}
    total = 0.0
    for event in history:
        if entrance := event.get("stateEnteredEventDetails"):
            entries[entrance["name"]] = event["timestamp"].timestamp()
        if departure := event.get("stateExitedEventDetails"):
            seconds = event["timestamp"].timestamp() - entries.pop(departure["name"])
            function = _OTHER_NAMES.get(departure["name"], departure["name"])
            total += seconds * costs.memory_gb(function) if function in costs.RUNS else 0.0
    return total


if __name__ == "__main__":
    main()
