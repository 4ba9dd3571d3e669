from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from functions.render_scene.core import cut
from functions.render_scene.handler import Deps, run
from functions.stitch import handler as stitch
from shared import media_keys
from shared.captions import ass
from shared.choices.captions import CaptionStyle
from shared.choices.words import Aspect, Shape
from shared.contracts import RenderSceneIn, RenderSceneOut, StitchIn
from shared.errors import ClipUnusable, RecordingUnreadable
from shared.film import ffmpeg
from shared.film.plan import Plan
from tests.unit.media_fakes import (
    GENERATION,
    PLAN_KEY,
    SAMPLE,
    VIDEO,
    FolderBucket,
    clip,
    make,
    plan,
    sound_of,
    speech,
)

CUTS = (29, 53)


def render(bucket: FolderBucket, film_plan: Plan, source: Path, sequence: int = 1) -> RenderSceneOut:
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    key = media_keys.take(VIDEO, GENERATION, f"take{sequence}", "clip")
    bucket.upload(key, source, "video/mp4")
    request = RenderSceneIn(
        video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=sequence, clip_key=key
    )
    return run(request, Deps(bucket))


@pytest.fixture
def bucket(tmp_path: Path) -> FolderBucket:
    return FolderBucket.at(tmp_path / "bucket")


ODD_CLIPS = [("720x1280", "24", "9:16"), ("641x361", "30000/1001", "9:16"), ("1080x1080", "60", "16:9")]


