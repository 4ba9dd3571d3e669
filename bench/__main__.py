"""`make bench`: a video's wall time over its ideal critical path, with providers that take what real ones would.

Touches the embedded cloud, and bench/results.json.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench import critical_path

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Measure, print each run and keep the figures."""
    rows = critical_path.measure()
    for row in rows:
        print(json.dumps(row))
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
