"""A preset on the command line: by its name, or from a file, of which nothing stays when the command is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.api_client import ApiError
from local.client.own import presets
from shared.errors import InvalidRequest, UnsupportedMedia
from tests.unit.api_calls import Api, make_api
from tests.unit.test_plan_sheet import InMemory

ACME = """style: animated
aspectRatio: "16:9"
budget: 4.5
captionStyle: {font: loud, color: FFE600, highlight: "#00FF80"}
"""


@pytest.fixture(name="api")
def api_on_moto(cloud: None) -> InMemory:
    return InMemory("", lambda: "", api=make_api())


def preset_names(api: Api) -> list[str]:
    return [preset["name"] for preset in api("GET", "/presets").body["presets"]]


def test_a_file_is_a_preset_as_long_as_the_command_needs_it(api: InMemory, tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(ACME)
    with presets.at_hand(presets.read(str(file)), api) as choice:
        preset = api.call("GET", f"/presets/{choice['preset']}").body["preset"]["choices"]
        assert (preset["style"], preset["aspectRatio"], preset["budget"]) == ("animated", "16:9", 4.5)
        assert (preset["captionStyle"]["color"], preset["captionStyle"]["highlight"]) == ("#FFE600", "#00FF80")
    assert preset_names(api.api) == []
    with pytest.raises(ApiError), presets.at_hand(presets.read(str(file)), api):
        raise ApiError(503, "Unreachable", "The API went away.")
    assert preset_names(api.api) == []


def test_a_stored_preset_is_named_and_stays(api: InMemory) -> None:
    api.call("PUT", "/presets/acme", {"style": "artistic"})
    with presets.at_hand(presets.read("acme"), api) as choice:
        assert choice == {"preset": "acme"}
    assert preset_names(api.api) == ["acme"]
    with presets.at_hand(presets.read(None), api) as choice:
        assert choice == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "not YAML"),
        (b"a: [", "not YAML"),
        (b"- style", "NAME: VALUE"),
        (b"", "NAME: VALUE"),
        (b"style: baroque", "style: must be one of"),
        (b"colour: red", "colour"),
        (b"captionStyle: {color: red}", "captionStyle.color"),
        (b"logo: {file: none.png}", "none.png: there is no such file"),
        (b"logo: acme.yaml", "no such file|no picture"),
        (b"intro: {file: none.mp4}", "none.mp4: there is no such file"),
        (b"outro: {seconds: 2}", "no such file|no picture"),
        (b"music: none.mp3", "--music: .*none.mp3 is not there"),
    ],
)
def test_a_file_that_is_no_preset_is_refused_in_a_sentence(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises((InvalidRequest, UnsupportedMedia), match=words) as refusal:
        presets.read(str(file))
    assert str(refusal.value).count("\n") == 0


@pytest.mark.parametrize("name", ["Acme", "a b", "../x", "acme.txt"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="--preset"):
        presets.read(name)
