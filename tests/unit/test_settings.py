"""What a function is configured with: what the environment says arrives, and what it lacks is named."""

from __future__ import annotations

import pytest

from shared.errors import SettingMissing
from shared.settings import ApiSettings, Settings, WebhookSettings
from tests.unit.test_wrong_values import LIBRARYS


class ExampleSettings(Settings):
    """One variable of each kind."""

    table_name: str
    max_budget_usd: float
    user_hourly_starts: int
    user_index: str = ""


VARIABLES = {"TABLE_NAME": "videos", "MAX_BUDGET_USD": "0.5", "USER_HOURLY_STARTS": "3"}


def test_each_variable_arrives_as_its_type_and_no_other_is_read() -> None:
    settings = ExampleSettings.read(VARIABLES | {"AWS_SECRET_ACCESS_KEY": "s"})
    assert settings.model_dump() == {
        "table_name": "videos",
        "max_budget_usd": 0.5,
        "user_hourly_starts": 3,
        "user_index": "",
    }
    assert ExampleSettings.variables() == [*VARIABLES, "USER_INDEX"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (VARIABLES | {"TABLE_NAME": ""}, "The environment variable TABLE_NAME is missing."),
        ({}, "The environment variable TABLE_NAME is missing."),
        (VARIABLES | {"MAX_BUDGET_USD": "lots"}, "The environment variable MAX_BUDGET_USD must be a number."),
        (
            VARIABLES | {"USER_HOURLY_STARTS": "1.5"},
            "The environment variable USER_HOURLY_STARTS must be a whole number.",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(variables: dict[str, str], words: str) -> None:
    with pytest.raises(SettingMissing) as failure:
        ExampleSettings.read(variables)
    assert str(failure.value) == words
    assert not LIBRARYS.search(words)


def test_a_list_is_written_with_commas_and_an_empty_one_is_the_default() -> None:
    names = ApiSettings.variables()
    variables = dict.fromkeys(names, "1") | {"USER_POOL_CLIENT_IDS": "a,b", "ALLOWED_ORIGINS": ""}
    settings = ApiSettings.read(variables)
    assert (settings.user_pool_client_ids, settings.allowed_origins) == (("a", "b"), ("",))


def test_the_process_own_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "videos")
    monkeypatch.setenv("WEBHOOK_SECRET_ID", "secret")
    assert WebhookSettings.read().webhook_allowed_origins == ""
