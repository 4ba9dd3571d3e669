"""The whole system with its page in front, and a browser to look at it with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local import site
from local.emulators.google.clips import alike, storyboard
from local.system import LocalSystem
from tests.chaos.run import Remembering
from tests.web import browser


@pytest.fixture(name="system", scope="module")
def the_system_with_its_page() -> Iterator[LocalSystem]:
    if not browser.find():
        pytest.skip(browser.NONE)
    # What is drawn and heard once is drawn and heard alike: only what is seen of it is looked at here.
    with LocalSystem(make=alike(storyboard), recogniser=Remembering()) as system:
        address = site.mount(system.cloud)
        assert address.startswith("http://localhost:"), address
        yield system
