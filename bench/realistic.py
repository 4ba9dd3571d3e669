"""A local system whose providers take as long as real ones: for figures of time, and of what waiting costs.

Touches what a `LocalSystem` touches. No provider publishes its times: the ones here are assumptions, and named so.
"""

from __future__ import annotations

import math
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]

from cdk.workflow import PACES
from local.emulators.faults import Fault
from local.system import LocalSystem
from tests.chaos.run import CLIPS, Remembering

RECORDING = Path(__file__).parents[1] / "samples" / "austen.flac"
# Seconds: of a transcription, and of an answer of the planning model.
TRANSCRIPTION = 15.0
PLANNING = 12.0
# Of a clip, log-normal: mindstudio.ai says of Veo 3.1 Fast "under a minute", Google of Veo "11 s to 6 minutes".
CLIP_MEDIAN = 55.0
CLIP_SIGMA = 0.25
CLIP_LEAST = 11.0
CLIP_MOST = 360.0


@contextmanager
def slow_system(concurrency: int, scale: float = 1.0, **pace: str) -> Generator[LocalSystem]:
    """Bring up a system of the cloud's own pace, but for `pace`, that makes as many scenes at once.

    `scale` is the share that is waited of what the providers take and of the machine's own waits.
    """
    paces = cloud_paces() | {"SceneConcurrency": str(concurrency)} | pace
    with LocalSystem(pace=paces, make=CLIPS, recogniser=Remembering(), waits=scale) as system:
        let_clips_take(system, scale)
        system.openai.faults.add(Fault("slow", times=None, seconds=PLANNING * scale))
        system.cloud.transcribe.faults.add(Fault("slow", "job", times=None, seconds=TRANSCRIPTION * scale))
        yield system


def cloud_paces() -> dict[str, str]:
    """Return the pace of the state machine in the cloud, as a system takes it."""
    return {name: str(setting.default) for name, setting in PACES.items()}


def let_clips_take(system: LocalSystem, scale: float) -> None:
    """Have each clip of a running system take `scale` times as long as a model would."""
    system.veo.pool.latency = lambda spec: scale * clip_seconds(spec.scene)


def clip_seconds(scene: int) -> float:
    """Return the seconds that the clip of a scene takes, drawn by its number."""
    seconds = CLIP_MEDIAN * math.exp(Random(scene).gauss(0, CLIP_SIGMA))
    return min(CLIP_MOST, max(CLIP_LEAST, seconds))


def recording_of(folder: Path, seconds: float) -> Path:
    """Return the bundled recording, repeated, as a file of so many seconds in `folder`."""
    target = folder / f"talk{seconds:g}.flac"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-stream_loop", "9", "-i", str(RECORDING)]
    subprocess.run([*command, "-t", str(seconds), str(target)], check=True, stdin=subprocess.DEVNULL)
    return target
