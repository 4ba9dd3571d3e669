"""A scene that shows its user's own picture or clip: it is what is seen, to the frame, and nothing of it is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from functions.check_image.check import examine
from functions.render_scene.handler import Deps, run
from shared import media_keys
from shared.contracts import RenderSceneIn, RenderSceneOut
from shared.film import ffmpeg
from shared.film.picture_choices import OWN_TAKE, ScenePicture
from shared.film.plan import Plan
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, make, plan, speech
from tests.unit.picture_files import encode, photo
from tests.unit.test_moving_still import gray_frames, path_of_the_disc

CUTS = (29, 77)
SIZE = (720, 1280)
OWN = "own0123456789ab"


@pytest.fixture
def bucket(tmp_path: Path) -> FolderBucket:
    return FolderBucket.at(tmp_path / "bucket")


def own(bucket: FolderBucket, upload: bytes, folder: Path) -> str:
    """Return the key of an upload as a take, once it was checked."""
    (folder / "upload").write_bytes(upload)
    result = examine(folder / "upload", folder)
    key = media_keys.take(VIDEO, GENERATION, f"{OWN}-s1", result.facts["kind"])
    bucket.upload(key, result.file, "")
    return key


def render(bucket: FolderBucket, film_plan: Plan, key: str, sequence: int = 1) -> RenderSceneOut:
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    request = RenderSceneIn(
        video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=sequence, clip_key=key
    )
    return run(request, Deps(bucket))


def frames_of(scene: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the frames of a scene, as rows of colours."""
    stream = ffmpeg.source(scene.name, formats="mov")["v:0"]
    arguments = ffmpeg.arguments([stream], "frames.raw", f="rawvideo", pix_fmt="rgb24")
    ffmpeg.run(arguments, cwd=scene.parent, timeout=60)
    return np.frombuffer((scene.parent / "frames.raw").read_bytes(), np.uint8).reshape(-1, SIZE[1], SIZE[0], 3)


def test_a_picture_is_what_is_seen_upright_in_every_frame(bucket: FolderBucket, tmp_path: Path) -> None:
    """A phone's photo that lies on its side in the file: red above blue, from the first frame to the last."""
    key = own(bucket, photo(is_turned=True, quality=95), tmp_path)
    out = render(bucket, plan(CUTS, speech(1.2), captions="none"), key)
    frames = frames_of(bucket.path(out.rendered_key)).astype(int)
    assert (len(frames), out.frames, out.degraded) == (29, 29, ())
    for frame in frames:
        assert np.abs(frame[:500].mean(axis=(0, 1)) - (254, 0, 0)).max() < 12
        assert np.abs(frame[-500:].mean(axis=(0, 1)) - (0, 0, 254)).max() < 12


def test_it_moves_slowly_and_evenly(bucket: FolderBucket, tmp_path: Path) -> None:
    disc = Image.new("RGB", (1080, 1920))
    ImageDraw.Draw(disc).ellipse([380, 800, 640, 1060], fill="white")
    key = own(bucket, encode(disc, "PNG"), tmp_path)
    out = render(bucket, plan((48,), captions="none"), key)
    path = path_of_the_disc(bucket.path(out.rendered_key), SIZE)
    steps = np.arange(len(path))
    rest = np.stack([values - np.polyval(np.polyfit(steps, values, 2), steps) for values in path.T], axis=1)
    # Pixels, of 720 across.
    assert float(np.abs(rest).max()) < 0.2
    assert np.abs(path[-1] - path[0]).max() > 1


def test_captions_lie_over_it_and_it_joins_with_clips_without_encoding(bucket: FolderBucket, tmp_path: Path) -> None:
    key = own(bucket, photo(), tmp_path)
    bare = gray_frames(bucket.path(render(bucket, plan(CUTS, captions="none"), key).rendered_key), SIZE)
    with_captions = render(bucket, plan(CUTS, speech(2.2)), key)
    with_words = gray_frames(bucket.path(with_captions.rendered_key), SIZE)
    # Letters of the words' white, in the lower half.
    assert (with_words[10, 640:] > 200).sum() > (bare[10, 640:] > 200).sum() + 500
    clip_key = media_keys.take(VIDEO, GENERATION, "bought", "clip")
    source = make(tmp_path / "bought.mp4", "-f", "lavfi", "-i", "testsrc2=s=720x1280:r=24:d=2.1")
    bucket.upload(clip_key, source, "video/mp4")
    model_clip = render(bucket, plan(CUTS, speech(2.2)), clip_key, 2)
    first, two = ffmpeg.packets([with_captions.rendered_key, model_clip.rendered_key], cwd=bucket.root)
    assert first.header == two.header


def numbered_clip(folder: Path, seconds: int) -> bytes:
    """A clip whose brightness tells the frame (8 levels a frame), with a loud tone."""
    graph = "color=black:s=720x1280:r=24,geq=lum='16+8*mod(N,24)':cb=128:cr=128"
    tone = ("-f", "lavfi", "-i", f"sine=frequency=880:duration={seconds}")
    target = folder / "numbered.mp4"
    return make(target, "-f", "lavfi", "-i", graph, *tone, "-t", str(seconds), "-crf", "5").read_bytes()


def test_a_clip_is_cut_to_the_very_frames_and_is_silent(bucket: FolderBucket, tmp_path: Path) -> None:
    key = own(bucket, numbered_clip(tmp_path, 2), tmp_path)
    out = render(bucket, plan(CUTS, captions="none"), key)
    scene = bucket.path(out.rendered_key)
    assert not ffmpeg.probe(scene).has_audio
    levels = gray_frames(scene, SIZE).mean(axis=(1, 2))
    planned_levels = [(8 * (number % 24)) * 255 / 219 for number in range(29)]
    assert len(levels) == 29
    assert np.abs(levels - planned_levels).max() < 4


def test_a_clip_that_is_too_short_holds_its_last_frame_and_says_so(bucket: FolderBucket, tmp_path: Path) -> None:
    key = own(bucket, numbered_clip(tmp_path, 1), tmp_path)
    out = render(bucket, plan(CUTS, captions="none"), key)
    assert out.degraded == ("scene 1: the clip was 0.2 s short, its last frame is held",)


def test_what_follows_in_a_chain_begins_with_the_last_of_it(bucket: FolderBucket, tmp_path: Path) -> None:
    whole = plan(CUTS, captions="none")
    picture = ScenePicture(image_id="0" * 20, use="still", digest=OWN.removeprefix(OWN_TAKE))
    scenes = (whole.scene(1).model_copy(update={"picture": picture}), *whole.scenes[1:])
    options = whole.options.model_copy(update={"continuity": "chain"})
    chain = whole.model_copy(update={"options": options, "scenes": scenes})
    key = own(bucket, photo(is_turned=True), tmp_path)
    scene = bucket.path(render(bucket, chain, key).rendered_key)
    ends = list((bucket.path(key).parent).glob("*.png"))
    assert [end.name for end in ends] == [f"{OWN}-29pi.png"]
    with Image.open(ends[0]) as last:
        end = np.asarray(last.convert("RGB")).astype(int)
    assert np.abs(end - frames_of(scene)[-1].astype(int)).mean() < 4
