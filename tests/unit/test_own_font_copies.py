"""A font of a user's own goes with the plan, the variant and the clips that are drawn in it, and can be deleted."""

from __future__ import annotations

from shared import media_keys
from shared.video.own_font import OwnFonts
from tests.unit.api_calls import Api
from tests.unit.cloud_fixtures import GENERATION, VIDEO
from tests.unit.font_files import font
from tests.unit.own_files import FONTS
from tests.unit.test_api_moments import clips, with_moments
from tests.unit.test_api_plan import PLAN, patch
from tests.unit.test_api_variants import api_with_a_video

UNKNOWN = "f" * 20
call = api_with_a_video


def test_a_plan_links_to_its_own_copy_of_the_font_and_a_variant_has_one_too(call: Api) -> None:
    font_id = FONTS.ready(call, font())
    assert "captionFont" not in patch(call, {"op": "captions", "font": "hand"}).body["plan"]
    patch(call, {"op": "captions", "font": font_id})
    call("DELETE", f"/fonts/{font_id}")
    plan_shown = call("GET", PLAN).body["plan"]
    assert media_keys.own_font(VIDEO, GENERATION, font_id) in plan_shown["captionFont"]["url"]
    variant = call("POST", f"/ai-video/{VIDEO}/variants", {"aspectRatio": "1:1"}).body["videoId"]
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    plan_of_variant = call("GET", f"/ai-video/{variant}/plan").body["plan"]
    copy = media_keys.own_font(variant, plan_of_variant["generationId"], font_id)
    assert copy in plan_of_variant["captionFont"]["url"]
    assert call.services.bucket.read_bytes(copy).startswith(b"\x00\x01\x00\x00")


def test_clips_of_a_recording_are_drawn_in_the_font_and_none_is_begun_without_it(call: Api) -> None:
    video_id = with_moments(call)
    wish = {"moments": ["m1", "m2"], "captionStyle": {"font": UNKNOWN}}
    searches = len(call.machine.started)
    answer = clips(call, video_id, wish)
    assert (answer.status, answer.body["error"], len(call.machine.started)) == (404, "FontNotFound", searches)
    font_id = FONTS.ready(call, font())
    assert clips(call, video_id, wish | {"captionStyle": {"font": font_id}}).status == 202
    call("DELETE", f"/fonts/{font_id}")
    requests = [request for request, _ in call.machine.started[searches:]]
    assert [request.options.caption_style.font for request in requests] == [font_id, font_id]
    for request in requests:
        assert OwnFonts(call.services.bucket, request.video_id, request.generation_id).holds(font_id)
