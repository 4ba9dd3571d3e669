from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from functions.stitch.core import Level, LevelSetting, first_setting, next_setting, remarks
from functions.stitch.handler import Deps, run
from shared import media_keys
from shared.brand import own_keys
from shared.choices.words import Goal
from shared.contracts import StitchIn, StitchOut
from shared.errors import RenderFailed
from shared.film import ffmpeg
from shared.film.picture_choices import PictureUse, ScenePicture
from shared.film.plan import Plan
from shared.provenance.sources import SOURCES, source_of, source_of_scene
from tests.unit.media_fakes import GENERATION, PLAN_KEY, SAMPLE, VIDEO, FolderBucket, make, plan, sound_of, speech
from tests.unit.origins import origins_of

CUTS = (71, 190, 301)
START = 3.217
RATE = 48_000
WANTED = plan(CUTS, speech(12), excerpt_start=START)


@dataclass(frozen=True)
class Film:
    """A stitched film, its bucket, and the answer of the stage."""

    bucket: FolderBucket
    out: StitchOut

    @property
    def file(self) -> Path:
        return self.bucket.path(self.out.video_key)


def scene_key(sequence: int) -> str:
    return media_keys.rendered_scene(VIDEO, GENERATION, f"scene{sequence}")


def scene(bucket: FolderBucket, sequence: int, frames: int, picture: str, *extra: str) -> None:
    key = scene_key(sequence)
    bucket.path(key).parent.mkdir(parents=True, exist_ok=True)
    source = f"{picture}:size=144x256:rate=24" if "=" in picture else f"{picture}=size=144x256:rate=24"
    encoder_options = (
        "-pix_fmt",
        "yuv420p",
        "-video_track_timescale",
        "12288",
        "-fflags",
        "+bitexact",
        "-threads",
        "2",
    )
    make(
        bucket.path(key),
        "-f",
        "lavfi",
        "-i",
        source,
        "-frames:v",
        str(frames),
        "-c:v",
        "libx264",
        *encoder_options,
        *extra,
    )


def filled_bucket(root: Path, recording: Path, film_plan: Plan, pictures: tuple[str, ...]) -> FolderBucket:
    bucket = FolderBucket.at(root)
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    bucket.upload(media_keys.sound(VIDEO, GENERATION), sound_of(recording, root), "")
    for planned_scene, picture in zip(film_plan.scenes, pictures, strict=True):
        scene(bucket, planned_scene.sequence, planned_scene.end_frame - planned_scene.start_frame, picture)
    return bucket


def stitch(bucket: FolderBucket, goal: Goal = "video") -> Film:
    scenes = Plan.model_validate_json(bucket.read_text(PLAN_KEY)).scenes
    keys = tuple(scene_key(planned_scene.sequence) for planned_scene in scenes)
    request = StitchIn(
        video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, scene_keys=keys, goal=goal, user_id="user1"
    )
    return Film(bucket, run(request, Deps(bucket)))


def stitch_with_music(root: Path, music: Path | None) -> Film:
    """Return the film over music that its owner still has, or has deleted."""
    root.mkdir()
    music_id = "1" * 20
    with_music = WANTED.model_copy(update={"options": WANTED.options.model_copy(update={"music": music_id})})
    bucket = filled_bucket(root, SAMPLE, with_music, ("color=black", "testsrc2", "testsrc"))
    if music:
        bucket.upload(own_keys.music_file("user1", music_id), music, "audio/flac")
    return stitch(bucket)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    root = tmp_path_factory.mktemp("bucket")
    return stitch(filled_bucket(root, SAMPLE, WANTED, ("color=black", "testsrc2", "testsrc")))


