"""Every finished video of a recording stays: a new generation hides none, and each can be deleted alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from functions.plan.record_attributes import SIZE_LIMIT
from functions.settle.core import correction
from shared import media_keys
from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.contracts import Options
from shared.http.refusals import TooManyVersions
from shared.video import versions
from shared.video.public_record import AudioTranscription, CostBreakdown, Failure, Reason, SceneBeats
from shared.video.record import (
    PROMPT_BYTES,
    EndNotice,
    GenerationData,
    Preview,
    VertexAiTask,
    VideoRecord,
    from_item,
    new_generation,
    to_item,
)
from shared.video.take import MOST_TAKES, Take
from shared.video.version import MOST, NOTE_LENGTH, NOTE_LIMIT, PROMPT_LIMIT, Version
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, TABLE, VIDEO, record, store

FILES = ("final_video.mp4", "captions.srt", "captions.vtt", "poster.jpg")
# What DynamoDB takes as one item, in bytes.
MOST_BYTES = 400 * 1024


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def location(generation: str, name: str) -> str:
    return f"s3://{BUCKET}/{media_keys.result(VIDEO, generation, 'video', 1, name)}"


def urls(generation: str) -> dict[str, str]:
    return dict(zip(versions.FILES, (location(generation, name) for name in FILES), strict=True))


def version(generation: str, day: int) -> Version:
    finished_at = f"2026-01-{day:02d}T00:00:00.000Z"
    about: dict[str, Any] = {"style": "animated", "degraded": [f"A note of {generation}."], **urls(generation)}
    return Version(generation_id=generation, finished_at=finished_at, seconds=10 + day, **about)


def store_versions(generations: Mapping[str, int], latest: str) -> VideoRecord:
    """Store and return a record whose versions were finished on these days; their files are in the bucket."""
    base = record()
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(update={"generation_id": latest, **urls(latest)})
    entries = {generation: version(generation, day) for generation, day in generations.items()}
    changes = {"ai_generation_status": "completed", "ai_generation_data": data, "versions": entries}
    whole = base.model_copy(update={**changes, "ai_project_type": "ai_generated"})
    store(whole)
    put(f"uploads/user1/{VIDEO}/talk.mp3")
    for generation in generations:
        for name in FILES:
            put(media_keys.result(VIDEO, generation, "video", 1, name))
        put(f"ai-temp/{VIDEO}/{generation}/scenes/01/source.mp4")
    return whole


def put(key: str) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=b"x")


def keys() -> set[str]:
    return {row.get("Key", "") for row in clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def stored_video() -> VideoRecord:
    reply = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}})
    return from_item(dict(reply.get("Item", {})))


def version_list(call: Api) -> list[dict[str, Any]]:
    return call("GET", f"/ai-video/{VIDEO}/versions").body["versions"]


def ids(call: Api) -> list[str]:
    return [each["generation_id"] for each in version_list(call)]


def poster_in_list(call: Api) -> str | None:
    """Return the path of the picture that the list shows of the recording."""
    (video,) = call("GET", "/videos").body["videos"]
    assert video.get("poster") or "poster" not in video
    return urlsplit(str(video["poster"]["url"])).path if "poster" in video else None


def poster_of(generation: str) -> str:
    return "/" + media_keys.result(VIDEO, generation, "video", 1, "poster.jpg")


def delete(call: Api, generation: str, **more: Any) -> tuple[int, str]:
    answer = call("DELETE", f"/ai-video/{VIDEO}/versions/{generation}", **more)
    return answer.status, answer.body.get("error") or answer.body["status"]


def test_versions_are_listed_newest_first_with_links_of_their_own(call: Api) -> None:
    store_versions({"one": 1, "three": 3, "two": 2}, "three")
    answer = call("GET", f"/ai-video/{VIDEO}/versions")
    rows = answer.body["versions"]
    assert [row["generation_id"] for row in rows] == ["three", "two", "one"]
    assert [row["seconds"] for row in rows] == [13, 12, 11]
    assert [row["degraded"] for row in rows] == [["A note of three."], ["A note of two."], ["A note of one."]]
    for row in rows:
        assert set(row["links"]) == {"video", "captions_srt", "captions_vtt", "poster"}
        assert f"/{row['generation_id']}/video-0001/final_video.mp4?" in row["links"]["video"]["url"]
    assert "s3://" not in str(rows)
    again = call("GET", f"/ai-video/{VIDEO}/versions", if_none_match=answer.headers["ETag"])
    assert again.status == 304
    entries = call("GET", f"/ai-video/{VIDEO}").body["video"]["versions"]
    assert [row["generation_id"] for row in entries] == ["three", "two", "one"]
    assert "versions" not in call("GET", "/videos").body["videos"][0]


def test_a_new_generation_hides_no_earlier_one_and_not_its_picture(call: Api) -> None:
    store_versions({"one": 1, "two": 2}, "two")
    assert poster_in_list(call) == poster_of("two")
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    assert ids(call) == ["two", "one"]
    assert poster_in_list(call) == poster_of("two")
    assert call("DELETE", f"/ai-video/{VIDEO}").status == 200
    assert ids(call) == ["two", "one"]
    assert poster_in_list(call) == poster_of("two")
    assert delete(call, "two") == (200, "deleted")
    assert poster_in_list(call) == poster_of("one")
    assert delete(call, "one") == (200, "deleted")
    assert poster_in_list(call) is None


def test_what_was_finished_before_versions_were_kept_becomes_one(call: Api) -> None:
    whole = store_versions({}, GENERATION)
    assert whole.ai_generation_data
    notes = [letter * 200 for letter in "abcdefg"]
    data = whole.ai_generation_data.model_copy(update={"degraded": notes})
    whole = whole.model_copy(update={"ai_generation_data": data})
    store(whole.model_copy(update={"versions": None}))
    assert ids(call) == [GENERATION]
    assert version_list(call)[0]["degraded"] == [note[:NOTE_LENGTH] for note in notes[:NOTE_LIMIT]]
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    assert ids(call) == [GENERATION]
    assert stored_video().versions == versions.missing_entry(whole.model_copy(update={"versions": None}))


@pytest.mark.parametrize(
    ("deletions", "left", "newest"),
    [
        (["one"], ["three", "two"], "three"),
        (["three"], ["two", "one"], "two"),
        (["three", "two"], ["one"], "one"),
        (["two", "three"], ["one"], "one"),
    ],
)
def test_each_is_deleted_alone_and_the_record_shows_the_newest(
    call: Api, deletions: list[str], left: list[str], newest: str
) -> None:
    store_versions({"one": 1, "two": 2, "three": 3}, "three")
    for generation in deletions:
        assert delete(call, generation) == (200, "deleted")
        assert delete(call, generation) == (404, "VersionNotFound")
    assert ids(call) == left
    assert all(any(f"/{name}/" in key for key in keys()) for name in left)
    assert not any(f"/{name}/" in key for name in deletions for key in keys())
    data = stored_video().ai_generation_data
    assert data
    # Whoever reads the table finds the newest there, and the accounts what they must settle.
    assert {name: getattr(data, name) for name in versions.FILES} == urls(newest)
    assert data.generation_id == "three"
    video = call("GET", f"/ai-video/{VIDEO}").body["video"]
    assert video["ai_generation_status"] == "completed"
    assert video["ai_generation_data"]["generation_id"] == newest
    assert video["ai_generation_data"]["degraded"] == ([] if newest == "three" else [f"A note of {newest}."])
    assert f"/{newest}/video-0001/final_video.mp4?" in video["ai_generation_data"]["links"]["video"]["url"]
    assert {step["status"] for step in video["ai_generation_data"]["processing_steps"]} <= {"completed", "pending"}


@pytest.mark.parametrize("is_listed", [True, False])
def test_without_its_last_video_a_recording_is_one_again(call: Api, is_listed: bool) -> None:
    whole = store_versions({GENERATION: 1}, GENERATION)
    if not is_listed:
        store(whole.model_copy(update={"versions": None}))
    assert delete(call, GENERATION) == (200, "deleted")
    video = call("GET", f"/ai-video/{VIDEO}").body["video"]
    assert "ai_generation_status" not in video
    assert "ai_generation_data" not in video
    assert "ai_project_type" not in video
    assert video["versions"] == []
    assert call("GET", f"/ai-video/{VIDEO}/captions.srt").body["error"] == "NotFinished"
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    assert ids(call) == []


def test_files_of_before_versions_were_kept_are_deleted_and_no_others(call: Api) -> None:
    whole = store_versions({}, GENERATION)
    assert whole.ai_generation_data
    old = f"ai-generated/{VIDEO}/final_video.mp4"
    theirs = "ai-generated/another/final_video.mp4"
    places = {"final_video_url": f"s3://{BUCKET}/{old}", "poster_url": f"s3://{BUCKET}/{theirs}"}
    store(
        whole.model_copy(
            update={"versions": None, "ai_generation_data": whole.ai_generation_data.model_copy(update=places)}
        )
    )
    put(old)
    put(theirs)
    assert delete(call, GENERATION) == (200, "deleted")
    assert old not in keys()
    assert theirs in keys()


def test_an_earlier_one_is_deleted_while_a_new_one_is_made(call: Api) -> None:
    store_versions({"one": 1, "two": 2}, "two")
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    assert delete(call, "two") == (200, "deleted")
    assert ids(call) == ["one"]
    assert call("GET", f"/ai-video/{VIDEO}").body["video"]["ai_generation_status"] == "processing"


def test_a_generation_that_begins_between_a_look_and_the_deletion_stays(call: Api) -> None:
    store_versions({"one": 1, "two": 2}, "two")
    statuses = list[int]()

    def begin() -> None:
        statuses.append(call("POST", "/ai-video", {"videoId": VIDEO}).status)

    assert delete(call.with_interruption(begin), "two") == (200, "deleted")
    assert statuses == [202]
    assert ids(call) == ["one"]
    video_in_table = stored_video()
    assert video_in_table.ai_generation_status == "processing"
    assert video_in_table.ai_generation_data
    assert not video_in_table.ai_generation_data.is_deleted


def test_nobody_else_sees_or_deletes_a_version(call: Api) -> None:
    store_versions({"one": 1}, "one")
    assert call("GET", f"/ai-video/{VIDEO}/versions", user="other").body["error"] == "NotYourVideo"
    assert delete(call, "one", user="other") == (403, "NotYourVideo")
    assert delete(call, "nothing") == (404, "VersionNotFound")
    assert delete(call, "a.b")[0] == 400
    assert ids(call) == ["one"]


def test_deleting_the_video_deletes_every_version(call: Api) -> None:
    store_versions({"one": 1, "two": 2}, "two")
    assert call("DELETE", f"/videos/{VIDEO}").status == 200
    assert not keys()
    assert stored_video().versions is None


def test_a_record_that_is_full_of_versions_takes_no_new_generation(call: Api) -> None:
    whole = store_versions({"latest": 1}, "latest")
    store(whole.model_copy(update={"versions": {f"g{n}": version(f"g{n}", 2) for n in range(MOST)}}))
    answer = call("POST", "/ai-video", {"videoId": VIDEO})
    assert (answer.status, answer.body["error"]) == (409, TooManyVersions.__name__)
    assert not call.machine.started
    assert delete(call, "g7") == (200, "deleted")
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202


def item_bytes(value: Mapping[str, Any]) -> int:
    """Return what DynamoDB counts of an attribute value, as "DynamoDB item sizes and formats" of its guide has it."""
    ((kind, content),) = value.items()
    match kind:
        case "M":
            return 3 + sum(1 + len(name.encode()) + item_bytes(member) for name, member in content.items())
        case "L":
            return 3 + sum(1 + item_bytes(member) for member in content)
        case "S" | "N":
            return len(content.encode()) + (kind == "N")
        case _:
            return 1


LETTER = "\U0001d4d0"
MOMENT = "2026-01-01T00:00:00.000Z"
FULL_TASK = VertexAiTask(
    task_id="t" * 200,
    state="clip_ready",
    video_url="u" * 200,
    prompt="p" * PROMPT_BYTES,
    created_at=MOMENT,
    sequence=40,
    scene="s123",
    take="c" * 12,
    attempt=10,
    cost_usd=3.123456,
    reason=Reason(code="c" * 40, message="e" * 500),
    deadline=1_800_000_000.123,
    rephrased_for=10,
    rephrasing_usd=0.123456,
    reorder_count=10,
    doubtful_usd=0.123456,
    claim="c" * 36,
    kind="still",
    order="w" * 16,
    price_usd=3.123456,
    ordered_model=MODEL,
    ordered_seconds=8.125,
    digest="d" * 64,
    delivery="k" * 200,
    first_frame=f"{'c' * 12}-1440",
    withheld=10,
)
# A still begins with no picture.
FULL_TAKE = Take(
    scene="s123",
    kind="clip",
    model=MODEL,
    seconds=8.125,
    usd=3.123456,
    created_at=MOMENT,
    order="w" * 16,
    # Where the scene before ends that shows an own picture; an own take has no model and no order, and is shorter.
    first_frame=f"own{'d' * 12}-1440po",
    image_id="",
)


def full_data() -> GenerationData:
    """Return a generation of which every attribute is as long as it can be."""
    options = Options(prompt=LETTER * 2000, model=MODEL)
    data = new_generation("g" * 16, MODEL, options, MOMENT)
    # One text in place of all that the plan writes besides its tasks, with which it is bounded.
    planned_tasks = attribute_value([VertexAiTask(sequence=40, scene="s123").model_dump(mode="json")] * 40)
    room = SIZE_LIMIT - len(json.dumps(planned_tasks, separators=(",", ":")))
    plan_parts = AudioTranscription(full_text="p" * room, segments=[], confidence=0.9, language_code="en-US")
    key = "k" * 200
    changes: dict[str, Any] = {
        "run": 1000,
        "revision": 1000,
        "audio_transcription": plan_parts,
        "scene_beats": SceneBeats(overall_theme="", scenes=[], target_duration=60),
        **dict.fromkeys((*versions.FILES, "webhook_url", "execution_arn", "plan_name"), key),
        "final_revision": 1000,
        "loudness_lufs": -14.123,
        "true_peak_dbtp": -1.123,
        "generation_time": 12345.678,
        "planned_video_cost": 123.123456,
        "cost_breakdown": CostBreakdown(),
        "degraded": ["n" * 200] * 80,
        "failure": Failure(step="video_generation", error="E" * 40, message="m" * 500),
        "vertex_ai_tasks": [FULL_TASK] * 40,
        "transcription_usd": 0.123456,
        "planning_answers": {f"{n:050d}": 0.123456 for n in range(10)},
        "planning_doubtful": {f"{n:050d}": 0.123456 for n in range(10)},
        "takes": {f"{n:012d}": FULL_TAKE for n in range(MOST_TAKES)},
        # Of each scene what it wants of a clip and of a still.
        "withheld": ["w" * 16] * 80,
        "earlier_rephrasing_usd": 0.123456,
        "earlier_doubtful_usd": 0.123456,
        "preview": Preview(goal="draft", revision=1000, video_url=key, poster_url=key),
        "run_call": "r" * 16,
        "notice": EndNotice(execution_arn=key, by=key, since=1_800_000_000.123, is_sent=True),
        "set_aside": f"{'g' * 40}.{'n' * 12}",
        "is_deleted": True,
    }
    assert {*changes, *data.model_fields_set} == GenerationData.model_fields.keys()
    return data.model_copy(update=changes)


def test_the_largest_record_is_one_item(cloud: None) -> None:
    """Every text of a user's is at its longest in letters of four bytes, and of ours in letters of one."""
    for whole, model in ((FULL_TASK, VertexAiTask), (FULL_TAKE, Take)):
        assert whole.model_fields_set == model.model_fields.keys()
    changes = {
        "prompt": LETTER * PROMPT_LIMIT,
        "model": MODEL,
        "degraded": ["n" * NOTE_LENGTH] * NOTE_LIMIT,
    }
    entry = version("g" * 16, 1).model_copy(update=changes)
    about = {
        "title": LETTER * 200,
        "filename": LETTER * 255,
        "metadata": {LETTER * 39 + chr(65 + n): LETTER * 500 for n in range(16)},
    }
    versions_by_generation = {f"{n:016d}": entry for n in range(MOST)}
    whole = record().model_copy(update={**about, "ai_generation_data": full_data(), "versions": versions_by_generation})
    item = to_item(whole)
    assert item_bytes({"M": item}) < MOST_BYTES
    assert item_bytes(item["versions"]) < MOST_BYTES // 4
    store(whole)
    video_in_table = stored_video()
    assert {name for name in VideoRecord.model_fields if getattr(video_in_table, name) != getattr(whole, name)} == set()
    data = video_in_table.ai_generation_data
    assert data
    assert (len(data.vertex_ai_tasks), len(data.takes), len(video_in_table.versions or {})) == (40, MOST_TAKES, MOST)


def test_a_cost_that_is_corrected_is_corrected_in_its_version(cloud: None) -> None:
    base = store_versions({GENERATION: 1}, GENERATION)
    assert base.ai_generation_data
    tasks = [VertexAiTask(sequence=1, state="completed", video_url="s3://b/k", cost_usd=0.8)]
    changes = {"vertex_ai_tasks": tasks, "cost_breakdown": CostBreakdown(total=0.4)}
    whole = base.model_copy(update={"ai_generation_data": base.ai_generation_data.model_copy(update=changes)})
    store(whole)
    update = correction(whole)
    assert update
    assert make_api().services.table.update(VIDEO, update)
    video_in_table = stored_video()
    assert video_in_table.versions
    assert video_in_table.ai_generation_data
    assert video_in_table.versions[GENERATION].cost_usd == video_in_table.ai_generation_data.cost_breakdown.total == 0.8


def test_a_record_without_a_finished_video_has_no_version() -> None:
    assert versions.versions(record()) == []
    assert versions.versions(VideoRecord(video_id="v", user_id="u", ai_generation_data=GenerationData())) == []
