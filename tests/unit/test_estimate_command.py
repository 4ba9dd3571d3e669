"""`reelwright estimate` shows what the API's own estimate says, by goal and by model, and buys nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.api_client import ApiClient, Reply
from local.client import options
from local.client.plan import estimating
from shared.errors import ModelRetired, UnsupportedMedia
from shared.models import video_models
from tests.unit.api_calls import make_api
from tests.unit.media_fakes import SAMPLE

GOALS = ("plan", "draft", "stills", "video")


class Client(ApiClient):
    """A client of the API on moto."""

    def __init__(self) -> None:
        super().__init__("", str)
        self.__dict__["api"] = make_api()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, if_match: str = "") -> Reply:
        answer = self.__dict__["api"](method, path, body)
        assert answer.status == 200, answer.body
        return Reply(answer.body, if_match)


@pytest.fixture(name="client")
def client_on_moto(cloud: None) -> Client:
    return Client()


def estimate(capsys: pytest.CaptureFixture[str], client: Client, *arguments: str) -> str:
    """Return what the command prints."""
    namespace = options.parser().parse_args(["estimate", *arguments])
    assert estimating.command(namespace, estimating.wishes(namespace), client) == 0
    return capsys.readouterr().out


def test_each_goal_and_each_model_has_its_price(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(estimate(capsys, client, "--duration", "30", "--json"))
    assert {row["model"] for row in document["alternatives"]} == {*video_models.MODELS}
    assert tuple(row["goal"] for row in document["goals"]) == GOALS
    text = estimate(capsys, client, "--duration", "30")
    for row in document["alternatives"]:
        assert any(line.split() == words_of(row) for line in text.splitlines()), row
    for row in document["goals"]:
        assert [row["goal"], *prices_of(row)] in [line.split() for line in text.splitlines()]
    assert "more than the budget" not in text


def prices_of(row: dict[str, Any]) -> list[str]:
    return [f"${row['usd']:.2f}", "at", "most", f"${row['mostUsd']:.2f}"]


def words_of(row: dict[str, Any]) -> list[str]:
    return [row["model"], str(row["billedSeconds"]), "s", "of", "clips", *prices_of(row)]


def test_of_a_recording_its_own_length_counts(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(estimate(capsys, client, str(SAMPLE), "--duration", "60", "--json"))
    assert 5 < document["seconds"] < 60


def test_a_budget_that_does_not_suffice_is_said(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert estimate(capsys, client, "--budget", "1").splitlines()[-1] == "This is more than the budget."


def test_what_cannot_be_made_is_refused_before_anything_starts(tmp_path: Path) -> None:
    parser = options.parser()
    with pytest.raises(ModelRetired):
        estimating.wishes(parser.parse_args(["estimate", "--model", "veo-2"]))
    with pytest.raises(UnsupportedMedia, match="no such file"):
        estimating.wishes(parser.parse_args(["estimate", str(tmp_path / "talk.mp3")]))
