"""One whole system for the tests that drive it in their own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.studio import Studio
from tests.local.jobs import Jobs


@pytest.fixture(name="studio", scope="module")
def whole_system() -> Iterator[Studio]:
    with Studio() as studio:
        yield studio


@pytest.fixture(name="jobs")
def jobs_on_the_system(studio: Studio, tmp_path: Path) -> Iterator[Jobs]:
    yield Jobs(studio, tmp_path)
    for emulator in (studio.veo, studio.openai):
        emulator.faults.clear()
