"""Runs jobs on a whole system, through its API as any client does."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from local import make
from local.api_client import ApiClient
from local.progress import PlainLines
from local.studio import Studio
from shared.record import GenerationView, VideoView


@dataclass(frozen=True)
class Jobs:
    """Makes videos into `folder`."""

    studio: Studio
    folder: Path

    def make(self, recording: Path, **choices: Any) -> VideoView:
        """Make one video and return its record; raises GenerationFailed or ApiError."""
        console = Console(file=StringIO())
        api = ApiClient(self.studio.cloud.api_url, self.studio.token())
        return make.run(make.Job(recording, choices, self.folder), api, PlainLines(console))


def data_of(record: VideoView) -> GenerationView:
    """Return the record's generation."""
    assert record.ai_generation_data
    return record.ai_generation_data
