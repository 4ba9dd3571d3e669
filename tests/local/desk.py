"""The command line on a store that is served: what its commands write, and what is there afterwards.

Touches what the commands touch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.system import LocalSystem
from tests.local.in_process import run
from tests.local.test_make import DONE


@dataclass(frozen=True)
class Desk:
    """A system whose store is `data`, and the folder of results."""

    system: LocalSystem
    capsys: pytest.CaptureFixture[str]
    data: Path
    out: Path

    def run(self, *arguments: object) -> tuple[str, str]:
        """Return what a command that succeeds writes on standard output and standard error."""
        status, out, stderr = run(self.capsys, *arguments, "--data", self.data)
        assert status == DONE, stderr
        return out, stderr

    def make(self, *arguments: object) -> tuple[str, str]:
        """Return the same of a command that makes films."""
        return self.run(*arguments, "--out", self.out, "--force")

    def clips(self) -> int:
        """Return how many clips were bought."""
        return len(self.system.veo.ledger.clips())

    def plan(self, video: str) -> dict[str, Any]:
        """Return a video's plan."""
        return json.loads(self.run("plan", video, "--json")[0])

    def show(self, video: str) -> dict[str, Any]:
        """Return a video's record."""
        return json.loads(self.run("show", video)[0])
