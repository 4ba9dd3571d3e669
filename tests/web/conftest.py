"""The whole system with its page in front, and a browser to look at it with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local import site
from local.emulators.faults import Fault
from local.emulators.google.clips import alike, storyboard
from local.system import LocalSystem
from tests.chaos.run import Remembering
from tests.web import browser


@pytest.fixture(name="system", scope="module")
def the_system_with_its_page() -> Iterator[LocalSystem]:
    if not browser.find():
        pytest.skip(browser.NONE)
    # What is drawn and heard once is drawn and heard alike: only what is seen of it is looked at here.
    # The stand-in of the planner translates, because it is told to.
    settings = {"PLANNED_BY": "model"}
    with LocalSystem(settings=settings, make=alike(storyboard), recogniser=Remembering()) as system:
        system.openai.faults.add(Fault("translate", times=None, match='"task": "translate"'))
        address = site.mount(system.cloud)
        assert address.startswith("http://localhost:"), address
        yield system
