"""Clips that are asked for again: what is there by the same wishes is not bought again, and too many begin none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.api.app import make_app
from functions.api.pace import StartRate
from tests.unit.api_calls import KEYS, SITE, Api, make_api
from tests.unit.test_api_clip_generations import end
from tests.unit.test_api_moments import clips, with_moments


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def ids(answer: Any) -> list[str]:
    return [row["videoId"] for row in answer.body["clips"]]


def is_new(answer: Any) -> list[bool]:
    return [row["isNew"] for row in answer.body["clips"]]


@pytest.mark.parametrize("status", ["processing", "awaiting_review", "completed"])
@pytest.mark.parametrize(("first_key", "second_key"), [("", ""), ("one", "two"), ("one", ""), ("", "two")])
def test_what_another_call_has_begun_is_not_bought_again(
    call: Api, status: str, first_key: str, second_key: str
) -> None:
    parent = with_moments(call)
    first = clips(call, parent, {"moments": ["m1", "m2"], "budget": 50}, key=first_key)
    for video_id in ids(first):
        end(video_id, status)
    count = len(call.machine.started)
    answer = clips(call, parent, {"moments": ["m1", "m3", "m2"], "budget": 60}, key=second_key)
    assert (answer.status, is_new(answer)) == (202, [False, True, False])
    assert answer.body["message"] == "1 clip was started; 2 were there already."
    assert [ids(answer)[0], ids(answer)[2]] == ids(first)
    assert answer.body["usd"] == answer.body["clips"][1]["usd"]
    assert len(call.machine.started) == count + 1


def test_one_that_is_other_or_failed_or_wished_again_is_made(call: Api) -> None:
    parent = with_moments(call)
    body = {"moments": ["m1"]}
    first = clips(call, parent, body)
    others: list[dict[str, Any]] = [{"style": "realistic"}, {"goal": "plan"}, {"prompt": "rain"}, {"again": True}]
    for more in others:
        assert is_new(clips(call, parent, body | more)) == [True]
    assert is_new(clips(call, parent, {"excerpts": [{"start": 10, "end": 39}]})) == [True]
    for status in ("failed", "cancelled"):
        parent = with_moments(call)
        first = clips(call, parent, body)
        end(ids(first)[0], status)
        assert is_new(clips(call, parent, body)) == [True]


def test_a_deleted_clip_is_none_that_is_there(call: Api) -> None:
    parent = with_moments(call)
    first = clips(call, parent, {"moments": ["m1"]})
    end(ids(first)[0])
    assert call("DELETE", f"/videos/{ids(first)[0]}").status == 200
    answer = clips(call, parent, {"moments": ["m1"]})
    assert is_new(answer) == [True]
    assert ids(answer) != ids(first)


def test_more_than_may_be_started_in_this_hour_start_none_and_count_for_none(call: Api) -> None:
    parent = with_moments(call)
    services = replace(call.services, pace=StartRate(KEYS, 3))
    # One start of the hour was that of the search.
    with_limit = replace(call, app=make_app(services, [SITE]), services=services)
    answer = clips(with_limit, parent, {"moments": ["m1", "m2", "m3"]})
    assert (answer.status, answer.body["error"]) == (429, "TooManyStarts")
    assert len(call("GET", "/videos").body["videos"]) == 1
    answer = clips(with_limit, parent, {"moments": ["m1", "m2"]})
    assert (answer.status, is_new(answer)) == (202, [True, True])
    # What is there already counts for none.
    assert is_new(clips(with_limit, parent, {"moments": ["m2", "m1"]})) == [False, False]


def test_the_first_start_of_an_hour_can_be_too_many_at_once(call: Api) -> None:
    parent = with_moments(call)
    later = StartRate(KEYS, 2, lambda: 0)
    services = replace(call.services, pace=later)
    with_limit = replace(call, app=make_app(services, [SITE]), services=services)
    assert clips(with_limit, parent, {"moments": ["m1", "m2", "m3"]}).status == 429
    assert clips(with_limit, parent, {"moments": ["m1", "m2"]}).status == 202
