"""`python -m bench.start.cold_start`: what our own code adds to a function's cold start, beside the SDKs that it needs.

Starts processes of this environment's Python, which find every module compiled, as the bundles hold them. A function is
imported, makes what it needs for its first event, and reads one; its peer imports the same SDKs and makes the same
clients. Processor seconds, the least of some runs in turn; what is over BUDGET fails.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from cdk.bundles.bundling import ROOT
from cdk.functions import FUNCTIONS, OPTIONAL, FunctionSpec

RUNS = 7
# Seconds that a function may take more than its peer.
BUDGET = 0.10
SDKS = ("boto3", "openai", "google.genai", "PIL", "urllib3", "ffmpeg")
CLIENTS = ("s3", "dynamodb", "secretsmanager", "stepfunctions", "transcribe", "events")
# What a function is asked of before its first event is answered; stages refuse an empty event when they have read it.
OURS = """
import contextlib, functions.{stage}.handler as module
from shared.aws import clients
for name in ("_real_deps", "_settings", "_app"):
    if hasattr(module, name):
        getattr(module, name)()
for name in {services}:
    getattr(clients, name)()
with contextlib.suppress(Exception):
    module.handler({{}}, None)
"""
SAY = """
import json, sys
used = [name for name in {clients} if getattr(clients, name).cache_info().currsize]
print(json.dumps([[name for name in {sdks} if name in sys.modules], used]))
"""
PEER = """
import {modules}
for name in {services}:
    boto3.client(name)
"""
# What every function is made with besides.
LIBRARIES = "import pydantic, aws_lambda_powertools\n"
# What a function calls before it does anything else.
FIRST = {"api": ["dynamodb", "s3"], "settle": ["dynamodb"], "webhook": ["secretsmanager"], "check_image": ["s3"]}


@dataclass(frozen=True)
class ColdStart:
    """One function's, in processor seconds, beside its peer's."""

    name: str
    sdks: list[str]
    seconds: float
    peer: float
    libraries: float

    @property
    def more(self) -> float:
        """What it takes more than its peer."""
        return self.seconds - self.peer


def main() -> int:
    """Print a row for each function, and return 1 when one is over the budget."""
    parser = argparse.ArgumentParser(prog="python -m bench.start.cold_start")
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    print("| function | SDKs | s | the SDKs alone s | with pydantic and Powertools s | more than the SDKs s |")
    print("|---|---|---|---|---|---|")
    rows: list[ColdStart] = []
    for spec in FUNCTIONS:
        row = measure(spec, runs)
        rows.append(row)
        cells = f"{row.seconds:.2f} | {row.peer:.2f} | {row.libraries:.2f} | {row.more:.2f}"
        print(f"| {row.name} | {', '.join(row.sdks)} | {cells} |", flush=True)
    return int(any(row.more > BUDGET for row in rows))


def measure(spec: FunctionSpec, runs: int) -> ColdStart:
    """Return a function's cold start and its peer's."""
    code = OURS.format(stage=spec.stage, services=FIRST.get(spec.stage, ["s3", "dynamodb"]))
    with tempfile.TemporaryDirectory() as modules:
        environment = {
            **os.environ,
            "PYTHONPYCACHEPREFIX": modules,
            "PYTHONDONTWRITEBYTECODE": "",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "cold",
            "AWS_SECRET_ACCESS_KEY": "start",
            # Any value will do: a number may be one, too.
            **{name: "1" for name in spec.settings.variables() if name not in OPTIONAL},
        }
        words = _run(code + SAY.format(sdks=SDKS, clients=CLIENTS), environment)
        sdks, services = json.loads(words.splitlines()[-1])
        peer = PEER.format(modules=", ".join(sdks), services=services)
        programs = (code, peer, peer + LIBRARIES)
        for program in programs:
            _run(program, environment)
        # One after another, so that what else the machine does falls upon all alike.
        rounds = [[_seconds(program, environment) for program in programs] for _ in range(runs)]
    return ColdStart(spec.stage, sdks, *map(min, zip(*rounds, strict=True)))


def _run(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def _seconds(code: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(code, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
