"""Words, title and revisions through the API: a correction stays with the recording, and a run makes what was seen."""

from __future__ import annotations

import pytest

from functions.plan.words import transcript_of
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import Options, PlanIn
from shared.film.material import CutPlace, Material
from shared.film.plan import Word
from shared.video.record import VideoRecord
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO
from tests.unit.plan_examples import document, word
from tests.unit.test_api_plan import composed_plan, next_step, patch, record_for_review, record_of_video, store

PLAN = f"/ai-video/{VIDEO}/plan"
RUNS = f"/ai-video/{VIDEO}/runs"
TEXTS = ("reel", "right", "makes", "videos.")
HEARD = tuple(
    Word(text=text, start=float(n), end=n + 0.8, ends_sentence=text.endswith("."), confidence=0.5 + n / 10)
    for n, text in enumerate(TEXTS)
)
TRANSCRIPT = "transcript.json"


@pytest.fixture(name="call")
def api_with_a_plan_of_words(cloud: None) -> Api:
    store(record_of_video())
    bucket = Bucket(BUCKET)
    bucket.write_text(PLAN_KEY, composed_plan().model_copy(update={"words": HEARD}).model_dump_json())
    cuts = tuple(CutPlace(time=second / 2, clean=True, ends_sentence=True) for second in range(17))
    bucket.write_text(media_keys.material(VIDEO, GENERATION), Material(words=HEARD, cuts=cuts).model_dump_json())
    items = (word(text, str(float(n)), str(n + 0.8)) for n, text in enumerate(TEXTS))
    bucket.write_text(TRANSCRIPT, document(*items))
    return make_api()


def record_of(call: Api) -> VideoRecord:
    record = call.services.table.get(VIDEO)
    assert record
    return record


def texts(call: Api) -> list[str]:
    return [each["text"] for each in call("GET", PLAN).body["plan"]["words"]]


def heard_later() -> list[str]:
    """The words as the plan stage of a later generation has them."""
    request = PlanIn(
        user_id="user1", video_id=VIDEO, generation_id="gen2", transcript_key=TRANSCRIPT, recording_seconds=8,
        transcription_cost_usd=0, options=Options(),
    )  # fmt: skip
    return [each.text for each in transcript_of(request, Bucket(BUCKET), TABLE).words]


JOIN = ({"op": "word", "index": 0, "text": "Reel"}, {"op": "join", "index": 0})


def test_a_word_is_shown_with_its_times_and_how_sure_it_is(call: Api) -> None:
    first, *_ = call("GET", PLAN).body["plan"]["words"]
    assert first == {"text": "reel", "start": 0, "end": 0.8, "confidence": 0.5, "speaker": ""}
    store(record_for_review())
    without = composed_plan().model_copy(update={"words": (Word(text="old", start=0, end=1),)})
    Bucket(BUCKET).write_text(PLAN_KEY, without.model_dump_json())
    assert call("GET", PLAN).body["plan"]["words"] == [{"text": "old", "start": 0, "end": 1, "speaker": ""}]


def test_a_correction_stays_with_the_recording_and_changes_no_earlier_revision(call: Api) -> None:
    before = Bucket(BUCKET).read_text(PLAN_KEY)
    assert heard_later() == list(TEXTS)
    patch(call, *JOIN)
    assert texts(call) == heard_later() == ["Reelright", "makes", "videos."]
    patch(call, {"op": "word", "index": 0, "text": "Reelwright really"}, {"op": "delete", "index": 3})
    assert texts(call) == heard_later() == ["Reelwright", "really", "makes"]
    assert Bucket(BUCKET).read_text(PLAN_KEY) == before
    assert next_step(call, "video")["usd"] == 0


def test_what_was_corrected_stays_so_when_the_excerpt_leaves_it_and_comes_back(call: Api) -> None:
    patch(call, *JOIN, {"op": "excerpt", "start": 2, "end": 8})
    assert texts(call) == ["makes", "videos."]
    patch(call, {"op": "excerpt", "start": 0, "end": 8})
    assert texts(call) == ["Reelright", "makes", "videos."]


def test_an_edit_that_is_refused_corrects_nothing(call: Api) -> None:
    assert patch(call, *JOIN, {"op": "split", "scene": "s1", "at": 3.3}).status == 400
    assert record_of(call).corrections == ""

    def meanwhile() -> None:
        patch(call, {"op": "word", "index": 2, "text": "makes many"})

    late = call.with_interruption(meanwhile)
    assert patch(late, *JOIN).body["error"] == "PlanChanged"
    assert texts(call) == heard_later() == ["reel", "right", "makes", "many", "videos."]


