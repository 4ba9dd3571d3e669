"""An upload's form that is used again after the start: the whole system makes, plays and keeps the first recording."""

from __future__ import annotations

from pathlib import Path

import requests

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import owner
from tests.chaos.run import RECORDING, SHORT, await_end, record_of
from tests.local import film

SECONDS = str(SHORT)


def test_a_form_that_writes_after_the_start_changes_nothing(system: LocalSystem, tmp_path: Path) -> None:
    first, other = (film.make_sound(RECORDING, tmp_path / f"from{start}.wav", *cut(start)) for start in ("0", "12"))
    api = ApiClient(system.cloud.api_url, system.token())
    video, form = owner.create(api, first, "audio/wav")
    owner.write(form, first)
    texts = list[str]()
    for _generation in range(2):
        api.start(video, {"targetDuration": 5})
        owner.write(form, other)
        assert await_end(system, video) == "SUCCEEDED"
        texts.append(text_of(record_of(system, video)))
    assert texts[0] == texts[1]
    assert "John Dashwood" in texts[0]
    # The form has written, and nobody looks there.
    assert content_at(system, record_of(system, video).bucket_location) == other.read_bytes()
    link = api.show(video).recording
    assert link
    assert requests.get(link.url, timeout=30).content == first.read_bytes()


def test_of_a_deleted_video_the_bucket_keeps_no_version(system: LocalSystem, tmp_path: Path) -> None:
    api = ApiClient(system.cloud.api_url, system.token())
    file = film.make_sound(RECORDING, tmp_path / "from0.wav", *cut("0"))
    video, form = owner.create(api, file, "audio/wav")
    for _time in range(2):
        owner.write(form, file)
    assert [key for key in versions(system) if video in key]
    assert owner.delete(api, video)
    assert [key for key in versions(system) if video in key] == []


def versions(system: LocalSystem) -> list[str]:
    """Return the keys of all versions and delete markers."""
    client = system.cloud.client("s3")
    bucket = system.cloud.outputs["BucketName"]
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    page = client.list_object_versions(Bucket=bucket)
    return [row["Key"] for row in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]


def cut(start: str) -> tuple[str, ...]:
    return ("-ss", start, "-t", SECONDS, "-ac", "1", "-ar", "16000")


def content_at(system: LocalSystem, location: str) -> bytes:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return system.cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def text_of(record: VideoRecord) -> str:
    data = record.ai_generation_data
    assert data
    assert data.audio_transcription
    return data.audio_transcription.full_text
