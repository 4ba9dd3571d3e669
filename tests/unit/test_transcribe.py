"""The stage that has a recording heard: what it gives to Amazon Transcribe, and what it refuses before it costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from functions.transcribe.core import Job, require_usable
from functions.transcribe.handler import Deps, run
from shared import ffmpeg, media_keys
from shared.contracts import TranscribeIn, TranscribeOut
from shared.errors import (
    RecordingSilent,
    RecordingTooLarge,
    RecordingTooShort,
    ReelwrightError,
    UnsupportedMedia,
)
from shared.ffmpeg import Sound
from tests.unit.media_fakes import GENERATION, SAMPLE, VIDEO, FolderBucket, clip, make

if TYPE_CHECKING:
    pass

KEY = f"uploads/u/{VIDEO}/recording"
EXTRACTED = media_keys.extracted_recording(VIDEO, GENERATION)
SPEECH = ("-i", str(SAMPLE), "-t", "3")


@dataclass
class Jobs:
    started: list[Job] = field(default_factory=list[Job])

    def __call__(self, _request: TranscribeIn, job: Job, _usd: float) -> bool:
        self.started.append(job)
        return True


@dataclass
class Stage:
    bucket: FolderBucket
    jobs: Jobs

    def run(self, recording: Path, language: str | None = None) -> TranscribeOut:
        self.bucket.upload(KEY, recording, "")
        request = TranscribeIn(
            video_id=VIDEO, generation_id=GENERATION, user_id="u", recording_key=KEY, language_code=language
        )
        return run(request, Deps(self.bucket, self.jobs))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(FolderBucket.at(tmp_path / "bucket"), Jobs())


def test_a_plain_recording_is_transcribed_from_where_it_is(stage: Stage) -> None:
    out = stage.run(SAMPLE, "en-US")
    job = Job("reelwright-v1-g1", KEY, "flac", "ai-temp/v1/g1/transcript.json", "en-US")
    assert stage.jobs.started == [job]
    assert out == TranscribeOut(
        job_name=job.name, transcript_key=job.output_key, recording_seconds=24.73, cost_usd=0.002473
    )
    assert not stage.bucket.holds(EXTRACTED)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("a.wav", (), "wav"),
        ("a.m4a", (), "m4a"),
        ("a.ogg", (), "ogg"),
        ("a.flac", (), "flac"),
        ("a.mp3", ("-write_xing", "0"), "mp3"),
        ("a.amr", ("-ar", "8000", "-b:a", "12.2k"), "amr"),
    ],
)
def test_the_format_is_the_contents_own(
    stage: Stage, tmp_path: Path, name: str, options: tuple[str, ...], expected: str
) -> None:
    stage.run(make(tmp_path / name, *SPEECH, *options))
    assert [(job.media_format, job.media_key) for job in stage.jobs.started] == [(expected, KEY)]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.aac", ()),
        ("a.aiff", ()),
        ("a.mka", ("-c:a", "pcm_s16le")),
        ("a.wav", ("-ar", "96000")),
        ("a.flac", ("-ac", "6", "-ar", "48000")),
        ("a.mp3", ()),
        ("a.webm", ()),
    ],
)
def test_what_transcribe_does_not_take_is_extracted(
    stage: Stage, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    out = stage.run(make(tmp_path / name, *SPEECH, *options))
    assert [(job.media_format, job.media_key) for job in stage.jobs.started] == [("flac", EXTRACTED)]
    info = ffmpeg.probe(stage.bucket.path(EXTRACTED))
    assert (info.audio_codec, info.sample_rate, info.channels) == ("flac", 16_000, 1)
    assert info.seconds == pytest.approx(out.recording_seconds, abs=0.02)


@pytest.mark.parametrize("name", ["a.flac", "a.m4a"])
def test_a_recording_whose_end_was_cut_off_is_refused(stage: Stage, tmp_path: Path, name: str) -> None:
    whole = make(tmp_path / name, "-i", str(SAMPLE), "-movflags", "+faststart").read_bytes()
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(UnsupportedMedia, match=r"breaks off after 1\d\.\d s of 24\.7 s"):
        stage.run(cut)
    assert not stage.jobs.started


def test_a_video_gives_its_sound(stage: Stage, tmp_path: Path) -> None:
    picture = clip(tmp_path / "clip.mp4", 3, "160x120")
    both = make(tmp_path / "a.mov", "-i", str(picture), *SPEECH, "-map", "0:v", "-map", "1:a", "-c:v", "copy")
    stage.run(both)
    assert stage.jobs.started[0].media_key == EXTRACTED


def test_an_encoders_delay_moves_no_word(stage: Stage, tmp_path: Path) -> None:
    # A click at 1.0 s must be at 1.0 s in what is transcribed, whatever the MP3 encoder put before it.
    noise = "aevalsrc='if(between(t,1,1.05),0.8*sin(6000*t),0)':s=44100:d=3"
    stage.run(make(tmp_path / "a.mp3", "-f", "lavfi", "-i", noise))
    log = ffmpeg.run(
        ["-i", EXTRACTED, "-af", "silencedetect=n=-20dB:d=0.5", "-f", "null", "-"], cwd=stage.bucket.root, timeout=20
    ).log
    assert float(log.split("silence_end: ")[1].split()[0]) == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("sine=d=1.9", RecordingTooShort),
        ("anullsrc=d=3", RecordingSilent),
        ("sine=d=3,volume=-60dB", RecordingSilent),
    ],
)
def test_a_recording_of_no_use_is_refused_before_anything_is_paid(
    stage: Stage, tmp_path: Path, source: str, error: type[ReelwrightError]
) -> None:
    recording = make(tmp_path / "a.flac", "-f", "lavfi", "-i", source)
    with pytest.raises(error):
        stage.run(recording)
    assert not stage.jobs.started


def test_four_hours_are_the_most() -> None:
    require_usable(Sound(4 * 3600, -3))
    with pytest.raises(RecordingTooLarge):
        require_usable(Sound(4 * 3600 + 1, -3))


def test_a_picture_and_an_empty_file_are_no_recordings(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for recording in (tmp_path / "empty", clip(tmp_path / "clip.mp4", 2, "160x120")):
        with pytest.raises(UnsupportedMedia):
            stage.run(recording)
