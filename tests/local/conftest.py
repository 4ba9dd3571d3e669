"""What the local tests run on: a small stack, the whole system with quick stand-ins, and the stand-in for Veo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cloud import EmbeddedCloud
from local.emulators.faults import Fault
from local.emulators.google.emulator import VeoEmulator
from local.system import LocalSystem
from tests.chaos.run import CLIPS, SHORT, WAITS, recording_of
from tests.local import stack
from tests.local.jobs import Jobs, quick


@pytest.fixture(scope="module")
def small_cloud() -> Iterator[EmbeddedCloud]:
    settings: dict[str, Any] = {"parameters": {"Speed": "fast"}, "secret_values": {"key": "value"}}
    with EmbeddedCloud(stack.template(), waits=WAITS, **settings) as cloud:
        yield cloud


@pytest.fixture(name="system", scope="module")
def whole_system() -> Iterator[LocalSystem]:
    with quick() as system:
        yield system


@pytest.fixture(name="jobs")
def jobs_on_the_system(system: LocalSystem, tmp_path: Path) -> Iterator[Jobs]:
    yield Jobs(system, tmp_path)
    for emulator in (system.veo, system.openai):
        emulator.faults.clear()


@pytest.fixture(scope="module")
def short_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of one scene."""
    return recording_of(tmp_path_factory.mktemp("talk"), SHORT)


@pytest.fixture(name="veo_stand_in", scope="module")
def stand_in_for_veo() -> Iterator[VeoEmulator]:
    with VeoEmulator(make=CLIPS) as emulator:
        yield emulator


@pytest.fixture
def veo(veo_stand_in: VeoEmulator) -> Iterator[VeoEmulator]:
    veo_stand_in.faults.clear()
    # A poll that takes a moment keeps the polling loop of `finished` calm.
    veo_stand_in.faults.add(Fault("slow", "poll", times=None, seconds=0.02))
    yield veo_stand_in
    veo_stand_in.faults.clear()
