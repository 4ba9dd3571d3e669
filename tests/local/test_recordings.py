"""Every kind of recording that users have becomes a film with the right words, whatever its form writes later."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.video.record import VideoRecord
from tests.chaos import owner
from tests.chaos.run import RECORDING, SHORT, await_end, record_of
from tests.local import film
from tests.local.jobs import Jobs, data_of
from tests.local.words import SAID, VOICE, word_error_rate

# The bundled recording up to a pause, in seconds, and what is said until then.
SECONDS = 10.1
FIRST_CLAUSES = SAID.partition("unless")[0]

# File name and ffmpeg's output arguments: 8 to 44.1 kHz, mono and stereo, sound only and with a picture. What other
# formats need is in tests/unit/test_transcribe.py.
FORMATS: dict[str, tuple[str, ...]] = {
    "phone.wav": ("-ar", "8000", "-ac", "1"),
    "talk.mp3": ("-ar", "44100", "-ac", "2", "-b:a", "96k"),
    "call.webm": ("-c:a", "libopus", "-ar", "24000", "-ac", "1"),
    "camera.mp4": ("-f", "lavfi", "-i", "testsrc=d=11:s=160x120:r=10", "-map", "0:a", "-map", "1:v", "-shortest"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_recording_of_any_format_is_heard_and_filmed(jobs: Jobs, tmp_path: Path, name: str) -> None:
    recording = convert(name, tmp_path)
    record = jobs.make(recording, targetDuration=5, style="animated")
    data = data_of(record)
    assert data.audio_transcription
    assert word_error_rate(data.audio_transcription.full_text, FIRST_CLAUSES) <= 0.1
    assert record.duration == pytest.approx(SECONDS, abs=0.15)
    measures = film.measure(tmp_path / f"{recording.stem}.mp4")
    assert (measures.width, measures.height) == (720, 1280)
    assert abs(measures.picture_seconds - measures.sound_seconds) <= 1 / 24
    assert abs(measures.loudness_lufs + 14) <= 1.5
    assert measures.true_peak_dbtp <= -1


def convert(name: str, folder: Path) -> Path:
    arguments = FORMATS[name]
    return film.make_sound(VOICE, folder / name, *arguments, "-t", str(SECONDS))


def test_a_wide_film_without_captions(jobs: Jobs, tmp_path: Path) -> None:
    data = data_of(jobs.make(VOICE, targetDuration=5, aspectRatio="16:9", captions="none", prompt="A quiet house"))
    measures = film.measure(tmp_path / "austen.mp4")
    assert (measures.width, measures.height) == (1280, 720)
    assert data.user_prompt == "A quiet house"
    assert (tmp_path / "austen.srt").read_text()


def test_a_recording_shorter_than_asked_for_is_used_whole_and_says_so(jobs: Jobs, tmp_path: Path) -> None:
    short = film.make_sound(VOICE, tmp_path / "short.wav", "-t", "5.5")
    data = data_of(jobs.make(short, targetDuration=30))
    assert film.measure(tmp_path / "short.mp4").picture_seconds == pytest.approx(5.5, abs=1 / 24)
    assert data.degraded == ["The video is 5.5 s long: the recording is shorter than the 30 s asked for."]


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
    return ("-ss", start, "-t", str(SHORT), "-ac", "1", "-ar", "16000")


def content_at(system: LocalSystem, location: str) -> bytes:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return system.cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


def text_of(record: VideoRecord) -> str:
    data = record.ai_generation_data
    assert data
    assert data.audio_transcription
    return data.audio_transcription.full_text
