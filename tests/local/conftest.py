from collections.abc import Iterator

import pytest

from local.cloud import EmbeddedCloud
from tests.local import stack


@pytest.fixture(scope="module")
def small_cloud() -> Iterator[EmbeddedCloud]:
    with EmbeddedCloud(stack.template(), parameters={"Speed": "fast"}, secret_values={"key": "value"}) as cloud:
        yield cloud
