"""`make bench`: a video's wall time over its ideal critical path, with providers that take what real ones would.

Touches the embedded cloud, and draws bench/critical_path.png.
"""

from __future__ import annotations

import argparse
import json

from bench import critical_path


def main() -> None:
    """Measure, and print each run."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--runs", type=int, default=critical_path.RUNS)
    parser.add_argument("--slow", type=float, default=1.0, help="times as long as in the cloud")
    arguments = parser.parse_args()
    rows = critical_path.measure(arguments.runs, arguments.slow)
    for row in rows:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
