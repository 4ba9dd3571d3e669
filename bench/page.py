"""`python -m bench.page`: how soon the page is seen over a slow line, how often it asks, how soon it answers a press.

Touches what a `LocalSystem` touches, a Chromium, and the built page, which it serves compressed as CloudFront does. The
library has two hundred videos; the steps themselves are in web/e2e/speed.e2e.ts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from local import site
from local.system import LocalSystem
from shared.video.record import from_item, to_item
from tests.chaos.run import CLIPS, Remembering
from tests.web import browser
from tests.web.two_versions import put_two_versions

ROOT = Path(__file__).resolve().parents[1]
RECORDING = ROOT / "samples" / "austen.flac"
STEPS = [sys.executable, str(ROOT / "web" / "npm.py"), "run", "--silent", "e2e", "--", "speed"]
VIDEOS = 200
PATIENCE = 1800


def main() -> int:
    """Measure, and print the figures as tables."""
    if not browser.find():
        print(browser.NONE)
        return 1
    with tempfile.TemporaryDirectory() as name, LocalSystem(make=CLIPS, recogniser=Remembering()) as system:
        figures = measure(system, Path(name))
    print(*tables(figures), sep="\n")
    return 0


def measure(system: LocalSystem, folder: Path) -> dict[str, Any]:
    """Return what the browser saw of a library of VIDEOS videos, one of which is being made and never gets on."""
    video = put_two_versions(system, RECORDING, folder)
    busy = _fill(system, video)
    figures = folder / "figures.json"
    environment = {
        **os.environ,
        "REELWRIGHT_URL": site.mount(system.cloud),
        "CHROME_PATH": browser.find() or "",
        "VIDEO": video,
        "BUSY": busy,
        "FIGURES": str(figures),
        "NO_COLOR": "1",
    }
    subprocess.run(STEPS, env=environment, check=True, timeout=PATIENCE)
    return json.loads(figures.read_text())


def _fill(system: LocalSystem, video: str) -> str:
    """Add copies of a finished video to the library; return the id of one that is being made."""
    client = system.cloud.client("dynamodb")
    table = system.cloud.outputs["TableName"]
    record = from_item(client.get_item(TableName=table, Key={"video_id": {"S": video}})["Item"])
    copies = [record.model_copy(update={"video_id": str(uuid.uuid4()), "title": f"Copy {n}"}) for n in range(VIDEOS)]
    for copy in copies:
        client.put_item(TableName=table, Item=to_item(copy))
    # Older than all others: the first page of the library does not show it.
    busy = copies[-1].model_copy(
        update={"created_at": "2025-01-01T00:00:00.000Z", "ai_generation_status": "processing"}
    )
    client.put_item(TableName=table, Item=to_item(busy))
    return busy.video_id


def tables(figures: dict[str, Any]) -> list[str]:
    """Return the figures as tables in Markdown."""
    rows = ["| first view | largest paint s | kB until then |", "|---|---|---|"]
    rows += [f"| {name} | {row['lcp'] / 1000:.2f} | {row['kB']} |" for name, row in figures["views"].items()]
    rows += ["", "| page | requests a minute | of them unchanged |", "|---|---|---|"]
    rows += [
        f"| {name} | {row['requests']} | {row['unchanged']} |" for name, row in figures["requests a minute"].items()
    ]
    rows += ["", f"| with {figures['videos']} videos | delay ms |", "|---|---|"]
    return rows + [f"| {name} | {delay:.0f} |" for name, delay in figures["delay of a press ms"].items()]


if __name__ == "__main__":
    sys.exit(main())
