"""`make bench`: a 30 s video's wall time over its ideal critical path, from the execution's own history.

Touches the embedded cloud, and bench/results.json.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]
from rich.console import Console

from local.api_client import ApiClient
from local.client import make
from local.client.progress import PlainLines
from local.moto_plugins.history import of_job
from local.system import LocalSystem
from tests.chaos.run import record_of

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3


@dataclass
class Span:
    """When a state was entered and left, in seconds since 1970, by time."""

    entrances: list[float] = field(default_factory=list[float])
    exits: list[float] = field(default_factory=list[float])

    @property
    def seconds(self) -> float:
        """The seconds from its first entrance until it was left for the last time."""
        return self.exits[-1] - self.entrances[0]


def main() -> None:
    """Make the same 30 s video RUNS times in one system, print each ratio and keep the figures."""
    with tempfile.TemporaryDirectory() as folder, LocalSystem() as system:
        recording = _long_recording(Path(folder))
        rows = [_measure(system, recording, Path(folder)) for _ in range(RUNS)]
    for row in rows:
        print(json.dumps(row))
    (ROOT / "bench" / "results.json").write_text(json.dumps(rows, indent=1) + "\n")


def _long_recording(folder: Path) -> Path:
    """Return the bundled recording twice over, so that 30 s can be chosen from it."""
    target = folder / "talk.flac"
    source = ROOT / "samples" / "austen.flac"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-stream_loop", "1", "-i", str(source), str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def _measure(system: LocalSystem, recording: Path, out: Path) -> dict[str, Any]:
    api = ApiClient(system.cloud.api_url, system.token())
    job = make.VideoJob(recording, {"targetDuration": 30}, out, force=True)
    record = make.run(job, api, PlainLines(Console(file=StringIO())))
    data = record_of(system, record.video_id).ai_generation_data
    assert data
    spans = _spans(system, data.execution_arn)
    wall = spans["Completed"].entrances[0] - spans["Begin"].entrances[0]
    transcribe = spans["MarkPlanning"].entrances[0] - spans["Transcribe"].entrances[0]
    scenes = zip(spans["BeginScene"].entrances, spans["MarkScene"].exits, strict=True)
    slowest = max(end - begin for begin, end in scenes)
    parts = {
        "transcribe": transcribe,
        "plan": spans["Plan"].seconds,
        "slowest scene": slowest,
        "stitch": spans["Stitch"].seconds,
    }
    ideal = sum(parts.values())
    figures = {name: round(seconds, 2) for name, seconds in parts.items()}
    return {**figures, "scenes": len(data.vertex_ai_tasks), "wall": round(wall, 2), "ratio": round(wall / ideal, 3)}


def _spans(system: LocalSystem, arn: str) -> dict[str, Span]:
    """Return, by state, when it was entered and left."""
    spans = defaultdict[str, Span](Span)
    for event in of_job(system.cloud.client("stepfunctions"), arn):
        moment: datetime = event["timestamp"]
        if entrance := event.get("stateEnteredEventDetails"):
            spans[entrance["name"]].entrances.append(moment.timestamp())
        if exit_details := event.get("stateExitedEventDetails"):
            spans[exit_details["name"]].exits.append(moment.timestamp())
    return spans


if __name__ == "__main__":
    main()
