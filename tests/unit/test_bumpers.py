"""An intro and an outro around a video's scenes: to the frame and the sample, and nothing of the scenes is touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from functions.render_scene import handler as render_scene
from functions.render_scene.core import cut
from functions.stitch import handler as stitch
from shared import media_keys
from shared.brand.choices import Brand, Bumper
from shared.build import bumpers
from shared.contracts import RenderSceneIn, StitchIn, StitchOut
from shared.film import ffmpeg
from shared.film.narration import excerpt
from shared.film.plan import Plan
from shared.provenance.sources import source_of, source_of_scenes
from tests.unit.media_fakes import (
    GENERATION,
    PLAN_KEY,
    SAMPLE,
    VIDEO,
    FolderBucket,
    make,
    plan,
    sound_of,
    speech,
)
from tests.unit.picture_files import encode
from tests.unit.test_render_own_picture import frames_of
from tests.unit.test_stitch import RATE, lag, loudness_and_peak, samples

CUTS = (60, 96)
LEAD = 26
TAIL = 15
INTRO = Bumper(digest="0123456789ab", kind="clip", frames=LEAD)
OUTRO = Bumper(digest="ba9876543210", kind="still", frames=TAIL)
PLAIN = plan(CUTS, speech(4), captions="none", excerpt_start=3.0)
SAMPLES_A_FRAME = RATE // 24
RED = (200, 0, 0)
BLUE = (0, 0, 200)


def with_brand(film_plan: Plan, **changes: Any) -> Plan:
    brand = Brand(intro=INTRO, outro=OUTRO).model_copy(update=changes)
    return film_plan.model_copy(update={"options": film_plan.options.model_copy(update={"brand": brand})})


def fill(bucket: FolderBucket, folder: Path) -> None:
    """Store the recording's sound, two clips, a clip that is half as long as the intro, and a square picture."""
    bucket.upload(media_keys.sound(VIDEO, GENERATION), sound_of(SAMPLE, folder), "")
    own_clip = make(folder / "i.mp4", "-f", "lavfi", "-i", f"color=0xC80000:s=640x360:r=30:d={LEAD / 48}")
    bucket.upload(media_keys.take(VIDEO, GENERATION, INTRO.take, "clip"), own_clip, "")
    picture = encode(Image.new("RGB", (300, 300), BLUE), "PNG")
    bucket.write_bytes(media_keys.take(VIDEO, GENERATION, OUTRO.take, "still"), picture, "image/png")
    for sequence, color in ((1, "gray"), (2, "green")):
        clip = make(folder / f"{sequence}.mp4", "-f", "lavfi", "-i", f"color={color}:s=720x1280:r=24:d=3")
        bucket.upload(media_keys.take(VIDEO, GENERATION, f"t{sequence}", "clip"), clip, "")


def video(bucket: FolderBucket, film_plan: Plan) -> StitchOut:
    """Return what the plan becomes, scene by scene and then stitching."""
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    keys: list[str] = []
    for scene in film_plan.scenes:
        clip_key = media_keys.take(VIDEO, GENERATION, f"t{scene.sequence}", "clip")
        request = RenderSceneIn(
            video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=scene.sequence, clip_key=clip_key
        )
        keys.append(render_scene.run(request, render_scene.Deps(bucket)).rendered_key)
    stitching = StitchIn(
        video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, scene_keys=tuple(keys), user_id="user1"
    )
    out = stitch.run(stitching, stitch.Deps(bucket))
    file = bucket.path(out.video_key).rename(bucket.root / f"{film_plan.video_frames}.mp4")
    return out.model_copy(update={"video_key": file.name})


def packets(file: Path) -> list[str]:
    """Return the digests of the stored frames of a file's picture."""
    stream = ffmpeg.source(file.name, formats="mov")["v:0"]
    rows = ffmpeg.run(ffmpeg.arguments([stream], "-", f="framemd5", c="copy"), cwd=file.parent, timeout=30).out
    return [row.rpartition(",")[2].strip() for row in rows.splitlines() if row.startswith("0,")]


def times(text: str) -> list[float]:
    """Return the times in subtitles, in seconds."""
    parts = re.findall(r"(\d\d):(\d\d):(\d\d)[.,](\d\d\d)", text)
    return [int(hours) * 3600 + int(minutes) * 60 + int(whole) + int(ms) / 1000 for hours, minutes, whole, ms in parts]


