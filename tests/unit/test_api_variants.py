"""Other formats of a video over the API, on moto: copies of plan and takes, an edit and a run that buys nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.api.app import make_app
from functions.api.pace import StartRate
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build import orders
from shared.film.plan import Plan
from shared.video.own_font import OwnFonts
from tests.unit.api_calls import KEYS, SITE, Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, VIDEO
from tests.unit.font_files import font
from tests.unit.media_fakes import make
from tests.unit.own_files import FONTS, MUSIC
from tests.unit.test_api_plan import composed_plan, record_for_review, record_of_video, store

VARIANTS = f"/ai-video/{VIDEO}/variants"


@pytest.fixture(name="call")
def api_with_a_video(cloud: None) -> Api:
    call = make_api()
    store(record_of_video())
    bucket = Bucket(BUCKET)
    bucket.write_text(media_keys.transcript(VIDEO, GENERATION), "{}")
    for take in ("take1", "take2"):
        bucket.write_bytes(media_keys.take(VIDEO, GENERATION, take, "clip"), take.encode(), "video/mp4")
    return call


def plan_of(request: Any) -> Plan:
    key = media_keys.plan(request.video_id, request.generation_id, request.plan_name)
    return Plan.model_validate_json(Bucket(BUCKET).read_text(key))


def test_a_variant_is_a_video_of_its_own_of_the_same_clips_for_which_nothing_is_bought(call: Api) -> None:
    answer = call("POST", VARIANTS, {"aspectRatio": "1:1"})
    assert (answer.status, answer.body["buys"], answer.body["usd"]) == (202, [], 0)
    ((request, run),) = call.machine.started
    assert (request.video_id, request.goal, run) == (answer.body["videoId"], "video", 2)
    assert request.options.is_heard is True
    plan = plan_of(request)
    assert (plan.video_id, plan.shape, plan.size, plan.clip_size) == (request.video_id, "1:1", (720, 720), (720, 1280))
    data = call.data(request.video_id)
    assert {task["state"] for task in data["vertex_ai_tasks"]} == {"clip_ready"}
    assert data["cost_breakdown"]["total"] == 0
    for take in ("take1", "take2"):
        key = media_keys.take(request.video_id, request.generation_id, take, "clip")
        assert Bucket(BUCKET).read_bytes(key) == take.encode()
    video = call("GET", f"/videos/{request.video_id}").body["video"]
    assert (video["variant_of"], video["title"].endswith(" (1:1)")) == (VIDEO, True)
    # What it was made of stays as it is, and the variant when that goes.
    assert call("GET", f"/ai-video/{VIDEO}").body["video"]["ai_generation_status"] == "completed"
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    assert Bucket(BUCKET).holds(media_keys.take(request.video_id, request.generation_id, "take1", "clip"))


def test_variants_are_listed_beside_the_video(call: Api) -> None:
    ids = [call("POST", VARIANTS, {"aspectRatio": shape}).body["videoId"] for shape in ("1:1", "4:5", "16:9")]
    videos = call("GET", VARIANTS).body["videos"]
    assert {video["video_id"] for video in videos} == {*ids}
    assert {video["ai_generation_data"]["options"]["shape"] for video in videos} == {"1:1", "4:5", "16:9"}
    assert call("GET", VARIANTS, user="user2").status == 403


def test_a_preset_brings_its_captions_their_font_and_its_music(call: Api, tmp_path: Path) -> None:
    hum = make(tmp_path / "hum.mp3", "-f", "lavfi", "-i", "sine=300:duration=3").read_bytes()
    music_id = MUSIC.ready(call, hum)
    font_id = FONTS.ready(call, font())
    choices = {"captions": "box", "captionStyle": {"font": font_id}, "music": music_id}
    assert call("PUT", "/presets/acme", choices).status == 200
    body = {"aspectRatio": "1:1", "preset": "acme"}
    assert call("POST", VARIANTS, body).status == 202
    (request, _) = call.machine.started[-1]
    options = plan_of(request).options
    assert (options.captions, options.caption_style.font, options.music) == ("box", font_id, music_id)
    assert OwnFonts(call.services.bucket, request.video_id, request.generation_id).holds(font_id)
    # What of a preset is gone is said before anything is written.
    starts = len(call.machine.started)
    for what, error in ((f"/music/{music_id}", "MusicNotFound"), (f"/fonts/{font_id}", "FontNotFound")):
        assert call("DELETE", what).status == 200
        assert call("POST", VARIANTS, body).body["error"] == error
        call("PUT", "/presets/acme", {"captionStyle": {"font": font_id}})
    assert len(call.machine.started) == starts
    assert len(call("GET", VARIANTS).body["videos"]) == 1


def test_a_scene_whose_new_take_was_withheld_shows_its_earlier_one_in_every_format(call: Api) -> None:
    film_plan = composed_plan()
    scene = film_plan.scene(2).model_copy(update={"retake": 1, "earlier_take": "take2"})
    film_plan = film_plan.model_copy(update={"scenes": (film_plan.scene(1), scene)})
    video = record_of_video()
    assert video.ai_generation_data
    withheld = [orders.order_digest(film_plan, scene, "clip")]
    data = video.ai_generation_data.model_copy(update={"withheld": withheld})
    store(video.model_copy(update={"ai_generation_data": data}))
    Bucket(BUCKET).write_text(PLAN_KEY, film_plan.model_dump_json())
    answer = call("POST", VARIANTS, {"aspectRatio": "1:1"})
    assert (answer.status, answer.body["buys"], answer.body["usd"]) == (202, [], 0)
    tasks = call.data(answer.body["videoId"])["vertex_ai_tasks"]
    assert [(task["state"], task["take"]) for task in tasks] == [("clip_ready", "take1"), ("clip_ready", "take2")]


def test_one_key_makes_one_variant(call: Api) -> None:
    body = {"aspectRatio": "4:5"}
    first = call("POST", VARIANTS, body, Idempotency_Key="k").body["videoId"]
    assert call("POST", VARIANTS, body, Idempotency_Key="k").body["videoId"] == first
    assert len(call.machine.started) == 1


def test_one_start_too_many_in_an_hour_leaves_nothing_behind_and_one_variant_is_one_start(call: Api) -> None:
    services = replace(call.services, pace=StartRate(KEYS, 1))
    with_limit = replace(call, app=make_app(services, [SITE]), services=services)
    assert with_limit("POST", VARIANTS, {"aspectRatio": "4:5"}).status == 202
    answer = with_limit("POST", VARIANTS, {"aspectRatio": "1:1"})
    assert (answer.status, answer.body["error"]) == (429, "TooManyStarts")
    assert len(call("GET", "/videos").body["videos"]) == 2
    assert len(call.machine.started) == 1


def test_a_video_that_lacks_a_clip_has_no_variants_yet(call: Api) -> None:
    store(record_for_review())
    answer = call("POST", VARIANTS, {"aspectRatio": "1:1"})
    assert (answer.status, answer.body["error"]) == (409, "NotFinished")
    assert answer.body["message"] == "Make the video first: there is no clip yet of s1, s2."
    assert call.machine.started == []


def test_the_format_of_a_video_can_be_changed_in_its_place(call: Api) -> None:
    tag = call("GET", f"/ai-video/{VIDEO}/plan").headers["ETag"]
    edits = {"edits": [{"op": "format", "aspectRatio": "4:5"}]}
    plan = call("PATCH", f"/ai-video/{VIDEO}/plan", edits, If_Match=tag).body["plan"]
    assert plan["aspectRatio"] == "4:5"
    assert [row["usd"] for row in plan["next"] if row["goal"] == "video"] == [0]
