"""The recording that was seen is the one that is used: an upload's form that is used again changes nothing."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shared.aws import clients
from shared.aws.bucket import PART_BYTES, Bucket
from shared.errors import RecordingChanged, RecordingUnreadable
from shared.http.refusals import TooManyRequests
from tests.unit.api_calls import VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET, VIDEO, record, store


def put(key: str, body: bytes) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=body)


@pytest.fixture(autouse=True, params=["versioned", "plain"])
def bucket_with_versions_or_without(request: pytest.FixtureRequest, cloud: None) -> None:
    if request.param == "versioned":
        clients.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


def test_only_what_was_seen_is_read(tmp_path: Path) -> None:
    bucket = Bucket(BUCKET)
    target = tmp_path / "recording"
    put("uploads/r", b"first")
    etag = bucket.etag("uploads/r")
    assert bucket.download_seen("uploads/r", etag, target).read_bytes() == b"first"
    put("uploads/r", b"second")
    with pytest.raises(RecordingChanged):
        bucket.download_seen("uploads/r", etag, target)
    assert bucket.download_seen("uploads/r", bucket.etag("uploads/r"), target).read_bytes() == b"second"


def test_what_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnreadable):
        Bucket(BUCKET).download_seen("uploads/r", '"any"', tmp_path / "recording")


def content_of(key: str) -> bytes:
    return clients.s3().get_object(Bucket=BUCKET, Key=key)["Body"].read()


def content_behind(url: str) -> bytes:
    query = parse_qs(urlsplit(url).query)
    assert "versionId" not in query
    return content_of(unquote(urlsplit(url).path).lstrip("/"))


@dataclass(frozen=True)
class Uploaded:
    """A video whose form has written `first`; `key` is the only one that the form can write."""

    id: str
    key: str


@pytest.fixture(name="video")
def uploaded_by_its_form(call: Api) -> Uploaded:
    reply = call("POST", "/videos", VIDEO_BODY).body
    policy = json.loads(b64decode(reply["upload"]["fields"]["policy"]))
    key = reply["upload"]["fields"]["key"]
    assert {"key": key} in policy["conditions"]
    put(key, b"one")
    return Uploaded(reply["video"]["video_id"], key)


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_form_works_once(call: Api, video: Uploaded, is_looked_at: bool) -> None:
    if is_looked_at:
        assert call("GET", f"/videos/{video.id}").body["video"]["upload"]["status"] == "arrived"
        put(video.key, b"two")
        answer = call("POST", "/ai-video", {"videoId": video.id})
        assert (answer.status, answer.body["error"]) == (409, "RecordingChanged")
        assert call.machine.started == []
        put(video.key, b"one")
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 202
    ((request, _),) = call.machine.started
    assert request.recording_key not in ("", video.key)
    assert content_of(request.recording_key) == b"one"


def test_what_a_form_writes_after_a_start_is_ignored_by_every_run_and_every_link(call: Api, video: Uploaded) -> None:
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 202
    put(video.key, b"two")
    call("DELETE", f"/ai-video/{video.id}")
    assert call("POST", f"/ai-video/{video.id}/resume", {}).status == 202
    call("DELETE", f"/ai-video/{video.id}")
    clients.s3().delete_object(Bucket=BUCKET, Key=video.key)
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 202
    read = [(content_of(request.recording_key), request.recording_etag) for request, _ in call.machine.started]
    # Nobody can write the copy, so that nothing has to be compared.
    assert read == [(b"one", "")] * 3
    for video_shown in (call("GET", f"/videos/{video.id}").body["video"], *call("GET", "/videos").body["videos"]):
        assert video_shown["upload"]["status"] == "arrived"
        assert content_behind(video_shown["recording"]["url"]) == b"one"


def test_a_form_that_writes_while_the_start_is_made_loses_or_is_refused(call: Api, video: Uploaded) -> None:
    def write(**_request: object) -> None:
        put(video.key, b"two")

    clients.s3().meta.events.register_first("before-call.s3.CopyObject", write)
    answer = call("POST", "/ai-video", {"videoId": video.id})
    assert (answer.status, answer.body["error"]) == (409, "RecordingChanged")
    assert call.machine.started == []
    record = call.services.table.get(video.id)
    assert record
    assert record.recording_copy == ""


def test_a_start_that_was_refused_later_on_makes_no_second_copy(call: Api, video: Uploaded) -> None:
    copies = list[str]()

    def count(**_request: object) -> None:
        copies.append("made")

    clients.s3().meta.events.register_first("before-call.s3.CopyObject", count)
    call.machine.refusals.append(TooManyRequests("Slow down."))
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 429
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 202
    assert copies == ["made"]


def test_the_copy_is_deleted_with_the_video(call: Api, video: Uploaded) -> None:
    assert call("POST", "/ai-video", {"videoId": video.id}).status == 202
    assert len(clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])) == 2
    call("DELETE", f"/ai-video/{video.id}")
    assert call("DELETE", f"/videos/{video.id}").status == 200
    assert "Contents" not in clients.s3().list_objects_v2(Bucket=BUCKET)


def test_a_recording_that_no_form_of_ours_writes_is_pinned_by_its_etag_alone(call: Api) -> None:
    place = f"uploads/team/{VIDEO}.mp3"
    put(place, b"one")
    team = {"bucket_location": f"s3://{BUCKET}/{place}", "ai_generation_status": None, "ai_generation_data": None}
    store(record().model_copy(update=team))
    assert call("POST", "/ai-video", {"videoId": VIDEO}).status == 202
    ((request, _),) = call.machine.started
    assert (request.recording_key, request.recording_etag) == (place, Bucket(BUCKET).etag(place))


def test_a_generation_that_was_started_without_a_copy_is_resumed_by_the_etag_that_was_seen(call: Api) -> None:
    etag = '"of an earlier release"'
    earlier = {"recording_etag": etag, "ai_generation_status": "failed"}
    data = record().ai_generation_data
    assert data
    recent = data.model_copy(update={"started_at": datetime.now(UTC).isoformat()})
    store(record().model_copy(update={**earlier, "ai_generation_data": recent}))
    assert call("POST", f"/ai-video/{VIDEO}/resume", {}).status == 202
    ((request, _),) = call.machine.started
    assert (request.recording_key, request.recording_etag) == (f"uploads/user1/{VIDEO}/talk.mp3", etag)


@pytest.mark.parametrize("size", [1, PART_BYTES + 1], ids=["whole", "by parts"])
def test_a_copy_is_made_of_what_was_seen_or_not_at_all(size: int) -> None:
    bucket = Bucket(BUCKET)
    put("uploads/r", b"a" * size)
    etag = bucket.etag("uploads/r")
    bucket.copy_seen("uploads/r", etag, "uploads/copy")
    put("uploads/r", b"b" * size)
    assert content_of("uploads/copy") == b"a" * size
    for late in ("HeadObject", "CopyObject" if size == 1 else "UploadPartCopy"):
        put("uploads/r", b"a" * size)

        def write(late: str = late, **_request: object) -> None:
            clients.s3().meta.events.unregister(f"before-call.s3.{late}", write)
            put("uploads/r", b"b" * size)

        clients.s3().meta.events.register_first(f"before-call.s3.{late}", write)
        with pytest.raises(RecordingChanged):
            bucket.copy_seen("uploads/r", etag, "uploads/other")
        assert not bucket.holds("uploads/other")