def samples(file: Path, *options: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    # Not beside the file, which may be one of the repository.
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "samples.raw"
        args = ["-y", "-i", str(file), *options, "-vn", "-ac", "1", "-ar", str(RATE), "-f", "f32le", raw.name]
        ffmpeg.run(args, cwd=raw.parent, timeout=30)
        return np.fromfile(raw, np.float32)


def loudness_and_peak(file: Path) -> tuple[float, float]:
    args = ["-i", file.name, "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    log = ffmpeg.run(args, cwd=file.parent, timeout=30).log.rsplit("Summary:", 1)[1]
    loudness = re.search(r"I:\s+(\S+) LUFS", log)
    peak = re.search(r"Peak:\s+(\S+) dBFS", log)
    assert loudness
    assert peak
    return float(loudness[1]), float(peak[1])


def lag(
    reference: np.ndarray[tuple[int], np.dtype[np.float32]], other: np.ndarray[tuple[int], np.dtype[np.float32]]
) -> int:
    """Return by how many samples `other` comes later than `reference`."""
    size = len(reference) + len(other)
    product = np.fft.rfft(other, size) * np.conj(np.fft.rfft(reference, size))
    peak = int(np.argmax(np.fft.irfft(product, size)))
    return peak if peak < size // 2 else peak - size


def test_the_film_has_every_planned_frame_and_ends_with_its_sound(film: Film) -> None:
    assert ffmpeg.packets([film.file.name], cwd=film.file.parent)[0].frames == 301
    info = ffmpeg.probe(film.file)
    assert (info.audio_codec, info.sample_rate, info.video_codec) == ("aac", RATE, "h264")
    assert info.seconds == pytest.approx(301 / 24, abs=0.02)
    assert len(samples(film.file)) / RATE == pytest.approx(301 / 24, abs=1 / 24)
    assert film.out.seconds == pytest.approx(301 / 24)
    assert film.out.size_bytes == film.file.stat().st_size


def test_the_cuts_are_where_the_plan_has_them(film: Film) -> None:
    args = ["-i", film.file.name, "-vf", "scdet=t=8", "-an", "-f", "null", "-"]
    log = ffmpeg.run(args, cwd=film.file.parent, timeout=30).log
    times = [float(time) for time in re.findall(r"lavfi\.scd\.time: ([\d.]+)", log)]
    assert [round(time * 24) for time in times] == [71, 190]


def test_the_sound_is_the_recordings_own_and_does_not_drift(film: Film) -> None:
    original = samples(SAMPLE)
    film_sound = samples(film.file)
    for second in (1, 10):
        here = slice(second * RATE, (second + 2) * RATE)
        there = slice(round((START + second) * RATE), round((START + second + 2) * RATE))
        assert abs(lag(original[there], film_sound[here])) <= RATE // 1000


def test_the_voice_of_one_channel_comes_out_alike_in_both(film: Film) -> None:
    left = samples(film.file, "-af", "pan=mono|c0=FL")
    right = samples(film.file, "-af", "pan=mono|c0=FR")
    assert np.abs(left).max() > 0.1
    assert np.abs(left - right).max() < 0.01


def test_loudness_and_peak_are_right_in_the_finished_file(film: Film) -> None:
    loudness, peak = loudness_and_peak(film.file)
    assert loudness == pytest.approx(-14, abs=1.5)
    assert peak <= -1
    assert (film.out.loudness_lufs, film.out.true_peak_dbtp) == pytest.approx((loudness, peak), abs=0.11)
    assert film.out.degraded == ()


def test_the_poster_is_not_the_black_first_scene(film: Film) -> None:
    poster = film.bucket.path(film.out.poster_key)
    args = ["-f", "mjpeg", "-i", poster.name, "-vf", "signalstats,metadata=print:file=-", "-f", "null", "-"]
    light = re.search(r"YAVG=([\d.]+)", ffmpeg.run(args, cwd=poster.parent, timeout=10).out)
    assert light
    assert float(light[1]) > 50


def test_companions_have_their_types_and_the_film_is_last(film: Film) -> None:
    assert list(film.bucket.types.items())[-4:] == [
        (media_keys.result(VIDEO, GENERATION, "video", 1, "poster.jpg"), "image/jpeg"),
        (media_keys.result(VIDEO, GENERATION, "video", 1, "captions.srt"), "application/x-subrip; charset=utf-8"),
        (media_keys.result(VIDEO, GENERATION, "video", 1, "captions.vtt"), "text/vtt; charset=utf-8"),
        (media_keys.result(VIDEO, GENERATION, "video", 1, "final_video.mp4"), "video/mp4"),
    ]
    assert "Dashwood" in film.bucket.read_text(film.out.srt_key)
    assert film.bucket.read_text(film.out.vtt_key).startswith("WEBVTT\n")


def test_the_film_can_play_before_it_is_whole(film: Film) -> None:
    content = film.file.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(("goal", "source"), list(SOURCES.items()))
def test_other_readers_are_told_how_the_pictures_came_about(film: Film, goal: Goal, source: str) -> None:
    new_film = stitch(film.bucket, goal)
    files = new_film.file, new_film.bucket.path(new_film.out.poster_key)
    assert [origins_of(file.read_bytes()) for file in files] == [[source], [source]]
    # What is marked plays as it did.
    assert ffmpeg.packets([new_film.file.name], cwd=new_film.file.parent)[0].frames == WANTED.frames


@pytest.mark.parametrize(
    ("goal", "uses", "source"),
    [
        ("video", ("still", "clip"), "composite"),
        ("video", ("still", None), "compositeWithTrainedAlgorithmicMedia"),
        ("video", ("reference", None), "trainedAlgorithmicMedia"),
        ("video", ("first_frame", "reference"), "compositeWithTrainedAlgorithmicMedia"),
        ("video", ("first_frame", "first_frame"), "compositeWithTrainedAlgorithmicMedia"),
        ("video", ("first_frame", "still"), "compositeWithTrainedAlgorithmicMedia"),
        ("stills", ("first_frame", "still"), "composite"),
        ("draft", ("still", None), "composite"),
        ("draft", (None, "reference"), "algorithmicMedia"),
    ],
)
def test_pictures_that_were_brought_are_not_said_to_be_a_model_s(
    goal: Goal, uses: tuple[PictureUse | None, ...], source: str
) -> None:
    film_plan = plan((24, 48))
    scenes = (
        scene.model_copy(update={"picture": ScenePicture(image_id="", use=use, digest="") if use else None})
        for scene, use in zip(film_plan.scenes, uses, strict=True)
    )
    assert source_of(film_plan.model_copy(update={"scenes": tuple(scenes)}), goal) == source


def test_a_clip_after_an_own_picture_in_a_chain_begins_with_it() -> None:
    film_plan = plan((24, 48))
    options = film_plan.options.model_copy(update={"continuity": "chain"})
    own = ScenePicture(image_id="", use="clip", digest="")
    first, second = film_plan.scenes
    chain = film_plan.model_copy(
        update={"options": options, "scenes": (first.model_copy(update={"picture": own}), second)}
    )
    assert source_of_scene(chain, second, "video") == "compositeWithTrainedAlgorithmicMedia"
    assert source_of_scene(film_plan, second, "video") == "trainedAlgorithmicMedia"


def test_stitching_again_gives_the_same_film(film: Film) -> None:
    first = film.file.read_bytes()
    assert stitch(film.bucket).file.read_bytes() == first


DIFFICULT = {
    "quiet.wav": ("-i", str(SAMPLE), "-af", "volume=-35dB"),
    "clipped.flac": ("-i", str(SAMPLE), "-af", "volume=20dB"),
    "stereo.mp3": ("-i", str(SAMPLE), "-ac", "2", "-ar", "44100"),
    "surround.flac": ("-i", str(SAMPLE), "-ac", "6"),
    "sparse.m4a": ("-i", str(SAMPLE), "-af", "volume='if(lt(mod(t,6),0.5),1,0.0001)':eval=frame"),
}


@pytest.mark.parametrize(("name", "options"), DIFFICULT.items())
def test_difficult_recordings_reach_the_same_loudness(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    recording = make(tmp_path / name, *options)
    stitching = stitch(filled_bucket(tmp_path / "bucket", recording, plan((120,)), ("testsrc2",)))
    loudness, peak = loudness_and_peak(stitching.file)
    assert stitching.out.degraded == ()
    assert loudness == pytest.approx(-14, abs=1.5)
    assert peak <= -1


@pytest.mark.parametrize(
    ("source", "sentence"),
    [("anullsrc=d=6", "could not be brought nearer"), ("sine=d=3.5", "the recording ends 1.5 s before the video")],
)
def test_what_could_not_be_done_is_said(tmp_path: Path, source: str, sentence: str) -> None:
    recording = make(tmp_path / "a.flac", "-f", "lavfi", "-i", source)
    stitching = stitch(filled_bucket(tmp_path / "bucket", recording, plan((120,)), ("testsrc2",)))
    assert len(stitching.out.degraded) == 1
    assert sentence in stitching.out.degraded[0]
    assert len(samples(stitching.file)) / RATE == pytest.approx(5, abs=1 / 24)


def test_a_scene_that_does_not_fit_is_never_copied(tmp_path: Path) -> None:
    bucket = filled_bucket(tmp_path, SAMPLE, plan((48, 96)), ("testsrc2", "testsrc2"))
    scene(bucket, 2, 47, "testsrc2")
    with pytest.raises(RenderFailed, match="Scene 2 has 47 frames instead of 48"):
        stitch(bucket)
    scene(bucket, 2, 48, "testsrc2", "-preset", "ultrafast")
    with pytest.raises(RenderFailed, match="Scene 2 was encoded differently"):
        stitch(bucket)


def test_the_search_raises_what_is_quiet_lowers_what_peaks_and_stops() -> None:
    assert first_setting(Level(-20, -10)) == LevelSetting(6, -2)
    quiet = next_setting(LevelSetting(6, -2), Level(-17, -3))
    assert quiet is not None
    assert quiet.gain > 9
    loud = next_setting(LevelSetting(6, -2), Level(-14, 0))
    assert loud is not None
    assert loud.limit < -3
    assert next_setting(LevelSetting(6, -2), Level(-14.5, -1.5)) is None
    assert next_setting(LevelSetting(6, -2), Level(-70, -99)) is None


def test_only_what_is_wrong_is_remarked() -> None:
    assert remarks(Level(-15.4, -1.0), 0.01) == ()
    assert "-16.0 LUFS" in remarks(Level(-16, -1.5), 0)[0]
