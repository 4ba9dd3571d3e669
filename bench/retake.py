"""`python -m bench.retake`: how long a retake of one of eight scenes takes besides the clip itself.

Touches what a `LocalSystem` touches. From the request to the end of the execution; what is waited for the clip is left
out, its order, its delivery, and everything after them are not.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.critical_path import visits_of
from bench.realistic import recording_of
from local.api_client import ApiClient
from local.system import LocalSystem
from tests.chaos.run import CLIPS, PACE, WAITS, Remembering, await_end
from tests.local.direct import Director

SCENES = 8
SECONDS = 12
RUNS = 3
WAIT = "WaitForClip"


def main() -> None:
    """Make the video, and print the figures of RUNS retakes of it."""
    system = LocalSystem(pace=PACE, make=CLIPS, recogniser=Remembering(), waits=WAITS)
    with tempfile.TemporaryDirectory() as name, system:
        director = _video(system, recording_of(Path(name), SECONDS + 5))
        print("| retake | wall s | waiting for the clip s | all besides s |\n|---|---|---|---|")
        for number in range(1, RUNS + 1):
            wall, waiting = _retake(director, f"A boat comes home, {number}.")
            print(f"| {number} | {wall:.2f} | {waiting:.2f} | {wall - waiting:.2f} |", flush=True)


def _video(system: LocalSystem, recording: Path) -> Director:
    """Return a finished video of SCENES scenes."""
    api = ApiClient(system.cloud.api_url, system.token())
    director = Director(system, api.upload(recording, "retake", "audio/flac"))
    api.start(director.video, {"targetDuration": SECONDS, "goal": "plan"})
    await_end(system, director.video)
    director.cut_into(SCENES)
    director.run()
    return director


def _retake(director: Director, prompt: str) -> tuple[float, float]:
    """Return the seconds of a retake of the fourth scene, and those of them in which it waited for the clip."""
    scene = director.plan()["scenes"][3]["id"]
    before = time.time()
    director.ask("POST", f"/scenes/{scene}/takes", {"prompt": prompt})
    await_end(director.system, director.video)
    visits = visits_of(director.system, director.data.execution_arn)
    waiting = sum(visit.seconds for visit in visits if visit.state == WAIT)
    return max(visit.end for visit in visits) - before, waiting


if __name__ == "__main__":
    main()
