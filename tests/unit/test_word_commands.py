"""The words on the command line: a numbered table, corrections by its numbers, and one sentence for what cannot be."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

import pytest

from local.api_client import ApiError
from local.client.plan import api as plan_api
from local.client.plan import editing, listings, sheet
from local.client.plan.words import WordChanges, rows
from shared.errors import InvalidRequest
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import VIDEO
from tests.unit.test_api_words import api_with_a_plan_of_words
from tests.unit.test_plan_sheet import InMemory, plan_of

__all__ = ["api_with_a_plan_of_words"]


@pytest.fixture(name="api")
def client_of_the_api(call: Api) -> InMemory:
    return InMemory("", lambda: "", api=call)


def namespace_of(**changes: Any) -> Namespace:
    return Namespace(**{"video": VIDEO, "set": [], "join": [], "delete": [], "json": False} | changes)


def test_words_are_numbered_with_their_scene_times_and_confidence(
    api: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rows(plan_of(api).view)[:2] == [
        ("scene 1", "1", "0.00 – 0.80 s", "50%", "reel"),
        ("scene 1", "2", "1.00 – 1.80 s", "60%", "right"),
    ]
    listings.show_words(namespace_of(), api)
    assert capsys.readouterr().out.splitlines()[3] == "scene 1  4  3.00 – 3.80 s  80%  videos."
    listings.show_words(namespace_of(json=True), api)
    assert json.loads(capsys.readouterr().out)[1] == {
        "number": 2, "scene": 1, "text": "right", "start": 1, "end": 1.8, "confidence": 0.6, "speaker": ""
    }  # fmt: skip


def test_corrections_are_made_by_the_numbers_that_were_shown(api: InMemory, capsys: pytest.CaptureFixture[str]) -> None:
    listings.show_words(namespace_of(set=["4=many videos!"], join=["1"], delete=["3"]), api)
    out, err = capsys.readouterr()
    assert [line.split()[-1] for line in out.splitlines()] == ["reelright", "many", "videos!"]
    assert "video free" in err
    assert plan_of(api).view.revision == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"set": ["12"]}, "NUMBER=TEXT"),
        ({"set": ["1= "]}, "NUMBER=TEXT"),
        ({"set": ["0=x"]}, "from 1 to 4"),
        ({"set": ["5=x"]}, "from 1 to 4"),
        ({"set": ["٢=x"]}, "from 1 to 4"),
        ({"set": [f"1={'x' * 61}"]}, "at most 60"),
        ({"join": ["4"]}, "the last word"),
        ({"join": ["5"]}, "from 1 to 3"),
        ({"delete": ["one"]}, "from 1 to 4"),
        ({"delete": ["9" * 5000]}, "from 1 to 4"),
        ({"set": ["2=x"], "join": ["1"]}, "Word 2 is named twice"),
        ({"set": ["2=x", "2=y"]}, "Word 2 is named twice"),
        ({"join": ["1", "2"]}, "Word 2 is named twice"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(
    api: InMemory, changes: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(InvalidRequest, match=words):
        listings.show_words(namespace_of(**changes), api)
    assert plan_of(api).view.revision == 1


def test_a_plan_without_words_has_none_to_change(api: InMemory) -> None:
    view = plan_of(api).view.model_copy(update={"words": []})
    assert rows(view) == []
    with pytest.raises(InvalidRequest, match="there is none"):
        WordChanges(corrections=("1=x",)).edits(view)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("title=" + "x" * 201, "title: must have at most 200 characters"),
        ("1.prompt=" + "x" * 2000, "prompt: must have at most"),
        ("look.place=" + "x" * 201, "place: must have at most 200"),
        ("words=" + "x" * 61, "text: must have at most 60"),
        ("1.take=?", "take: is not written"),
    ],
)
def test_a_value_that_no_edit_takes_is_refused_in_a_sentence(api: InMemory, setting: str, words: str) -> None:
    plan = plan_of(api)
    with pytest.raises(InvalidRequest, match=words):
        editing.by_sheet(api, plan, sheet.with_values(sheet.sheet_of(plan), [setting]))


def test_a_title_is_a_value_of_the_sheet(api: InMemory) -> None:
    plan = plan_of(api)
    new = editing.by_sheet(api, plan, sheet.with_values(sheet.sheet_of(plan), ["title=Reelwright: a talk"]))
    assert new.view.title == sheet.parse(sheet.text_of(new)).title == "Reelwright: a talk"


def test_what_was_agreed_to_is_what_is_run(api: InMemory) -> None:
    plan = plan_of(api)
    editing.by_sheet(api, plan, sheet.with_values(sheet.sheet_of(plan), ["captions=none"]))
    with pytest.raises(ApiError, match="revision 2") as refusal:
        plan_api.start_run(api, VIDEO, {"goal": "video"}, plan.tag)
    assert refusal.value.code == "PlanChanged"
    assert plan_api.start_run(api, VIDEO, {"goal": "video"}, plan_of(api).tag).usd == 0
