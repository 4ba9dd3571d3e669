"""The API on moto, for every test of a route."""

from __future__ import annotations

import pytest

from tests.unit.api_calls import Api, make_api


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()