def test_deleting_the_video_deletes_what_was_corrected(call: Api) -> None:
    patch(call, *JOIN)
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    objects = clients.s3().list_objects_v2(Bucket=BUCKET, Prefix=f"{media_keys.RESULTS}/{VIDEO}/")
    assert objects["KeyCount"] == 0


def test_a_title_is_changed_wherever_it_is_shown(call: Api) -> None:
    answer = patch(call, {"op": "title", "title": "  Reel\nwright\u202e "})
    assert (answer.body["plan"]["title"], answer.body["plan"]["revision"]) == ("Reel wright", 2)
    (record_listed,) = call("GET", "/videos").body["videos"]
    record_shown = call("GET", f"/ai-video/{VIDEO}").body["video"]
    assert (record_listed["title"], record_shown["title"]) == ("Reel wright",) * 2
    assert call("GET", f"/ai-video/{VIDEO}/export").body["export"]["name"] == "Reel wright"
    patch(call, {"op": "captions", "captions": "none"})
    assert call("GET", PLAN).body["plan"]["title"] == "Reel wright"
    for title in ("", " \n", "x" * 201):
        assert patch(call, {"op": "title", "title": title}).body["error"] == "InvalidRequest"


def test_another_system_may_call_the_video_otherwise_and_an_edit_of_the_plan_leaves_that(call: Api) -> None:
    patch(call, {"op": "title", "title": "Mine"})
    table = call.services.table
    item = table.items.get(VIDEO)
    assert item
    clients.dynamodb().put_item(TableName=TABLE, Item={**item, "title": {"S": "Theirs"}})
    patch(call, {"op": "captions", "captions": "none"})
    assert record_of(call).title == "Theirs"


@pytest.mark.parametrize("path", [RUNS, f"/ai-video/{VIDEO}/scenes/s1/takes"])
def test_a_run_of_a_revision_that_has_changed_is_refused_with_what_changed(call: Api, path: str) -> None:
    tag = call("GET", PLAN).headers["ETag"]
    patch(call, {"op": "scene", "scene": "s2", "prompt": "A harbour"}, tag=tag)
    answer = call("POST", path, {}, If_Match=tag)
    assert (answer.status, answer.body["error"], "scenes.s2" in answer.body["message"]) == (412, "PlanChanged", True)
    assert (call.machine.started, call.machine.stop_requests, record_of(call).ai_generation_status) == (
        [],
        [],
        "completed",
    )
    assert call("POST", path, {}, If_Match=call("GET", PLAN).headers["ETag"]).status == 202
    assert len(call.machine.started) == 1


def test_a_run_of_no_plan_takes_any_tag_but_another_revisions(call: Api) -> None:
    store(record_for_review(plan_name="0001"))
    clients.s3().delete_object(Bucket=BUCKET, Key=PLAN_KEY)
    assert call("POST", RUNS, {"goal": "plan"}, If_Match='"0002-abcdefabcdef.x"').body["error"] == "PlanChanged"
    assert call("POST", RUNS, {"goal": "plan"}, If_Match="*").status == 202


@pytest.mark.parametrize("status", ["completed", "awaiting_review"])
def test_a_run_that_ends_with_the_plan_that_is_there_is_refused_and_leaves_the_video(call: Api, status: str) -> None:
    store(record_of_video().model_copy(update={"ai_generation_status": status}))
    before = call.services.table.get(VIDEO)
    answer = call("POST", RUNS, {"goal": "plan"})
    assert (answer.status, answer.body["error"]) == (409, "NothingToMake")
    assert (call.services.table.get(VIDEO), call.machine.started) == (before, [])


def test_texts_of_edits_hold_nothing_unseen(call: Api) -> None:
    text = "A\u202e\x00 har\u2028bour "
    edits = (
        {"op": "scene", "scene": "s1", "prompt": text, "description": text},
        {"op": "look", "people": text, "place": text, "palette": text},
        {"op": "word", "index": 3.0, "text": text},
    )
    plan = patch(call, *edits).body["plan"]
    first = plan["scenes"][0]
    texts_stored = [first["prompt"], first["description"], *plan["look"].values()]
    assert texts_stored == ["A  har bour"] * 5
    assert [each["text"] for each in plan["words"]][3:] == ["A", "har", "bour"]
    assert patch(call, {"op": "word", "index": 0, "text": "\u202e"}).body["error"] == "InvalidRequest"
