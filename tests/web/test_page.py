"""The built page in a real browser on the embedded cloud; the steps themselves are in `web/e2e`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import site
from local.emulators.faults import Fault
from local.studio import Studio
from tests.web import browser

ROOT = Path(__file__).resolve().parents[2]
NPM = [sys.executable, str(ROOT / "web" / "npm.py")]
PATIENCE = 900


def drive(studio: Studio, steps: str) -> None:
    """Run one file of steps against the running system; its output is the message of a failure."""
    environment = {
        **os.environ,
        "REELWRIGHT_URL": site.mount(studio.cloud),
        "CHROME_PATH": browser.find() or "",
        "RECORDING": str(ROOT / "samples" / "austen.flac"),
        "NO_COLOR": "1",
    }
    command = [*NPM, "run", "--silent", "e2e", "--", steps]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.timeout(PATIENCE)
def test_a_person_goes_from_sign_in_to_a_playing_video(studio: Studio) -> None:
    drive(studio, "journey")


@pytest.mark.timeout(PATIENCE)
def test_trouble_is_told_and_can_be_mended(studio: Studio) -> None:
    studio.openai.faults.add(Fault("refusal"))
    drive(studio, "trouble")
