"""`python -m bench.many`: five clips of a recording of twenty minutes, then one of them in all formats.

Touches what a `LocalSystem` touches, and a folder for the recording. Fails when anything is bought twice, as the test
of the same with two minutes does. `--hear` has the whole recording heard, instead of once what it repeats.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from local.system import LocalSystem
from tests.chaos.run import CLIPS, PACE, WAITS, Remembering
from tests.local import long_talk, many

TIMES = 49


def main() -> None:
    """Make them, and print how long that took."""
    parser = argparse.ArgumentParser(prog="python -m bench.many", description=__doc__)
    parser.add_argument("--hear", action="store_true", help="have all of it heard")
    parser.add_argument("--times", type=int, default=TIMES, help="how often the bundled recording is repeated")
    arguments = parser.parse_args()
    recogniser = Remembering() if arguments.hear else long_talk.Repeating()
    began = time.monotonic()
    system = LocalSystem(pace=PACE, make=CLIPS, recogniser=recogniser, waits=WAITS)
    with tempfile.TemporaryDirectory() as name, system:
        many.make_five(system, long_talk.talk_of(Path(name), arguments.times), Path(name))
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
