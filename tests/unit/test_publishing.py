"""The words that a video is posted with: within limits whatever the model says, edited for nothing, and told."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.bucket import Bucket
from shared.build import revisions
from shared.publishing.platforms import LIMITS, posts
from shared.publishing.words import (
    DESCRIPTION_LIMIT,
    HASHTAG_LIMIT,
    HOOK_LIMIT,
    MOST_HASHTAGS,
    TITLE_LIMIT,
    PostWords,
    bare_tag,
    post_words,
)
from shared.video.events import VideoEnded
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET, PLAN_KEY, plan, store
from tests.unit.plan_examples import Recording, post, reply, scene, talk
from tests.unit.test_api_plan import PLAN, patch, record_of_video
from tests.unit.test_api_plan import store as store_with_plan
from tests.unit.test_plan import plan_of
from tests.unit.test_plan_edits import PLAN as LONG_PLAN
from tests.unit.test_plan_edits import clips_of, edit, missing
from tests.unit.test_settle import final, settle

WORDS = PostWords(
    title="Why bread waits", hook="The oven broke.", description="A baker tells.", hashtags=("bread", "食パン")
)


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


@given(
    st.text(max_size=300), st.text(max_size=300), st.text(max_size=6_000), st.lists(st.text(max_size=80), max_size=40)
)
def test_whatever_the_model_says_is_within_the_limits(title: str, hook: str, text: str, tags: list[str]) -> None:
    words = post_words(title, hook, text, tags)
    assert (len(words.title) <= TITLE_LIMIT, len(words.hook) <= HOOK_LIMIT) == (True, True)
    assert len(words.description) <= DESCRIPTION_LIMIT
    assert len(words.hashtags) <= MOST_HASHTAGS
    assert len({tag.casefold() for tag in words.hashtags}) == len(words.hashtags)
    assert all(0 < len(tag) <= HASHTAG_LIMIT and not set(tag) & set("# \n.,-") for tag in words.hashtags)
    for each in posts(words):
        limits = LIMITS[each.platform]
        assert len(each.title) <= limits.title
        assert len(each.text) <= limits.text
        assert each.text.count("#") <= limits.hashtags + (words.description + words.hook).count("#")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("#SlowBread", "SlowBread"),
        ("# slow bread!", "slowbread"),
        ("ขนมปัง", "ขนมปัง"),
        ("ब्रेड", "ब्रेड"),
        ("c'est-la-vie", "cestlavie"),
        ("###", ""),
    ],
)
def test_a_hashtag_is_without_its_sign_and_keeps_the_marks_of_its_script(text: str, tag: str) -> None:
    assert bare_tag(text) == unicodedata.normalize("NFC", tag) == tag


def test_a_text_is_cut_between_words_and_a_platform_of_double_signs_gets_half_as_many() -> None:
    words = post_words("t " * 90, "", "word " * 300, ["a", "b", "c"])
    assert words.title == "t " * 49 + "t…"
    (x,) = [each for each in posts(words) if each.platform == "x"]
    assert len(x.text) <= 280
    assert x.text.endswith("word…\n\n#a #b")
    (x,) = [each for each in posts(post_words("", "", "語" * 300, ["パン"])) if each.platform == "x"]
    assert 270 < sum(2 if sign > "ჿ" and sign != "…" else 1 for sign in x.text) <= 280
    assert x.text.endswith("…\n\n#パン")


def test_a_platform_without_a_title_reads_the_hook_first() -> None:
    texts = {each.platform: (each.title, each.text) for each in posts(WORDS)}
    assert texts["youtube"] == ("Why bread waits", "A baker tells.\n\n#bread #食パン")
    assert texts["tiktok"] == ("", "The oven broke.\n\nA baker tells.\n\n#bread #食パン")
    assert posts(PostWords()) == []


def test_the_plan_has_the_models_words() -> None:
    answer = reply(scene(0, 0)).model_copy(update={"publish": post(" A title ", "Hook", "Said.", "#one", "One", "two")})
    assert plan_of(Recording(talk(20), 8.0), answer).publish == PostWords(
        title="A title", hook="Hook", description="Said.", hashtags=("one", "two")
    )


def test_an_edit_changes_what_it_names_and_has_nothing_made_again() -> None:
    later = edit(LONG_PLAN.model_copy(update={"publish": WORDS}), {"op": "publish", "hashtags": ["#New", "new", "b"]})
    assert later.publish == WORDS.model_copy(update={"hashtags": ("New", "b")})
    assert missing(later, clips_of(LONG_PLAN)) == []
    assert revisions.differences(LONG_PLAN.model_copy(update={"publish": WORDS}), later) == ["publish"]


@pytest.mark.parametrize("change", [{"op": "publish", "hook": "New"}, {"op": "title", "title": "New"}])
def test_a_finished_video_stays_the_plans_when_its_words_are_edited(call: Api, change: dict[str, Any]) -> None:
    base = record_of_video()
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(update={"final_revision": 1})
    store_with_plan(base.model_copy(update={"ai_generation_status": "completed", "ai_generation_data": data}))
    view = patch(call, change).body["plan"]
    assert view["revision"] == 2
    assert [step["goal"] for step in view["next"] if step["isMade"]] == ["video"]
    again = patch(call, change, {"op": "captions", "captions": "none"}).body["plan"]
    assert [step["goal"] for step in again["next"] if step["isMade"]] == []


def test_the_plan_shows_the_words_as_each_platform_takes_them(call: Api) -> None:
    store_with_plan(record_of_video())
    edits = {"op": "publish", "title": "Why", "hook": "Listen.", "description": "So.", "hashtags": ["#bread"]}
    view = patch(call, edits).body["plan"]["publish"]
    assert (view["title"], view["hook"], view["hashtags"]) == ("Why", "Listen.", ["bread"])
    assert {each["platform"]: each["text"] for each in view["posts"]}["x"] == "Listen.\n\nSo.\n\n#bread"
    assert call("GET", PLAN).body["plan"]["publish"] == view


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * (TITLE_LIMIT + 1)),
        ("hook", "x" * (HOOK_LIMIT + 1)),
        ("description", "x" * (DESCRIPTION_LIMIT + 1)),
        ("hashtags", ["x"] * (MOST_HASHTAGS + 1)),
        ("hashtags", ["!"]),
    ],
)
def test_an_edit_beyond_the_limits_is_refused_and_names_its_field(call: Api, field: str, value: object) -> None:
    store_with_plan(record_of_video())
    answer = patch(call, {"op": "publish", field: value})
    assert (answer.status, answer.body["error"]) == (400, "InvalidRequest")
    assert field in answer.body["details"][0]["field"]


@pytest.mark.parametrize("words", [WORDS, PostWords(), None])
def test_the_event_of_a_finished_video_tells_its_words(cloud: None, words: PostWords | None) -> None:
    store(final())
    if words:
        Bucket(BUCKET).write_text(PLAN_KEY, plan(1).model_copy(update={"publish": words}).model_dump_json())
    else:
        Bucket(BUCKET).delete_below(PLAN_KEY)
    events = list[VideoEnded]()
    settle("machine", 0, events.append)
    assert [event.publish for event in events] == [words if words == WORDS else None]
