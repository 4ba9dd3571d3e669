"""What each function's archive weighs and how long its import takes when it is cold, against a budget.

Installs each archive as `cdk deploy` would, into a temporary folder; imports from this environment, in new processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cdk.bundles.bundling import ROOT, Bundle
from cdk.bundles.contents import bundle_of, c2pa_bundle, ffmpeg_bundle
from cdk.functions import FUNCTIONS, FunctionSpec

ARCHITECTURE = "arm64"
RUNS = 5
LAYERS = {"ffmpeg layer": ffmpeg_bundle, "signing layer": c2pa_bundle}
# By function: MB unzipped, and the time of its import as a multiple of boto3's client for DynamoDB, which any function
# on AWS pays. Lambda's own limit is 250 MB with layers.
BUDGETS = {
    "api": (16, 3.0),
    "transcribe": (20, 2.0),
    "plan": (40, 3.0),
    "generate_scene": (75, 3.0),
    "poll_veo": (50, 3.0),
    "draw_scene": (80, 3.0),
    # Its fonts for Chinese, Japanese and Korean are 22 MB; what finds faces is 119, and not imported by the handler.
    "render_scene": (170, 2.0),
    "stitch": (20, 2.0),
    "settle": (16, 2.0),
    "webhook": (20, 2.0),
    "mail": (16, 2.0),
    "check_image": (60, 3.0),
    "ffmpeg layer": (60, 0.0),
    # Only where there is a certificate.
    "signing layer": (45, 0.0),
}
# What a function always imports, but only when it is first called.
LATE = {"plan": "openai"}
NO_WRITING = {"PYTHONDONTWRITEBYTECODE": "1"}
BASE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"


@dataclass(frozen=True)
class Measured:
    """One archive: its size in MB, and its import in seconds, as a multiple of the base, and compiled."""

    name: str
    megabytes: float
    seconds: float
    ratio: float
    compiled_seconds: float

    @property
    def within(self) -> bool:
        """Whether both budgets are kept."""
        most, longest = BUDGETS[self.name]
        return self.megabytes <= most and self.ratio <= longest


def main() -> int:
    """Print a row for each archive, and return 1 when one is over its budget."""
    base = _seconds(BASE)
    rows = [_function(spec, base) for spec in FUNCTIONS]
    rows += [Measured(name, _megabytes(bundle(ARCHITECTURE)), 0, 0, 0) for name, bundle in LAYERS.items()]
    print("| archive | MB | budget | import s | x boto3 | budget | compiled s |\n|---|---|---|---|---|---|---|")
    for row in rows:
        most, longest = BUDGETS[row.name]
        cold = (
            f"{row.seconds:.2f} | {row.ratio:.2f} | {longest:.1f} | {row.compiled_seconds:.2f}" if longest else "| | |"
        )
        print(f"| {row.name} | {row.megabytes:.1f} | {most} | {cold} |")
    return 0 if all(row.within for row in rows) else 1


def _function(spec: FunctionSpec, base: float) -> Measured:
    modules = [f"functions.{spec.stage}.handler", *filter(None, [LATE.get(spec.stage)])]
    code = f"import {', '.join(modules)}"
    seconds = _seconds(code)
    megabytes = _megabytes(bundle_of(spec.stage, ARCHITECTURE))
    return Measured(spec.stage, megabytes, seconds, seconds / base, _seconds_compiled(code))


def _megabytes(bundle: Bundle) -> float:
    with tempfile.TemporaryDirectory() as folder:
        bundle.write(Path(folder))
        return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6


def _seconds(code: str) -> float:
    """Return the least time of running `code` in a new process that finds no compiled module, as in a new function."""
    with tempfile.TemporaryDirectory() as nothing_compiled:
        return min(_once(code, {"PYTHONPYCACHEPREFIX": nothing_compiled, **NO_WRITING}) for _ in range(RUNS))


def _seconds_compiled(code: str) -> float:
    """Return the same for a process that finds every module compiled, as in a bundle that holds them so."""
    with tempfile.TemporaryDirectory() as modules:
        _once(code, {"PYTHONPYCACHEPREFIX": modules, "PYTHONDONTWRITEBYTECODE": ""})
        return min(_once(code, {"PYTHONPYCACHEPREFIX": modules, **NO_WRITING}) for _ in range(RUNS))


def _once(code: str, variables: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **variables}, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
