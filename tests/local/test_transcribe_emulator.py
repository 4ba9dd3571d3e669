"""Transcribe with a real recogniser: its output format, its errors and how well it hears."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from imageio_ffmpeg import get_ffmpeg_exe  # pyright: ignore[reportMissingTypeStubs] - it ships none
from rapidfuzz.distance import Levenshtein

from local.cloud import ROOT, EmbeddedCloud
from local.emulators.faults import Fault
from local.emulators.transcribe import transcript
from local.speech.languages import are_installed
from local.speech.recognition import BYTES_PER_SECOND, pieces
from tests.local.cloud_under_test import eventually

AUSTEN = ROOT / "samples" / "austen.flac"
CASES = ROOT / "tests" / "cases"
JOB: dict[str, Any] = {"LanguageCode": "en-US"}


def reference_words() -> list[str]:
    quotations = [
        line[1:] for line in (ROOT / "samples" / "README.md").read_text().splitlines() if line.startswith(">")
    ]
    return words_of(" ".join(quotations))


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def ffmpeg(*arguments: str) -> None:
    subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *arguments], check=True)


class Desk:
    """Hands jobs in and collects what came of them."""

    def __init__(self, cloud: EmbeddedCloud) -> None:
        self.cloud = cloud
        self.bucket = cloud.resources["Bucket"]
        self.client = cloud.client("transcribe")

    def upload(self, media: bytes, key: str = "uploads/a b/recording") -> str:
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=media)
        return f"s3://{self.bucket}/{key}"

    def begin(self, name: str, uri: str, **arguments: Any) -> dict[str, Any]:
        started = self.client.start_transcription_job(
            TranscriptionJobName=name,
            Media={"MediaFileUri": uri},
            OutputBucketName=self.bucket,
            OutputKey=f"ai-temp/{name}/transcript.json",
            **(arguments or JOB),
        )
        return started["TranscriptionJob"]

    def end(self, name: str) -> dict[str, Any]:
        def look() -> Any:
            job = self.client.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
            return job if job["TranscriptionJobStatus"] in ("COMPLETED", "FAILED") else None

        return eventually(look)

    def result(self, name: str) -> dict[str, Any]:
        stored_object = self.cloud.client("s3").get_object(Bucket=self.bucket, Key=f"ai-temp/{name}/transcript.json")
        return json.loads(stored_object["Body"].read())

    def reason(self, name: str, uri: str, **arguments: Any) -> str:
        self.begin(name, uri, **arguments)
        job = self.end(name)
        assert job["TranscriptionJobStatus"] == "FAILED"
        return job["FailureReason"]


@pytest.fixture(name="desk", scope="module")
def desk_of_the_cloud(small_cloud: EmbeddedCloud) -> Desk:
    small_cloud.transcribe.preload()
    return Desk(small_cloud)


@pytest.fixture(name="austen", scope="module")
def austen_job(desk: Desk) -> dict[str, Any]:
    first = desk.begin("austen", desk.upload(AUSTEN.read_bytes()), MediaFormat="flac", LanguageCode="en-US")
    assert first["TranscriptionJobStatus"] == "QUEUED"
    return desk.end("austen")


@pytest.fixture(autouse=True)
def no_faults_left(desk: Desk) -> Iterator[None]:
    yield
    desk.cloud.transcribe.faults.clear()


def test_job_tells_where_the_result_is(desk: Desk, austen: dict[str, Any]) -> None:
    assert austen["TranscriptionJobStatus"] == "COMPLETED"
    assert austen["LanguageCode"] == "en-US"
    uri = f"https://s3.us-east-1.amazonaws.com/{desk.bucket}/ai-temp/austen/transcript.json"
    assert austen["Transcript"] == {"TranscriptFileUri": uri}
    assert austen["CreationTime"] <= austen["StartTime"] <= austen["CompletionTime"]


def test_it_hears_well(desk: Desk, austen: dict[str, Any], record_property: Any) -> None:
    reference = reference_words()
    hypothesis = words_of(desk.result("austen")["results"]["transcripts"][0]["transcript"])
    error_rate = Levenshtein.distance(reference, hypothesis) / len(reference)
    record_property("word_error_rate", error_rate)
    print(f"word error rate on {AUSTEN.name}: {error_rate:.3f} of {len(reference)} words")
    assert error_rate <= 0.10


def test_result_has_amazons_format(desk: Desk, austen: dict[str, Any]) -> None:
    document = desk.result("austen")
    assert (document["jobName"], document["accountId"], document["status"]) == ("austen", "123456789012", "COMPLETED")
    results = document["results"]
    assert results["language_code"] == "en-US"
    assert [item["id"] for item in results["items"]] == list(range(len(results["items"])))
    item_numbers = [number for segment in results["audio_segments"] for number in segment["items"]]
    assert item_numbers == list(range(len(results["items"])))
    for item in results["items"]:
        assert isinstance(item["alternatives"][0]["confidence"], str)
        assert ("start_time" in item) == (item["type"] == "pronunciation")


def test_times_are_ordered_text_within_the_recording(desk: Desk, austen: dict[str, Any]) -> None:
    items = [item for item in desk.result("austen")["results"]["items"] if item["type"] == "pronunciation"]
    assert all(isinstance(item["start_time"], str) for item in items)
    moments = [float(item[name]) for item in items for name in ("start_time", "end_time")]
    assert moments == sorted(moments)
    assert 0 <= moments[0] <= moments[-1] <= 24.8


def test_same_name_again_is_a_conflict(desk: Desk, austen: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match=r"ConflictException.*already exists"):
        desk.begin("austen", desk.upload(b""))


def test_identified_language_of_a_video_file(desk: Desk, tmp_path: Path) -> None:
    clip = tmp_path / "clip.m4a"
    ffmpeg("-t", "8", "-i", str(AUSTEN), "-ar", "44100", "-ac", "2", str(clip))
    desk.begin("identify", desk.upload(clip.read_bytes()), IdentifyLanguage=True, MediaFormat="m4a")
    job = desk.end("identify")
    assert job["LanguageCode"] == "en-US"
    assert job["IdentifiedLanguageScore"] >= 0.9
    assert "John" in desk.result("identify")["results"]["transcripts"][0]["transcript"]


def test_too_little_speech_tells_no_language(desk: Desk, tmp_path: Path) -> None:
    note = tmp_path / "note.flac"
    ffmpeg("-t", "1.2", "-i", str(AUSTEN), str(note))
    uri = desk.upload(note.read_bytes())
    assert "long enough in duration" in desk.reason("note", uri, IdentifyLanguage=True)
    desk.begin("note-en-US", uri, LanguageCode="en-US")
    assert desk.end("note-en-US")["TranscriptionJobStatus"] == "COMPLETED"


@pytest.mark.parametrize("settings", [{"AllowDeferredExecution": True}, {"DataAccessRoleArn": "arn:aws:iam::1:role/r"}])
def test_the_queue_and_its_role_come_together(desk: Desk, settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="must come together"):
        desk.begin("half", desk.upload(b""), LanguageCode="en-US", JobExecutionSettings=settings)


@pytest.mark.parametrize("name", ["a.ogg", "a.webm"])
def test_vorbis_is_not_taken(desk: Desk, tmp_path: Path, name: str) -> None:
    ffmpeg("-t", "1", "-i", str(AUSTEN), "-c:a", "libvorbis", str(tmp_path / name))
    assert "must be Opus" in desk.reason(f"vorbis-{name}", desk.upload((tmp_path / name).read_bytes()))


def test_silence_gives_empty_results(desk: Desk, tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3", str(silence))
    desk.begin("silence", desk.upload(silence.read_bytes()))
    assert desk.end("silence")["TranscriptionJobStatus"] == "COMPLETED"
    results = desk.result("silence")["results"]
    assert (results["items"], results["audio_segments"]) == ([], [])
    assert results["transcripts"] == [{"transcript": ""}]


def test_undecodable_media_fails(desk: Desk) -> None:
    assert "isn't supported" in desk.reason("noise", desk.upload(b"no recording at all"))


def test_missing_media_fails(desk: Desk) -> None:
    assert "can't be accessed" in desk.reason("missing", f"s3://{desk.bucket}/none")


def test_wrong_format_fails(desk: Desk) -> None:
    uri = desk.upload(AUSTEN.read_bytes())
    assert "does not match" in desk.reason("format", uri, MediaFormat="mp3", LanguageCode="en-US")


@pytest.mark.parametrize("rate", [4000, 96000])
def test_sample_rate_outside_8_to_48_khz_fails(desk: Desk, tmp_path: Path, rate: int) -> None:
    odd = tmp_path / "odd.wav"
    ffmpeg("-f", "lavfi", "-i", f"anullsrc=r={rate}:cl=mono", "-t", "1", str(odd))
    assert f"{rate} Hz" in desk.reason(f"rate-{rate}", desk.upload(odd.read_bytes()))


def test_a_language_that_no_model_hears_fails(desk: Desk) -> None:
    assert "does not hear zu-ZA" in desk.reason("zulu", desk.upload(b"x"), LanguageCode="zu-ZA")


@pytest.mark.skipif(not are_installed(), reason="the extra `languages` is not installed")
def test_another_language_is_identified(desk: Desk) -> None:
    desk.begin("german", desk.upload((CASES / "german.flac").read_bytes()), IdentifyLanguage=True)
    job = desk.end("german")
    assert job["LanguageCode"] == "de-DE"
    assert job["IdentifiedLanguageScore"] >= 0.9
    results = desk.result("german")["results"]
    assert results["language_identification"] == [{"score": str(job["IdentifiedLanguageScore"]), "code": "de-DE"}]
    assert "Geschichte der Eisenbahn" in results["transcripts"][0]["transcript"]


BAD_REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"LanguageCode": "xx-XX"}, "Value 'xx-XX' at 'languageCode'"),
    ({"LanguageCode": "en-US", "IdentifyLanguage": True}, "must have one of"),
    ({"MediaFormat": "flac"}, "must have one of"),
    ({**JOB, "Settings": {"ShowSpeakerLabels": True}}, "must come together"),
    ({**JOB, "Settings": {"MaxSpeakerLabels": 3}}, "must come together"),
    (
        {**JOB, "Settings": {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2, "ChannelIdentification": True}},
        "exclude each other",
    ),
]


@pytest.mark.parametrize(("arguments", "reason"), BAD_REQUESTS)
def test_a_bad_request_starts_nothing(desk: Desk, arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(ClientError, match=rf"BadRequestException.*{reason}"):
        desk.begin("bad", desk.upload(b"x"), **arguments)


def test_how_many_speak_must_be_said(desk: Desk) -> None:
    settings = {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 30}
    assert "give their number" in desk.reason("crowd", desk.upload(b"x"), **JOB, Settings=settings)


def test_speakers_have_labels_in_amazons_format(desk: Desk, tmp_path: Path) -> None:
    talk = tmp_path / "talk.flac"
    # Cut in pauses, where one speaker may end and another begin.
    turns = [(AUSTEN, 0, 7.2), (CASES / "us.flac", 9, 15.4), (AUSTEN, 10.1, 21.4)]
    inputs = [each for file, start, end in turns for each in ("-ss", str(start), "-to", str(end), "-i", str(file))]
    ffmpeg(
        *inputs,
        "-filter_complex",
        "[0:a]aresample=16000[a];[1:a]aresample=16000[b];[2:a]aresample=16000[c];[a][b][c]concat=n=3:v=0:a=1",
        str(talk),
    )
    desk.begin(
        "talk", desk.upload(talk.read_bytes()), **JOB, Settings={"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2}
    )
    assert desk.end("talk")["TranscriptionJobStatus"] == "COMPLETED"
    results = desk.result("talk")["results"]
    labels = results["speaker_labels"]
    assert (labels["speakers"], labels["channel_label"]) == (2, "ch_0")
    words = [item for item in results["items"] if item["type"] == "pronunciation"]
    readers = ["spk_1" if 7.2 < (float(w["start_time"]) + float(w["end_time"])) / 2 < 13.6 else "spk_0" for w in words]
    wrong = sum(item["speaker_label"] != reader for item, reader in zip(words, readers, strict=True))
    assert wrong <= 0.1 * len(words)
    assert [segment["speaker_label"] for segment in labels["segments"]] == [
        segment["speaker_label"] for segment in results["audio_segments"]
    ]
    times = [(item["start_time"], item["speaker_label"]) for segment in labels["segments"] for item in segment["items"]]
    assert times == [(item["start_time"], item["speaker_label"]) for item in words]


def test_output_bucket_is_needed(desk: Desk) -> None:
    with pytest.raises(ClientError, match="OutputBucketName"):
        desk.client.start_transcription_job(
            TranscriptionJobName="nowhere", Media={"MediaFileUri": "s3://b/k"}, LanguageCode="en-US"
        )


@pytest.mark.parametrize(("kind", "code"), [("throttle", "LimitExceeded"), ("conflict", "Conflict")])
def test_faults_at_the_start(desk: Desk, kind: str, code: str) -> None:
    desk.cloud.transcribe.faults.add(Fault(kind))
    with pytest.raises(ClientError, match=f"{code}Exception"):
        desk.begin("unlucky", desk.upload(b""))


@pytest.mark.parametrize(("kind", "reason"), [("failed", "on order"), ("sample_rate", "sample rate")])
def test_faults_of_a_job(desk: Desk, kind: str, reason: str) -> None:
    desk.cloud.transcribe.faults.add(Fault(kind, message="on order" if kind == "failed" else ""))
    assert reason in desk.reason(f"fault-{kind}", desk.upload(b""))


def test_asking_does_not_advance_a_slow_job(desk: Desk) -> None:
    faults = desk.cloud.transcribe.faults
    faults.add(Fault("slow", seconds=1))
    faults.add(Fault("empty"))
    desk.begin("slow", desk.upload(b""))
    answers = [desk.client.get_transcription_job(TranscriptionJobName="slow") for _ in range(5)]
    states = {answer["TranscriptionJob"]["TranscriptionJobStatus"] for answer in answers}
    assert states <= {"QUEUED", "IN_PROGRESS"}
    assert desk.end("slow")["TranscriptionJobStatus"] == "COMPLETED"
    assert desk.result("slow")["results"]["items"] == []


def word(text: str, start: float, end: float) -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, "probability": 0.9}


def test_words_are_split_joined_and_clamped() -> None:
    whisper_words = [
        word(" “Mr.", 0.0, 0.9),
        word(" ill", 0.5, 0.7),
        word("-disposed,", 0.7, 1.5),
        word(" man?!", 1.2, 2.0),
    ]
    results = transcript.result("j", "1", "en-US", [{"words": whisper_words}], None)["results"]
    assert results["transcripts"][0]["transcript"] == "Mr. ill-disposed, man?"
    times = [(item["start_time"], item["end_time"]) for item in results["items"] if "start_time" in item]
    assert times == [("0.0", "0.5"), ("0.5", "1.2"), ("1.2", "2.0")]


def test_long_recordings_are_cut_where_it_is_quiet() -> None:
    loud = b"\x00\x40" * (BYTES_PER_SECOND // 2)
    quiet = bytes(BYTES_PER_SECOND)
    recording = loud * 25 + quiet + loud * 14
    cut = list(pieces(io.BytesIO(recording), 30 * BYTES_PER_SECOND))
    assert b"".join(cut) == recording
    assert [len(piece) / BYTES_PER_SECOND for piece in cut] == [25, 15]
