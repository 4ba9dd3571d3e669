"""`make chaos`: some hundreds of jobs with random faults from a seed; the exit status is 1 when a promise was broken.

Touches the embedded cloud, a folder for the recording, and standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import ChaosReport, run


def main() -> int:
    """Run, print each broken promise and one line of figures."""
    arguments = _arguments()
    tell = _say if arguments.verbose else _be_quiet
    with tempfile.TemporaryDirectory() as folder:
        report = run(arguments.seed, arguments.jobs, arguments.at_once, Path(folder), tell)
    for outcome in report.outcomes:
        for sentence in outcome.wrong:
            print(f"job {outcome.job.number} {outcome.job.troubles}: {sentence}")
    for sentence in report.wrong:
        print(sentence)
    print(json.dumps(_figures(report)))
    return 0 if report.clean else 1


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _be_quiet(_: str) -> None:
    """Say nothing."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--verbose", action="store_true", help="tell of each job that is over")
    return parser.parse_args()


def _figures(report: ChaosReport) -> dict[str, object]:
    violations = sum(bool(outcome.wrong) for outcome in report.outcomes) + len(report.wrong)
    return {
        "seed": report.seed,
        "jobs": len(report.outcomes),
        "broken promises": violations,
        "clips charged": report.clips,
        "resumed": sum(outcome.is_resumed for outcome in report.outcomes),
        "minutes": round(report.seconds / 60, 1),
        "ends": dict(report.ends.most_common()),
    }


if __name__ == "__main__":
    sys.exit(main())
