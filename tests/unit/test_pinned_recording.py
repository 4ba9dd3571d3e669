"""The recording that was seen is the one that is used: an upload's form that is used again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.errors import RecordingChanged, RecordingUnreadable
from tests.unit.api_calls import VIDEO_BODY, Api
from tests.unit.cloud_fixtures import BUCKET


def put(key: str, body: bytes) -> None:
    clients.s3().put_object(Bucket=BUCKET, Key=key, Body=body)


@pytest.fixture(autouse=True, params=["versioned", "plain"])
def bucket_with_versions_or_without(request: pytest.FixtureRequest, cloud: None) -> None:
    if request.param == "versioned":
        clients.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


def test_only_what_was_seen_is_read(tmp_path: Path) -> None:
    bucket, target = Bucket(BUCKET), tmp_path / "recording"
    put("uploads/r", b"first")
    seen = bucket.etag("uploads/r")
    assert bucket.download_seen("uploads/r", seen, target).read_bytes() == b"first"
    put("uploads/r", b"second")
    with pytest.raises(RecordingChanged):
        bucket.download_seen("uploads/r", seen, target)
    assert bucket.download_seen("uploads/r", bucket.etag("uploads/r"), target).read_bytes() == b"second"


def test_what_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnreadable):
        Bucket(BUCKET).download_seen("uploads/r", '"any"', tmp_path / "recording")


@pytest.mark.parametrize("looked", [True, False])
def test_a_form_works_once(call: Api, looked: bool) -> None:
    reply = call("POST", "/videos", VIDEO_BODY).body
    video, key = reply["video"]["video_id"], reply["upload"]["fields"]["key"]
    put(key, b"abc")
    if looked:
        assert call("GET", f"/videos/{video}").body["video"]["upload"]["status"] == "arrived"
        put(key, b"xyz")
        answer = call("POST", "/ai-video", {"videoId": video})
        assert (answer.status, answer.body["error"]) == (409, "RecordingChanged")
        assert call.machine.started == []
        put(key, b"abc")
    assert call("POST", "/ai-video", {"videoId": video}).status == 202
    ((request, _),) = call.machine.started
    assert request.recording_etag == Bucket(BUCKET).etag(key)


def test_a_resumed_generation_names_the_recording_that_was_seen(call: Api) -> None:
    video = call.uploaded()
    call("POST", "/ai-video", {"videoId": video})
    call("DELETE", f"/ai-video/{video}")
    record = call.services.table.get(video)
    assert record
    put(record.bucket_location.removeprefix(f"s3://{BUCKET}/"), b"xyz")
    assert call("POST", f"/ai-video/{video}/resume", {}).status == 202
    assert {request.recording_etag for request, _ in call.machine.started} == {record.recording_etag}
