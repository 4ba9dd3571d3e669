"""`python -m bench.start.embedded`: what the embedded cloud itself takes: to start, and of the processor for each job.

Touches what a `LocalSystem` touches; reads /proc. Clips are plain and made once, speech is heard once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.scale.memory import PROC, descendants
from local.api_client import ApiClient
from local.system import LocalSystem
from tests.chaos.run import CLIPS, PACE, SHORT, WAITS, Remembering, await_end, recording_of

JOBS = 5
STARTS = 5
HELP = [str(Path(sys.executable).with_name("reelwright")), "--help"]
NOTHING = [sys.executable, "-P", "-c", "pass"]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Processor seconds: of the process that is the cloud, and of all that it has started."""

    cloud: float
    functions: float

    def since(self, before: Spent) -> Spent:
        """What was spent since then."""
        return Spent(self.cloud - before.cloud, self.functions - before.functions)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.start.embedded")
    parser.add_argument("--jobs", type=int, default=JOBS)
    jobs = parser.parse_args().jobs
    print("| what | s |\n|---|---|")
    print(f"| a Python that does nothing | {min(_wall(NOTHING) for _ in range(STARTS)):.2f} |")
    print(f"| `reelwright --help` | {min(_wall(HELP) for _ in range(STARTS)):.2f} |")
    began = time.monotonic()
    system = LocalSystem(pace=PACE, make=CLIPS, recogniser=Remembering(), waits=WAITS)
    with tempfile.TemporaryDirectory() as name, system:
        print(f"| the cloud starts | {time.monotonic() - began:.2f} |")
        api = ApiClient(system.cloud.api_url, system.token())
        recording = recording_of(Path(name), SHORT)
        api.upload(recording, "first", "audio/flac")
        print(f"| until its first function has answered and the recording is there | {time.monotonic() - began:.2f} |")
        # The first job starts the functions and hears the recording.
        _job(system, api, recording)
        before = processor_time()
        for _ in range(jobs):
            _job(system, api, recording)
        after = processor_time().since(before)
    print(f"| processor, a job: the cloud | {after.cloud / jobs:.2f} |")
    print(f"| processor, a job: the functions and ffmpeg | {after.functions / jobs:.2f} |")


def _job(system: LocalSystem, api: ApiClient, recording: Path) -> None:
    video = api.upload(recording, "job", "audio/flac")
    api.start(video, {"targetDuration": 5})
    assert await_end(system, video) == "SUCCEEDED"


def processor_time() -> Spent:
    """Return what was spent so far; of what has ended, by who has waited for it."""
    return Spent(time.process_time(), sum(map(_seconds_of, descendants())) + sum(os.times()[2:4]))


def _seconds_of(pid: int) -> float:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Its own, and those of its children that have ended.
    return sum(map(int, fields[11:15])) / _TICKS


def _wall(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
