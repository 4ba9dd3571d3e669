"""Captions in another language through the API: announced to the cent, bought by a run, and refused by a stand-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.api.app import make_app
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget import pricing
from shared.build import translation_question
from shared.build.translation_question import size_of
from shared.build.translations import Translations
from shared.captions.translation import spoken_lines
from shared.film.plan import Plan
from tests.unit.api_calls import SITE, Api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, VIDEO
from tests.unit.test_api_plan import next_step, patch
from tests.unit.test_api_words import PLAN, RUNS, api_with_a_plan_of_words

VARIANTS = f"/ai-video/{VIDEO}/variants"
SPANISH = {"op": "captions", "language": "es"}
call = api_with_a_plan_of_words


def current_plan(api: Api) -> Plan:
    record = api.services.table.get(VIDEO)
    assert record
    assert record.ai_generation_data
    name = record.ai_generation_data.plan_name
    return Plan.model_validate_json(Bucket(BUCKET).read_text(media_keys.plan(VIDEO, GENERATION, name)))


def translate(api: Api) -> None:
    """Store what a run buys."""
    plan = current_plan(api)
    translations = Translations(Bucket(BUCKET))
    missing = translations.missing(plan)
    assert missing
    translations.store(plan, "m", missing, {line.text: "Carrete bueno" for line in spoken_lines(plan)})


def ceiling(api: Api) -> float:
    missing = Translations(Bucket(BUCKET)).missing(current_plan(api))
    assert missing
    return pricing.translation_ceiling("gpt-6-luna", size_of(missing.question))


def test_an_edit_buys_nothing_and_every_goal_says_what_its_run_buys(call: Api) -> None:
    before = next_step(call, "video")
    assert patch(call, SPANISH).body["plan"]["captionLanguage"] == "es"
    after = next_step(call, "video")
    (new,) = [each for each in after["buys"] if each not in before["buys"]]
    assert new == {"scene": "", "kind": "translation", "model": "gpt-6-luna", "seconds": 0, "usd": ceiling(call)}
    assert after["usd"] == pytest.approx(before["usd"] + ceiling(call))
    assert next_step(call, "draft")["buys"] == [new]
    patch(call, {"op": "captions", "language": ""})
    assert next_step(call, "video") == before


SECONDS_OF_SPEECH = ["one two three four five six", "शब्द शब्द शब्द शब्द", "とてもはやくはなすひと", "a b c d e f"]


@pytest.mark.parametrize("second", SECONDS_OF_SPEECH)
def test_no_translation_costs_more_than_was_announced_before_the_plan(call: Api, second: str) -> None:
    body = {"recordingSeconds": 60, "targetDuration": 60}
    plain, other = (
        call("POST", "/ai-video/estimate", {**body, **more}).body["estimate"]["goals"][0]["mostUsd"]
        for more in ({}, {"captionLanguage": "es"})
    )
    # Two captions a second.
    half = len(second) // 2
    lines = [second[:half], second[half:]] * 60
    question = translation_question.question(lines, lines, "ja-JP", "es")
    assert pricing.translation_ceiling("gpt-6-luna", size_of(question)) <= other - plain + 1e-9


def test_a_run_is_within_what_was_agreed_to_with_the_translation_in_it(call: Api) -> None:
    patch(call, SPANISH)
    usd = next_step(call, "draft")["usd"]
    refusal = call("POST", RUNS, {"goal": "draft", "maxUsd": usd - 0.000001})
    assert (refusal.status, refusal.body["error"], call.machine.started) == (402, "BudgetExceeded", [])
    answer = call("POST", RUNS, {"goal": "draft", "maxUsd": usd})
    assert (answer.status, answer.body["usd"]) == (202, usd)
    assert call.machine.started[-1][0].options.caption_language == "es"


def test_another_formats_captions_are_bought_for_what_was_told_before_and_once(call: Api) -> None:
    body = {"aspectRatio": "4:5", "captionLanguage": "es"}
    prices = call("POST", f"{VARIANTS}/estimate", body)
    assert (prices.status, [each["kind"] for each in prices.body["buys"]]) == (200, ["translation"])
    refusal = call("POST", VARIANTS, {**body, "maxUsd": 0})
    assert (refusal.status, refusal.body["error"]) == (402, "BudgetExceeded")
    # Nothing is written of what is refused.
    assert call("GET", VARIANTS).body["videos"] == []
    answer = call("POST", VARIANTS, {**body, "maxUsd": prices.body["usd"]})
    assert (answer.status, answer.body["usd"], answer.body["buys"]) == (202, prices.body["usd"], prices.body["buys"])
    # What is translated is copied with it, whatever language the video's own captions are in.
    patch(call, SPANISH)
    translate(call)
    patch(call, {"op": "captions", "language": ""})
    assert call("POST", f"{VARIANTS}/estimate", body).body["usd"] == 0
    again = call("POST", VARIANTS, {**body, "aspectRatio": "1:1"})
    assert (again.status, again.body["usd"]) == (202, 0)
    assert call("POST", f"{VARIANTS}/estimate", body, user="user2").status == 403


def test_what_is_translated_is_shown_and_not_bought_again(call: Api) -> None:
    spoken_document = call("GET", PLAN).body["plan"]["captionDocument"]
    plan = patch(call, SPANISH).body["plan"]
    assert plan["captionDocument"] == spoken_document
    translate(call)
    view = call("GET", PLAN).body["plan"]
    assert ("Carrete" in view["captionDocument"], view["words"]) == (True, plan["words"])
    assert next_step(call, "draft")["buys"] == []
    files = {
        each["path"]: each.get("text", "") for each in call("GET", f"/ai-video/{VIDEO}/export").body["export"]["files"]
    }
    assert ("Carrete" in files["captions.srt"], "reel" in files["spoken-captions.vtt"]) == (True, True)


def test_a_corrected_word_is_to_be_bought_and_taking_it_back_is_not(call: Api) -> None:
    patch(call, SPANISH)
    translate(call)
    patch(call, {"op": "word", "index": 0, "text": "Reel"})
    assert [each["kind"] for each in next_step(call, "draft")["buys"]] == ["translation"]
    patch(call, {"op": "word", "index": 0, "text": "reel"})
    assert next_step(call, "draft")["buys"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/ai-video", {"videoId": VIDEO, "captionLanguage": "es"}),
        ("POST", "/ai-video/estimate", {"captionLanguage": "es"}),
        ("PATCH", PLAN, {"edits": [SPANISH]}),
    ],
)
def test_a_stand_in_refuses_with_a_sentence_before_anything_is_started(
    call: Api, method: str, path: str, body: dict[str, Any]
) -> None:
    services = replace(call.services, translates=False)
    stand_in = replace(call, app=make_app(services, [SITE]), services=services)
    answer = stand_in(method, path, body, If_Match="*")
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert "stand-in" in answer.body["message"]
    assert call.machine.started == []


def test_a_stand_in_makes_no_format_by_a_preset_whose_captions_it_would_translate(call: Api) -> None:
    assert call("PUT", "/presets/spanish", {"captionLanguage": "es"}).status == 200
    services = replace(call.services, translates=False)
    stand_in = replace(call, app=make_app(services, [SITE]), services=services)
    body = {"aspectRatio": "1:1", "preset": "spanish"}
    answer = stand_in("POST", VARIANTS, body)
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert call("GET", VARIANTS).body["videos"] == []
    # What is translated already nobody need translate.
    patch(call, SPANISH)
    translate(call)
    assert stand_in("POST", VARIANTS, {"aspectRatio": "1:1"}).status == 202


def test_a_language_that_cannot_be_drawn_is_named_among_those_that_can(call: Api) -> None:
    answer = patch(call, {"op": "captions", "language": "xx"})
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert "ja" in answer.body["message"]
