"""Runs jobs on a whole system, through its API as any client does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from local.api_client import ApiClient
from local.client import make
from local.client.progress import PlainLines
from local.system import LocalSystem
from shared.http.views import GenerationView, VideoView
from tests.chaos import audit
from tests.chaos.run import CLIPS, LOOK, PACE, WAITS, Remembering, record_of


def quick(kind: type[LocalSystem] = LocalSystem, **options: Any) -> LocalSystem:
    """Return a system that is polled often, draws every clip but once, and hears each recording once."""
    usual: dict[str, Any] = {"pace": PACE, "make": CLIPS, "recogniser": Remembering(), "waits": WAITS}
    return kind(**usual | options)


@dataclass(frozen=True)
class Jobs:
    """Makes videos into `folder`."""

    system: LocalSystem
    folder: Path

    def make(self, recording: Path, **choices: Any) -> VideoView:
        """Make one video and return its record, which tells what was sold; raises GenerationFailed or ApiError."""
        console = Console(file=StringIO())
        api = ApiClient(self.system.cloud.api_url, self.system.token())
        before = len(self.system.openai.ledger.entries)
        job = make.VideoJob(recording, choices, self.folder, force=True)
        # Nobody watches, and each look is work for the whole system.
        record = make.run(job, api, PlainLines(console), lambda _: time.sleep(LOOK))
        assert audit.faults(record_of(self.system, record.video_id), self.system.veo.ledger.entries) == []
        planning_usd = sum(audit.asking_price(sale) for sale in self.system.openai.ledger.entries[before:])
        costs = data_of(record).cost_breakdown
        assert costs.scene_generation + costs.rephrasing == pytest.approx(planning_usd, abs=1e-6)
        return record


def data_of(record: VideoView) -> GenerationView:
    """Return the record's generation."""
    assert record.ai_generation_data
    return record.ai_generation_data
