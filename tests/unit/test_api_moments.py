"""Moments and clips over the API, on moto: looked for, shown, and several videos made of what was heard once."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from functions.api.app import make_app
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.contracts import Options
from shared.film.moments import RankedMoment, RankedMoments, Rating, Rubric
from shared.film.plan import Word
from tests.unit.api_calls import SITE, Api
from tests.unit.cloud_fixtures import BUCKET

EXCERPTS = ((10.0, 40.0), (60.5, 85.0), (100.0, 130.0))


def rubric(points: int = 5) -> Rubric:
    rating = Rating(points=points, because="It begins with a question.")
    return Rubric(hook=rating, self_contained=rating, emotion=rating, novelty=rating)


def ranking(generation_id: str, options: Options | None = None) -> RankedMoments:
    moments = [
        RankedMoment(
            id=f"m{number}",
            start=start,
            end=end,
            title=f"Moment {number}",
            hook="Why?",
            reason="It is whole.",
            rubric=rubric(8 - number),
            text="Why? Because.",
            words=(Word(text="Why?", start=start, end=start + 1),),
            nearby=(Word(text="Well.", start=start - 2, end=start - 1), Word(text="Why?", start=start, end=start + 1)),
            cuts=(start - 2, start, end),
        )
        for number, (start, end) in enumerate(EXCERPTS, start=1)
    ]
    return RankedMoments(
        generation_id=generation_id,
        judged_by="gpt-6-luna",
        language_code="en-US",
        recording_seconds=600,
        options=options or Options(moments=3),
        moments=tuple(moments),
    )


def with_moments(call: Api, **choices: object) -> str:
    """A video whose moments were chosen, as the run leaves it, and return its id."""
    video_id = call.upload()
    assert call("POST", f"/videos/{video_id}/moments", {"count": 3, **choices}).status == 202
    request, _ = call.machine.started[-1]
    bucket = Bucket(BUCKET)
    bucket.write_text(media_keys.transcript(video_id, request.generation_id), "{}")
    bucket.write_text(media_keys.moments(video_id), ranking(request.generation_id, request.options).model_dump_json())
    table = call.services.table.items
    item = table.get(video_id)
    assert item
    change: dict[str, Any] = {"ai_generation_status": {"S": "awaiting_review"}, "duration": {"N": "600"}}
    clients.dynamodb().put_item(TableName="video_metadata", Item=item | change)
    return video_id


def clips(call: Api, video_id: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency_Key": key} if key else {}
    return call("POST", f"/videos/{video_id}/clips", body, query=None, **headers)


def price(call: Api, video_id: str, body: dict[str, Any]) -> Any:
    return call("POST", f"/videos/{video_id}/clips/estimate", body)


def test_moments_are_looked_for_by_a_run_of_that_goal(call: Api) -> None:
    video_id = call.upload()
    wishes = {"count": 7, "targetDuration": 45, "prompt": "what went wrong", "budget": 1}
    answer = call("POST", f"/videos/{video_id}/moments", wishes, Idempotency_Key="k")
    assert (answer.status, answer.body["status"]) == (202, "processing")
    assert answer.headers["Location"].endswith(f"/ai-video/{video_id}")
    ((request, run),) = call.machine.started
    assert (request.goal, run, request.options.moments) == ("moments", 1, 7)
    assert (request.options.target_duration, request.options.prompt, request.options.budget_usd) == (
        45,
        "what went wrong",
        1,
    )
    assert call.data(video_id)["goal"] == "moments"
    # Once for one key, whatever becomes of the answer.
    assert call("POST", f"/videos/{video_id}/moments", wishes, Idempotency_Key="k").status == 202
    assert len(call.machine.started) == 1


def test_a_budget_that_cannot_pay_for_choosing_starts_nothing(call: Api) -> None:
    video_id = call.upload()
    answer = call("POST", f"/videos/{video_id}/moments", {"budget": 0.01})
    assert (answer.status, answer.body["error"]) == (402, "BudgetExceeded")
    assert call.machine.started == []


def test_the_price_of_looking_is_that_of_all_parts_and_its_most_is_what_a_budget_must_cover(call: Api) -> None:
    video_id = call.upload()
    path = f"/videos/{video_id}/moments/estimate"
    short = call("POST", path, {})
    assert (short.status, 0 < short.body["usd"] < short.body["mostUsd"]) == (200, True)
    # Three hours are read in four parts, whose moments are judged once more.
    table = call.services.table.items
    long_item = {**(table.get(video_id) or {}), "duration": {"N": "10800"}}
    clients.dynamodb().put_item(TableName="video_metadata", Item=long_item)
    prices = call("POST", path, {"count": 10}).body
    most_usd = pricing.transcription(10_800) + pricing.moments_ceiling(call.services.planner_model, 10_800, 10)
    assert prices["mostUsd"] == pytest.approx(most_usd)
    assert pricing.transcription(10_800) < prices["usd"] < prices["mostUsd"]
    assert call("POST", path, {"count": 10, "budget": 1}).body["withinBudget"] is False
    body = {"count": 10, "budget": round(most_usd - 0.001, 6)}
    assert call("POST", f"/videos/{video_id}/moments", body).body["error"] == "BudgetExceeded"
    body["budget"] = prices["mostUsd"]
    assert call("POST", path, body).body["withinBudget"] is True
    assert call("POST", f"/videos/{video_id}/moments", body).status == 202
    assert call("POST", path, {}, user="user2").status == 403


def test_what_was_heard_alike_is_not_in_the_price_of_looking_again(call: Api) -> None:
    path = f"/videos/{with_moments(call)}/moments/estimate"
    again, otherwise = (call("POST", path, body).body for body in ({}, {"languageCode": "de-DE"}))
    for name in ("usd", "mostUsd"):
        assert otherwise[name] - again[name] == pytest.approx(pricing.transcription(600))


def test_they_are_shown_with_words_places_to_cut_and_prices(call: Api) -> None:
    fresh = call.upload()
    assert call("GET", f"/videos/{fresh}/moments").body["error"] == "MomentsMissing"
    video_id = with_moments(call)
    answer = call("GET", f"/videos/{video_id}/moments")
    assert (answer.status, answer.body["judgedBy"]) == (200, "gpt-6-luna")
    first = answer.body["moments"][0]
    assert (first["id"], first["seconds"], first["score"]) == ("m1", 30, 70)
    assert (first["cuts"], first["words"][0]["text"]) == ([8, 10, 40], "Why?")
    assert [word["text"] for word in first["nearby"]] == ["Well.", "Why?"]
    assert first["rubric"]["selfContained"] == {"points": 7, "because": "It begins with a question."}
    usual, *others = first["prices"]
    assert usual["model"] == call.services.default_model
    assert [price["usd"] for price in others] == sorted(price["usd"] for price in others)
    assert call("GET", f"/videos/{video_id}/moments", user="user2").status == 403


def test_moments_that_are_asked_for_alike_again_are_not_heard_again(call: Api) -> None:
    video_id = with_moments(call)
    for body, is_heard in (({"count": 10}, True), ({"languageCode": "de-DE"}, None)):
        assert call("POST", f"/videos/{video_id}/moments", body).status == 202
        request, _ = call.machine.started[-1]
        assert request.options.is_heard is is_heard
        key = media_keys.transcript(video_id, request.generation_id)
        assert Bucket(BUCKET).holds(key) is bool(is_heard)
        call("DELETE", f"/ai-video/{video_id}")


def test_what_a_video_has_heard_is_not_heard_again_for_moments(call: Api) -> None:
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id}).status == 202
    request, _ = call.machine.started[-1]
    Bucket(BUCKET).write_text(media_keys.transcript(video_id, request.generation_id), "{}")
    item = call.services.table.items.get(video_id)
    assert item
    item_of_end = item | {"ai_generation_status": {"S": "completed"}}
    clients.dynamodb().put_item(TableName="video_metadata", Item=item_of_end)
    for body, is_heard in (({"languageCode": "de-DE"}, None), ({}, True)):
        clients.dynamodb().put_item(TableName="video_metadata", Item=item_of_end)
        assert call("POST", f"/videos/{video_id}/moments", body).status == 202
        search, _ = call.machine.started[-1]
        assert search.options.is_heard is is_heard
    assert Bucket(BUCKET).holds(media_keys.transcript(video_id, search.generation_id))


def test_a_preset_in_another_language_is_refused_where_nothing_translates(call: Api) -> None:
    parent = with_moments(call)
    assert call("PUT", "/presets/spanish", {"captionLanguage": "es"}).status == 200
    services = replace(call.services, translates=False)
    stand_in = replace(call, app=make_app(services, [SITE]), services=services)
    for path, wish in product(("clips", "clips/estimate"), ({"preset": "spanish"}, {"captionLanguage": "es"})):
        answer = stand_in("POST", f"/videos/{parent}/{path}", {"moments": ["m1"], **wish})
        assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert len(call("GET", "/videos").body["videos"]) == 1


def test_clips_are_videos_of_their_own_that_share_what_was_heard(call: Api) -> None:
    parent = with_moments(call, speakers=2, languageCode="en-GB")
    count = len(call.machine.started)
    answer = clips(
        call, parent, {"moments": ["m3", "m1"], "style": "animated", "goal": "plan", "captionLanguage": "es"}
    )
    assert (answer.status, answer.body["message"]) == (202, "2 clips were started.")
    assert [row["title"] for row in answer.body["clips"]] == ["Moment 3", "Moment 1"]
    assert answer.body["usd"] == pytest.approx(sum(row["usd"] for row in answer.body["clips"]))
    for row, (request, _) in zip(answer.body["clips"], call.machine.started[count:], strict=True):
        options = request.options
        assert (request.video_id, request.goal, options.style) == (row["videoId"], "plan", "animated")
        assert (options.is_heard, options.speakers, options.language_code) == (True, 2, "en-GB")
        assert options.caption_language == "es"
        assert options.excerpt
        assert (options.excerpt.start, options.excerpt.end) == (row["start"], row["end"])
        assert options.target_duration == pytest.approx(row["end"] - row["start"])
        assert Bucket(BUCKET).holds(media_keys.transcript(row["videoId"], request.generation_id))
        video = call("GET", f"/videos/{row['videoId']}").body["video"]
        assert (video["parent_id"], video["title"], video["duration"]) == (parent, row["title"], 600)
        assert video["recording"]["url"]
    # What they are made of stays when the recording's own video goes.
    assert call("DELETE", f"/videos/{parent}").status == 200
    for request, _ in call.machine.started[count:]:
        assert Bucket(BUCKET).read_text(request.recording_key) == "abc"


def test_one_key_starts_each_clip_once(call: Api) -> None:
    parent = with_moments(call)
    body = {"moments": ["m1", "m2"]}
    first = clips(call, parent, body, key="k").body["clips"]
    count = len(call.machine.started)
    again = clips(call, parent, body, key="k").body["clips"]
    assert again == first
    # The answer was lost before it was kept: the videos have the same names, and what runs is not begun again.
    for key in [item.get("id", {}).get("S", "") for item in clients.dynamodb().scan(TableName="keys")["Items"]]:
        if key.startswith("api#"):
            clients.dynamodb().delete_item(TableName="keys", Key={"id": {"S": key}})
    assert clips(call, parent, body, key="k").body["clips"] == first
    assert len(call.machine.started) == count


def test_the_budget_is_for_all_of_them(call: Api) -> None:
    parent = with_moments(call)
    body: dict[str, Any] = {"moments": ["m1", "m2", "m3"]}
    total = clips(call, parent, body).body["usd"]
    count = len(call.machine.started)
    answer = clips(call, parent, body | {"budget": round(total / 2, 2)})
    assert (answer.status, answer.body["error"]) == (402, "BudgetExceeded")
    assert len(call.machine.started) == count
    budget = round(total + 1, 2)
    assert clips(call, parent, body | {"budget": budget, "again": True}).status == 202
    shares = [request.options.budget_usd or 0 for request, _ in call.machine.started[count:]]
    assert sum(shares) <= budget
    assert sum(shares) == pytest.approx(budget, abs=0.001)


def test_what_clips_cost_is_told_before_they_are_started(call: Api) -> None:
    parent = with_moments(call)
    count = len(call.machine.started)
    body: dict[str, Any] = {"moments": ["m1", "m2"], "goal": "draft"}
    answer = price(call, parent, body)
    assert (answer.status, answer.body["withinBudget"]) == (200, True)
    by_goal = {row["goal"]: row["usd"] for row in answer.body["goals"]}
    assert answer.body["usd"] == by_goal["draft"] < by_goal["stills"] < by_goal["video"]
    assert answer.body["usd"] == pytest.approx(sum(row["usd"] for row in answer.body["clips"]))
    whole = price(call, parent, body | {"goal": "video"}).body
    assert whole["mostUsd"] == pytest.approx(sum(row["mostUsd"] for row in whole["clips"]))
    assert whole["mostUsd"] > whole["usd"]
    assert all(row["mostUsd"] >= row["usd"] for row in whole["goals"])
    assert price(call, parent, body | {"goal": "video", "budget": 0.5}).body["withinBudget"] is False
    assert (len(call.machine.started), len(call("GET", "/videos").body["videos"])) == (count, 1)
    # It is what starting them then answers.
    assert clips(call, parent, body | {"goal": "video"}).body["usd"] == by_goal["video"]


def test_the_clips_of_a_recording_are_listed_until_they_are_deleted(call: Api) -> None:
    parent = with_moments(call)
    other = with_moments(call)
    assert call("GET", f"/videos/{parent}/clips").body["videos"] == []
    rows = clips(call, parent, {"moments": ["m1", "m2"], "goal": "draft"}).body["clips"]
    clips(call, other, {"moments": ["m3"]})
    videos = call("GET", f"/videos/{parent}/clips").body["videos"]
    assert {video["video_id"] for video in videos} == {row["videoId"] for row in rows}
    assert {video["ai_generation_status"] for video in videos} == {"processing"}
    call("DELETE", f"/ai-video/{rows[0]['videoId']}")
    call("DELETE", f"/videos/{rows[0]['videoId']}")
    videos = call("GET", f"/videos/{parent}/clips").body["videos"]
    assert [video["video_id"] for video in videos] == [rows[1]["videoId"]]
    assert call("GET", f"/videos/{parent}/clips", user="user2").status == 403


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "moments: name moments, or give excerpts, one of the two."),
        ({"moments": ["m1"], "excerpts": [{"start": 0, "end": 20}]}, "moments: name moments, or give excerpts,"),
        ({"moments": ["m9"]}, "moments: name each once, of m1, m2, m3."),
        ({"moments": ["m1", "m1"]}, "moments: name each once, of m1, m2, m3."),
        ({"excerpts": [{"start": 0, "end": 20}, {"start": 0, "end": 20}]}, "excerpts: name each once."),
        ({"excerpts": [{"start": 0, "end": 3}]}, "excerpts: each lasts 5 to 60 s."),
        ({"excerpts": [{"start": 30, "end": 20}]}, "excerpts: each lasts 5 to 60 s."),
        ({"excerpts": [{"start": 590, "end": 620}]}, "excerpts: the recording ends at 600 s."),
    ],
)
def test_what_cannot_be_a_clip_is_refused_before_anything_is_written(
    call: Api, body: dict[str, Any], message: str
) -> None:
    parent = with_moments(call)
    count = len(call.machine.started)
    answer = clips(call, parent, body)
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert answer.body["message"].startswith(message)
    assert (len(call.machine.started), len(call("GET", "/videos").body["videos"])) == (count, 1)


def test_an_excerpt_of_a_recording_that_nobody_has_heard_is_no_clip(call: Api) -> None:
    video_id = call.upload()
    for body in ({"excerpts": [{"start": 0, "end": 20}]}, {"moments": ["m1"]}):
        answer = clips(call, video_id, body)
        assert (answer.status, answer.body["error"]) == (409, "MomentsMissing")


def test_an_excerpt_is_called_as_it_is_wished_or_by_its_time(call: Api) -> None:
    parent = with_moments(call)
    excerpts = [{"start": 65, "end": 90, "title": "My clip"}, {"start": 125.5, "end": 150}]
    rows = clips(call, parent, {"excerpts": excerpts}).body["clips"]
    assert [row["title"] for row in rows] == ["My clip", "Talk 2:06"]
