"""What every test stands on: no account, no provider's key, no client of an earlier test; and which run in one process.

Touches the environment of the test process only.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from shared.aws import clients

CLOUD_VARIABLES = ("AWS_", "OPENAI_", "GOOGLE_", "MEDIA_", "TABLE_", "SECRET_", "STATE_MACHINE")


# What is imported stays, and each look at it takes longer: nothing is collected until the tests are.
gc.disable()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what is imported by now, and look seldom."""
    gc.freeze()
    # It would look at each 700 new objects, which takes an eighth of the time of a test with moto.
    gc.set_threshold(20_000, 10, 50)
    gc.enable()


# Whoever synthesises starts Node and loads the whole of the CDK into it, which takes six seconds of a processor: one of
# the processes that run the tests does so for all of them.
TOGETHER = ("tests/infra/",)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what hands out whole files, and some folders whole, where files are to be handed out whole."""
    from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs] - it ships none

    class LoadFolderScheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))

    return LoadFolderScheduling(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take every provider's variables away, so that no test can reach an account by accident."""
    for name in list(os.environ):
        if name.startswith(CLOUD_VARIABLES):
            monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    yield
    for client in (
        clients.s3,
        clients.dynamodb,
        clients.secretsmanager,
        clients.stepfunctions,
        clients.transcribe,
        clients.events,
    ):
        client.cache_clear()


pytest_plugins = ["tests.unit.cloud_fixtures"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each of schemathesis's tests, one a route, an id of its own."""
    route: str | None = getattr(item, "operation_label", None)
    if route and item.id.params is None:
        item._id = item.id.with_params(route)  # pyright: ignore[reportPrivateUsage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests of one id, such as a library may make: run in parallel, only one of them is."""
    repeated_ids = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if repeated_ids:
        raise pytest.UsageError(f"Several tests have one id: {', '.join(repeated_ids)}.")
