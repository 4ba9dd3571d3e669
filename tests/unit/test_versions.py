"""Every finished video of a recording stays: a new generation hides none, and each can be deleted alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from functions.plan.record_attributes import SIZE_LIMIT
from functions.settle.core import correction
from shared import media_keys
from shared.aws import clients
from shared.contracts import Options
from shared.http.refusals import TooManyVersions
from shared.video import versions
from shared.video.public_record import AudioTranscription, CostBreakdown, Reason
from shared.video.record import (
    PROMPT_BYTES,
    GenerationData,
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


def test_the_largest_record_is_one_item(cloud: None) -> None:
    """Every text of a user's is at its longest in letters of four bytes, and of ours in letters of one."""
    letter = "\U0001d4d0"
    options = Options(prompt=letter * 2000, model=MODEL)
    data = new_generation("g" * 16, MODEL, options, "2026-01-01T00:00:00.000Z")
    # One text in place of all that the plan writes, which is bounded together.
    plan_parts = AudioTranscription(full_text="p" * SIZE_LIMIT, segments=[], confidence=0.9, language_code="en-US")
    task = VertexAiTask(
        task_id="t" * 200,
        state="completed",
        video_url="u" * 200,
        prompt="p" * PROMPT_BYTES,
        scene="s" * 4,
        take="c" * 12,
        order="w" * 16,
        reason=Reason(code="c" * 40, message="e" * 500),
        digest="d" * 64,
        claim="c" * 36,
        delivery="k" * 200,
    )
    take = Take(
        scene="s123", model=MODEL, seconds=8, usd=0.123456, created_at="2026-01-01T00:00:00+00:00", order="w" * 16
    )
    notes = ["n" * 200] * 80
    data = data.model_copy(
        update={
            "audio_transcription": plan_parts,
            "vertex_ai_tasks": [task] * 40,
            "degraded": notes,
            "takes": {f"{n:012d}": take for n in range(MOST_TAKES)},
        }
    )
    changes = {
        "prompt": letter * PROMPT_LIMIT,
        "model": MODEL,
        "degraded": ["n" * NOTE_LENGTH] * NOTE_LIMIT,
    }
    entry = version("g" * 16, 1).model_copy(update=changes)
    about = {
        "title": letter * 200,
        "filename": letter * 255,
        "metadata": {letter * 39 + chr(65 + n): letter * 500 for n in range(16)},
    }
    whole = record().model_copy(
        update={**about, "ai_generation_data": data, "versions": {f"{n:016d}": entry for n in range(MOST)}}
    )
    item = to_item(whole)
    assert item_bytes({"M": item}) < MOST_BYTES
    assert item_bytes(item["versions"]) < MOST_BYTES // 4


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