@pytest.fixture(name="pair", scope="module")
def without_and_with(tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderBucket, StitchOut, StitchOut, list[str]]:
    """The bucket, the video without a brand, the one with it, and the subtitles of both."""
    folder = tmp_path_factory.mktemp("bumpers")
    bucket = FolderBucket.at(folder / "bucket")
    fill(bucket, folder)
    plain = video(bucket, PLAIN)
    subtitles = [bucket.read_text(plain.vtt_key)]
    whole = video(bucket, with_brand(PLAIN))
    return bucket, plain, whole, [*subtitles, bucket.read_text(whole.vtt_key)]


def test_they_are_before_and_after_the_scenes_whole_and_to_the_frame(pair: Any) -> None:
    bucket, plain, whole, _ = pair
    frames = frames_of(bucket.path(whole.video_key))
    assert len(frames) == LEAD + CUTS[-1] + TAIL
    assert whole.seconds == pytest.approx(len(frames) / 24)
    # A clip that is wider than the video is shown whole, and holds its last frame; so is a square picture.
    for span, height, color in (((0, LEAD), 405, RED), ((LEAD + CUTS[-1], len(frames)), 720, BLUE)):
        for frame in frames[slice(*span)]:
            assert np.abs(frame[640 - height // 2 + 8 : 640 + height // 2 - 8].astype(int) - color).max() < 30
            assert frame[: 640 - height // 2 - 8].max() < 12
    assert np.array_equal(frames[LEAD : LEAD + CUTS[-1]], frames_of(bucket.path(plain.video_key)))


def test_the_scenes_are_joined_as_they_are_and_none_is_rendered_again(pair: Any) -> None:
    bucket, plain, whole, _ = pair
    before = packets(bucket.path(plain.video_key))
    assert packets(bucket.path(whole.video_key))[LEAD : LEAD + CUTS[-1]] == before
    other = with_brand(PLAIN, intro=OUTRO, outro=None)
    for film_plan in (PLAIN, with_brand(PLAIN)):
        assert cut(other, 1, "k").digest("k") == cut(film_plan, 1, "k").digest("k")


def test_the_voice_begins_with_the_first_scene_to_the_sample_and_as_loud_as_without(pair: Any) -> None:
    bucket, plain, whole, _ = pair
    voice = samples(bucket.path(plain.video_key))
    later = samples(bucket.path(whole.video_key))
    assert abs(lag(voice, later) - LEAD * SAMPLES_A_FRAME) <= 2
    assert np.abs(later[: (LEAD - 2) * SAMPLES_A_FRAME]).max() < 0.001
    assert np.abs(later[(LEAD + CUTS[-1] + 2) * SAMPLES_A_FRAME :]).max() < 0.001
    loudness, peak = loudness_and_peak(bucket.path(whole.video_key))
    assert abs(loudness + 14) <= 1.5
    assert peak <= -1
    assert not whole.degraded


def test_subtitles_keep_to_the_voice_and_end_with_it(pair: Any) -> None:
    _, _, whole, (before, after) = pair
    assert times(after) == pytest.approx([time + LEAD / 24 for time in times(before)], abs=0.002)
    assert times(after)[-1] <= (LEAD + CUTS[-1]) / 24 + 0.001
    assert whole.seconds > times(after)[-1]


def test_each_is_rendered_once_for_a_format(pair: Any) -> None:
    bucket, _, _, _ = pair
    whole = with_brand(PLAIN)
    keys = [bumpers.rendered_key(whole, bumper) for bumper in (INTRO, OUTRO)]
    assert all(bucket.holds(key) for key in keys)
    for bumper in (INTRO, OUTRO):
        bucket.path(bumpers.file_key(whole, bumper)).unlink()
    assert video(bucket, whole).seconds == pytest.approx((LEAD + CUTS[-1] + TAIL) / 24)
    lying = with_brand(plan(CUTS, captions="none", aspect="16:9"))
    assert bumpers.rendered_key(lying, INTRO) not in keys


def test_music_is_under_them_and_low_where_somebody_speaks() -> None:
    music = PLAIN.model_copy(update={"options": PLAIN.options.model_copy(update={"music": "1" * 20})})
    part = excerpt(with_brand(music))
    assert part.video_seconds == (LEAD + CUTS[-1] + TAIL) / 24
    assert part.speech[0][0] == pytest.approx(excerpt(music).speech[0][0] + LEAD / 24, abs=0.16)
    assert part.digest != excerpt(music).digest
    assert excerpt(with_brand(PLAIN, intro=None, outro=None)).digest == excerpt(PLAIN).digest


def test_what_was_brought_is_said_of_the_video_and_not_of_its_poster() -> None:
    whole = with_brand(PLAIN)
    assert source_of(whole, "video") == "compositeWithTrainedAlgorithmicMedia"
    assert source_of(whole, "draft") == "composite"
    assert source_of_scenes(whole, "video") == source_of(PLAIN, "video") == "trainedAlgorithmicMedia"