@pytest.mark.parametrize(("size", "rate", "aspect"), ODD_CLIPS)
def test_any_clip_becomes_the_planned_frames_and_size(
    bucket: FolderBucket, tmp_path: Path, size: str, rate: str, aspect: Aspect
) -> None:
    options = ("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d=1.3", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    source = make(tmp_path / "clip.mp4", *options)
    out = render(bucket, plan(CUTS, speech(2.2), aspect=aspect), source)
    scene_video = bucket.path(out.rendered_key)
    info = ffmpeg.probe(scene_video)
    packets = ffmpeg.packets([scene_video.name], cwd=scene_video.parent)[0]
    assert (out.frames, out.degraded) == (29, ())
    assert packets.frames == 29
    assert (info.width, info.height) == ((720, 1280) if aspect == "9:16" else (1280, 720))
    assert (info.fps, info.has_audio) == (24.0, False)
    for fact in ("tb 1/12288", "sar 1/1"):
        assert fact in packets.header
    assert bucket.types[out.rendered_key] == "video/mp4"


SHAPES: list[tuple[Shape, tuple[int, int]]] = [("1:1", (720, 720)), ("4:5", (720, 900)), ("16:9", (1280, 720))]


@pytest.mark.parametrize("framing", [("Medium shot of a baker", 0.25), ("Wide shot of a harbour", 0.5)])
@pytest.mark.parametrize(("shape", "size"), SHAPES)
def test_a_clip_is_cut_to_another_shape_where_its_framing_has_the_subject(
    bucket: FolderBucket, tmp_path: Path, shape: Shape, size: tuple[int, int], framing: tuple[str, float]
) -> None:
    """The upper part of the clip is white, so that its share in the picture tells where it was cut."""
    drawing = "color=black:s=720x1280:r=24:d=1.3,drawbox=w=720:h=560:color=white:t=fill"
    source = make(tmp_path / "clip.mp4", "-f", "lavfi", "-i", drawing, "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    upright = plan(CUTS, speech(2.2), captions="words")
    prompt, share = framing
    scenes = (upright.scenes[0].model_copy(update={"vertex_ai_prompt": prompt}), *upright.scenes[1:])
    options = upright.options.model_copy(update={"shape": shape})
    cut_plan = upright.model_copy(update={"options": options, "scenes": scenes})
    scene_video = bucket.path(render(bucket, cut_plan, source).rendered_key)
    info = ffmpeg.probe(scene_video)
    assert (info.width, info.height) == size == cut_plan.size
    picture = Image.open(make(tmp_path / "frame.png", "-i", str(scene_video), "-frames:v", "1")).convert("L")
    column = [picture.getpixel((2, row)) for row in range(size[1])]
    white = sum(int(str(value)) > 128 for value in column)
    height = 720 * size[1] / size[0]
    goal = (560 - share * (1280 - height)) / height
    assert white / len(column) == pytest.approx(goal, abs=0.01)
    assert f"PlayResX: {size[0]}\nPlayResY: {size[1]}" in cut(cut_plan, 1, "clip.mp4").captions


def test_a_film_of_1080p_is_rendered_and_stitched_at_that_height(bucket: FolderBucket, tmp_path: Path) -> None:
    film_plan = plan((12, 24), speech(1), resolution="1080p")
    bucket.upload(media_keys.sound(VIDEO, GENERATION), sound_of(SAMPLE, tmp_path), "")
    source = clip(tmp_path / "clip.mp4", 0.5, size="1080x1920")
    keys = tuple(render(bucket, film_plan, source, sequence).rendered_key for sequence in (1, 2))
    request = StitchIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, scene_keys=keys, user_id="user1")
    film = stitch.run(request, stitch.Deps(bucket))
    info = ffmpeg.probe(bucket.path(film.video_key))
    assert (info.width, info.height) == (1080, 1920)


def test_all_scenes_share_one_header_whatever_the_clips_were(bucket: FolderBucket, tmp_path: Path) -> None:
    sources = [clip(tmp_path / f"{at}.mp4", 1.5, size, rate) for at, (size, rate, _) in enumerate(ODD_CLIPS[:1])]
    options = ("-vf", "setparams=colorspace=smpte170m,setsar=4/3", "-c:v", "libx264", "-b:v", "300k")
    sources.append(make(tmp_path / "b.mp4", "-f", "lavfi", "-i", "testsrc=s=400x300:r=25:d=1.5", *options))
    keys = [render(bucket, plan(CUTS), source, at).rendered_key for at, source in enumerate(sources, start=1)]
    first, two = ffmpeg.packets(keys, cwd=bucket.root)
    assert first.header == two.header


def test_a_clip_that_is_too_short_holds_its_last_frame_and_says_so(bucket: FolderBucket, tmp_path: Path) -> None:
    out = render(bucket, plan(CUTS), clip(tmp_path / "clip.mp4", 0.8), 2)
    assert out.frames == 24
    assert out.degraded == ("scene 2: the clip was 0.2 s short, its last frame is held",)


@pytest.mark.parametrize("content", ["sound", "text", "empty"])
def test_what_is_no_video_is_unusable(bucket: FolderBucket, tmp_path: Path, content: str) -> None:
    source = {"sound": SAMPLE, "text": tmp_path / "text", "empty": tmp_path / "empty"}[content]
    (tmp_path / "text").write_text("no video")
    (tmp_path / "empty").touch()
    with pytest.raises(ClipUnusable):
        render(bucket, plan(CUTS), source)


def test_a_clip_that_is_not_there_is_named(bucket: FolderBucket) -> None:
    bucket.write_text(PLAN_KEY, plan(CUTS).model_dump_json())
    request = RenderSceneIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=1, clip_key="no.mp4")
    with pytest.raises(RecordingUnreadable, match=r"no\.mp4"):
        run(request, Deps(bucket))


def psnr(reference: Path, other: Path, crop: str) -> float:
    graph = f"[0]crop={crop}[a];[1]crop={crop}[b];[a][b]psnr"
    args = ["-i", str(reference), "-i", str(other), "-filter_complex", graph, "-f", "null", "-"]
    average = re.search(r"average:(\S+)", ffmpeg.run(args, cwd=reference.parent, timeout=30).log)
    assert average
    return float(average[1])


def chain_of(film_plan: Plan) -> Plan:
    options = film_plan.options.model_copy(update={"continuity": "chain"})
    return film_plan.model_copy(update={"options": options})


