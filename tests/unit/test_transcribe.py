"""The stage that has a recording heard: what it stores and gives to Amazon Transcribe, what it refuses unpaid."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.transcribe.handler import Deps, run
from shared import media_keys
from shared.aws.transcribe_request import TranscriptionOrder
from shared.contracts import TranscribeIn, TranscribeOut
from shared.errors import (
    InvalidRequest,
    RecordingChanged,
    RecordingSilent,
    RecordingTooLarge,
    RecordingTooShort,
    ReelwrightError,
    UnsupportedMedia,
)
from shared.film import ffmpeg, mixing
from shared.film.examine import BOUNDS, Bounds, Sound, examine_sound, require_usable, thinning
from shared.transcript.own_transcript import Cue, OwnTranscript, OwnTranscripts
from tests.unit.media_fakes import GENERATION, SAMPLE, VIDEO, FolderBucket, clip, make, sound_of
from tests.unit.waves import WAVE_RATE, channels, found_in, samples_of, wave_file

KEY = f"uploads/u/{VIDEO}/recording"
SOUND = media_keys.sound(VIDEO, GENERATION)
SPEECH = ("-i", str(SAMPLE), "-t", "3")


@dataclass
class Jobs:
    started: list[TranscriptionOrder] = field(default_factory=list[TranscriptionOrder])

    def __call__(self, _request: TranscribeIn, job: TranscriptionOrder, _usd: float) -> None:
        self.started.append(job)


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


def test_the_sound_is_stored_and_transcribed_from_there(stage: Stage) -> None:
    out = stage.run(SAMPLE)
    job = TranscriptionOrder("reelwright-v1-g1", SOUND, "ai-generated/v1/g1/transcript.json", None)
    assert stage.jobs.started == [job]
    assert out == TranscribeOut(
        job_name=job.name, transcript_key=job.output_key, recording_seconds=24.73, cost_usd=0.002473
    )


def test_what_is_uploaded_later_is_not_read_and_what_was_replaced_is_refused(stage: Stage, tmp_path: Path) -> None:
    first = stage.run(SAMPLE)
    etag = stage.bucket.etag(KEY)
    stage.bucket.upload(KEY, make(tmp_path / "other.flac", *SPEECH), "")
    request = TranscribeIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", recording_key=KEY, recording_etag=etag
    )
    # The form was used again, and the generation goes on in another run.
    assert run(request, Deps(stage.bucket, stage.jobs)) == first
    stage.bucket.path(SOUND).unlink()
    with pytest.raises(RecordingChanged):
        run(request, Deps(stage.bucket, stage.jobs))
    assert len(stage.jobs.started) == 2


def test_a_job_that_is_told_the_language_is_another(stage: Stage) -> None:
    stage.run(SAMPLE)
    stage.run(SAMPLE, "en-US")
    first, second = stage.jobs.started
    assert (second.name, second.language_code) == ("reelwright-v1-g1-en-US", "en-US")
    assert (first.media_key, first.output_key) == (second.media_key, second.output_key)


FORMS = {
    "a.wav": (),
    "a.m4a": (),
    "a.ogg": ("-c:a", "libvorbis"),
    "b.ogg": ("-c:a", "libopus"),
    "a.webm": ("-c:a", "libvorbis"),
    "a.flac": (),
    "a.mp3": (),
    "a.amr": ("-ar", "8000", "-b:a", "12.2k"),
    "a.aac": (),
    "a.aiff": (),
    "a.mka": ("-c:a", "pcm_s16le"),
    "a.ts": ("-c:a", "aac"),
    "high.wav": ("-ar", "96000"),
    "low.wav": ("-ar", "4000"),
    "float.wav": ("-c:a", "pcm_f32le", "-af", "volume=30dB"),
    "six.flac": ("-ac", "6", "-ar", "48000"),
}


@pytest.mark.parametrize(("name", "options"), FORMS.items())
def test_whatever_comes_is_stored_in_one_plain_form(
    stage: Stage, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    out = stage.run(make(tmp_path / name, *SPEECH, *options))
    info = ffmpeg.probe(stage.bucket.path(SOUND))
    assert (info.container, info.sample_rate, info.layout) == ("flac", 48_000, "mono")
    assert info.seconds == out.recording_seconds == pytest.approx(3.0, abs=0.15)
    at, alike = found_in(samples_of(SAMPLE)[WAVE_RATE : 2 * WAVE_RATE], samples_of(stage.bucket.path(SOUND)))
    # What an encoder that cannot tell its delay has put before the sound is part of the recording.
    assert 1 - 0.001 <= at <= 1.1
    assert alike > (0.7 if name == "a.amr" else 0.9)


def test_what_an_earlier_run_stored_stays(stage: Stage, tmp_path: Path) -> None:
    first = stage.run(SAMPLE)
    first_sound = stage.bucket.path(SOUND).read_bytes()
    again = stage.run(make(tmp_path / "other.flac", *SPEECH))
    assert stage.bucket.path(SOUND).read_bytes() == first_sound
    assert again == first


CASES = {
    # file: seconds of the track that is heard
    "ad.mp3": 40.4,
    "two.m4a": 15.6,
    "v.ts": 5.06,
}


@pytest.mark.parametrize(("name", "seconds"), CASES.items())
def test_recordings_as_they_are_in_the_field_are_heard_whole(stage: Stage, name: str, seconds: float) -> None:
    out = stage.run(Path(__file__).parents[1] / "cases" / name)
    assert out.recording_seconds == pytest.approx(seconds, abs=0.02)


CHAINED = {
    "a.ogg": ("-c:a", "libvorbis"),
    "a.aac": (),
    "a.mp3": ("-write_xing", "0"),
}


@pytest.mark.parametrize(("name", "options"), CHAINED.items())
def test_what_follows_a_change_of_rate_or_channels_lies_where_it_is(
    tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    first = make(tmp_path / f"first-{name}", "-i", str(SAMPLE), "-t", "5", "-ar", "44100", *options)
    rest = ("-ss", "5", "-i", str(SAMPLE), "-t", "5", "-ar", "22050", "-ac", "2")
    second = make(tmp_path / f"second-{name}", *rest, *options)
    both = tmp_path / name
    both.write_bytes(first.read_bytes() + second.read_bytes())
    sound = samples_of(sound_of(both, tmp_path))
    original = samples_of(SAMPLE)
    # An encoder's own silence, at most a frame or two at each end of a part, is no loss.
    assert len(sound) / WAVE_RATE == pytest.approx(10, abs=0.2)
    for begin in (2, 7):
        at, alike = found_in(original[begin * WAVE_RATE : (begin + 1) * WAVE_RATE], sound)
        assert at == pytest.approx(begin, abs=0.2)
        assert alike > 0.9


@st.composite
def layouts(draw: st.DrawFn) -> list[float]:
    """Draw by how much each channel holds the voice: at least one does, with either sign, the others hold nothing."""
    count = draw(st.integers(1, 24))
    voice = st.sampled_from([1.0, -1.0, 0.5, -0.5, 0.1, -0.1])
    shares = draw(st.lists(st.just(0.0) | voice, min_size=count, max_size=count))
    shares[draw(st.integers(0, count - 1))] = draw(voice)
    return shares


VOICE = array("h", samples_of(SAMPLE)[WAVE_RATE : 3 * WAVE_RATE])
WORD = VOICE[: WAVE_RATE // 2]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(layouts())
def test_a_voice_is_heard_whatever_channels_hold_it(shares: list[float]) -> None:
    mix = mixing.weights(mixing.powers(channels(WORD, shares), len(shares)))
    assert sum(map(abs, mix)) == pytest.approx(1)
    # Of the loudest channel's amplitude no mix may lose more than what averaging over the channels takes.
    assert abs(sum(w * s for w, s in zip(mix, shares, strict=True))) >= max(map(abs, shares)) / len(shares)


@pytest.mark.parametrize(
    "shares",
    [[1, -1], [1, 0], [0, 1], [0, 0, 1], [0, 0, 0, 1, 0, 0], [0] * 7 + [-1], [0.5, -0.5, 1], [0] * 23 + [1], [-1] * 24],
)
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_odd_channels_come_out_as_loud_as_plain_ones(tmp_path: Path, shares: list[float], suffix: str) -> None:
    recording = wave_file(tmp_path / "a.wav", VOICE, shares)
    if suffix == ".flac" and 2 <= len(shares) <= 8:
        # FLAC gives every number of channels up to eight a layout.
        recording = make(tmp_path / "a.flac", "-i", recording.name)
    sound = samples_of(sound_of(recording, tmp_path))
    assert found_in(VOICE, sound)[1] > 0.95
    assert max(map(abs, sound)) > 0.5 * 32768


SECONDS_OF_TEN_CHANNELS = 12


def test_a_small_copy_of_the_channels_ends_no_measurement(tmp_path: Path) -> None:
    # The only channel with a voice has it at the end, and a copy of all samples would take 1.9 MB.
    silence = array("h", bytes(2 * (SECONDS_OF_TEN_CHANNELS * WAVE_RATE - len(VOICE))))
    recording = wave_file(tmp_path / "a.wav", silence + VOICE, [0] * 7 + [-1, 0, 0])
    for size in (1 << 16, 1 << 18, 1 << 21):
        measures = examine_sound(recording, Bounds(seconds=SECONDS_OF_TEN_CHANNELS, size=size))
        assert measures.sound.seconds == pytest.approx(SECONDS_OF_TEN_CHANNELS, abs=0.001)
        assert [bool(weight) for weight in measures.weights] == [False] * 7 + [True, False, False]


@pytest.mark.parametrize("size", [1 << 10, 1 << 14])
def test_what_is_larger_than_its_bound_is_measured_whole(tmp_path: Path, size: int) -> None:
    # As a file that holds more than any length that is expected of it: the copy ends, and the measurement goes on.
    recording = wave_file(tmp_path / "a.wav", VOICE * 4, [1, 0, 1])
    assert examine_sound(recording, Bounds(size=size)).sound.seconds == pytest.approx(8, abs=0.001)


@given(st.integers(1, mixing.MOST_CHANNELS))
def test_the_copy_of_the_longest_recording_keeps_to_its_bound(count: int) -> None:
    share = 1 / thinning(count, BOUNDS)
    assert share * count * BOUNDS.seconds * 8_000 * 2 <= BOUNDS.size


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
    assert ffmpeg.probe(stage.bucket.path(SOUND)).seconds == pytest.approx(3, abs=0.1)


def test_an_encoders_delay_moves_no_word(stage: Stage, tmp_path: Path) -> None:
    # A click at 1.0 s must be at 1.0 s in what is transcribed, whatever the MP3 encoder put before it.
    noise = "aevalsrc='if(between(t,1,1.05),0.8*sin(6000*t),0)':s=44100:d=3"
    stage.run(make(tmp_path / "a.mp3", "-f", "lavfi", "-i", noise))
    log = ffmpeg.run(
        ["-i", SOUND, "-af", "silencedetect=n=-20dB:d=0.5", "-f", "null", "-"], cwd=stage.bucket.root, timeout=20
    ).log
    assert float(log.split("silence_end: ")[1].split()[0]) == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("sine=d=1.9", RecordingTooShort),
        ("anullsrc=d=3", RecordingSilent),
        ("sine=d=3,volume=-60dB", RecordingSilent),
        ("anullsrc=d=3:channel_layout=5.1", RecordingSilent),
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


def own_transcript(stage: Stage, *cues: Cue, text: str = "") -> str:
    transcript = OwnTranscript(transcript_id="0" * 16, filename="a.srt", status="ready", cues=cues, text=text)
    OwnTranscripts(stage.bucket, VIDEO).create(transcript)
    return transcript.transcript_id


def run_with(stage: Stage, transcript_id: str) -> TranscribeOut:
    stage.bucket.upload(KEY, SAMPLE, "")
    request = TranscribeIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", recording_key=KEY, transcript_id=transcript_id
    )
    return run(request, Deps(stage.bucket, stage.jobs))


def test_a_transcript_with_times_takes_the_place_of_one_that_would_be_bought(stage: Stage) -> None:
    transcript_id = own_transcript(stage, Cue(start=0, end=2, text="Hello."))
    out = run_with(stage, transcript_id)
    assert (out.ready, out.cost_usd, stage.jobs.started) == (True, 0, [])
    assert (out.transcript_key, out.recording_seconds) == (media_keys.own_transcript(VIDEO, transcript_id), 24.73)
    # The video's sound is made of it all the same.
    assert stage.bucket.holds(SOUND)


def test_text_without_times_needs_the_recogniser(stage: Stage) -> None:
    out = run_with(stage, own_transcript(stage, text="Hello."))
    assert (out.ready, len(stage.jobs.started), out.cost_usd) == (False, 1, 0.002473)


def test_the_transcript_of_another_recording_is_refused_unpaid(stage: Stage) -> None:
    with pytest.raises(InvalidRequest, match="upload the transcript of this recording"):
        run_with(stage, own_transcript(stage, Cue(start=3600, end=3602, text="Hello.")))
    assert stage.jobs.started == []