def test_what_a_scene_of_a_chain_ends_with_is_kept_without_its_captions(bucket: FolderBucket, tmp_path: Path) -> None:
    source = clip(tmp_path / "clip.mp4", 1.5)
    film_plan = plan(CUTS, speech(2.2), captions="none")
    scene_video = bucket.path(render(bucket, chain_of(film_plan), source).rendered_key)
    key = media_keys.last_frame(media_keys.take(VIDEO, GENERATION, "take1", "clip"), 29)
    frame = bucket.path(key)
    assert bucket.types[key] == "image/png"
    ends = [tmp_path / "first.png", tmp_path / "last.png"]
    for number, end in zip((0, 28), ends, strict=True):
        args = ["-i", str(scene_video), "-vf", f"trim=start_frame={number}", "-frames:v", "1", str(end)]
        ffmpeg.run(args, cwd=tmp_path, timeout=30)
    # The rendered scene was encoded once more than the picture.
    assert [psnr(end, frame, "720:1280:0:0") > 26 for end in ends] == [False, True]
    # With captions, it is the very same picture.
    without_captions = frame.read_bytes()
    frame.unlink()
    render(bucket, chain_of(plan(CUTS, speech(2.2))), source)
    assert frame.read_bytes() == without_captions


def test_only_what_a_clip_follows_is_kept_so(bucket: FolderBucket, tmp_path: Path) -> None:
    source = clip(tmp_path / "clip.mp4", 1.5)
    render(bucket, plan(CUTS), source, 1)
    render(bucket, chain_of(plan(CUTS)), source, 2)
    assert list(bucket.root.rglob("*.png")) == []


@pytest.mark.parametrize("mode", ["words", "lines"])
def test_captions_are_burnt_in_where_they_belong(
    bucket: FolderBucket, tmp_path: Path, mode: Literal["words", "lines"]
) -> None:
    source = clip(tmp_path / "clip.mp4", 1.5)
    bare = bucket.path(render(bucket, plan(CUTS, speech(2.2), captions="none"), source).rendered_key)
    bare = bare.rename(tmp_path / "bare.mp4")
    with_captions = bucket.path(render(bucket, plan(CUTS, speech(2.2), captions=mode), source).rendered_key)
    assert psnr(bare, with_captions, "720:180:0:860") < 20
    assert psnr(bare, with_captions, "720:230:0:1050") > 35
    assert psnr(bare, with_captions, "720:640:0:0") > 35


def test_a_script_without_a_font_is_left_out_and_said(bucket: FolderBucket, tmp_path: Path) -> None:
    out = render(bucket, plan(CUTS, speech(2, "வணக்கம் ሰላም")), clip(tmp_path / "clip.mp4", 1.5))
    assert out.degraded == (ass.NO_GLYPHS,)


def test_another_look_renders_only_the_scenes_that_show_captions(bucket: FolderBucket, tmp_path: Path) -> None:
    """The second scene is silent: whatever the captions look like, it is the one that is there."""
    source = clip(tmp_path / "clip.mp4", 1.5)
    film = plan(CUTS, speech(0.3, "Hello."))
    style = CaptionStyle(position="top", color="#FF0000")
    other = film.options.model_copy(update={"captions": "box", "caption_style": style})
    plans = film, film.model_copy(update={"options": other})
    keys = [[render(bucket, each, source, sequence).rendered_key for sequence in (1, 2)] for each in plans]
    assert keys[0][0] != keys[1][0]
    assert keys[0][1] == keys[1][1]


def test_rendering_again_gives_the_same_file(bucket: FolderBucket, tmp_path: Path) -> None:
    source = clip(tmp_path / "clip.mp4", 1.5)
    film_plan = plan(CUTS, speech(2.2))
    file = bucket.path(render(bucket, film_plan, source).rendered_key)
    first = file.read_bytes()
    file.unlink()
    assert bucket.path(render(bucket, film_plan, source).rendered_key).read_bytes() == first


def test_a_scene_that_was_rendered_is_found_and_only_a_change_of_it_renders_it_anew(
    bucket: FolderBucket, tmp_path: Path
) -> None:
    source = clip(tmp_path / "clip.mp4", 1.5)
    words = speech(2.2)
    file = bucket.path(render(bucket, plan(CUTS, words), source).rendered_key)
    file.write_bytes(b"as it was rendered")
    # A word of the other scene is of no concern to this one.
    changed_last = (*words[:-1], words[-1].model_copy(update={"text": "otherwise"}))
    assert bucket.path(render(bucket, plan(CUTS, changed_last), source).rendered_key) == file
    assert file.read_bytes() == b"as it was rendered"
    changed_first = (words[0].model_copy(update={"text": "Otherwise"}), *words[1:])
    assert bucket.path(render(bucket, plan(CUTS, changed_first), source).rendered_key) != file
