"""A brand's logo in a corner of every scene, as transparent as it was drawn, and nothing of the rest touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from functions.check_image.check import examine
from functions.render_scene.handler import Deps, run
from shared import media_keys
from shared.brand.choices import Brand, Corner, Logo
from shared.contracts import RenderSceneIn
from shared.film import ffmpeg
from tests.unit.api_calls import Api
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, clip, make, plan
from tests.unit.own_files import PICTURES, check
from tests.unit.picture_files import encode, halves, photo
from tests.unit.test_render_own_picture import frames_of

FRAMES = 20
SIZE = (720, 1280)


def drawing() -> bytes:
    """A square whose left half is green and whose right half is nothing."""
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste((0, 200, 0, 255), (0, 0, 200, 400))
    return encode(picture, "PNG")


def scene(folder: Path, corner: Corner | None) -> np.ndarray[tuple[int, ...], Any]:
    """Return the frames of a gray clip with the logo in the corner, as integers."""
    bucket = FolderBucket.at(folder / "bucket")
    (folder / "upload").write_bytes(drawing())
    clear = examine(folder / "upload", folder).clear
    assert clear
    film_plan = plan((FRAMES,), captions="none")
    if corner:
        logo = Logo(digest="0123456789ab", corner=corner)
        bucket.upload(media_keys.take(VIDEO, GENERATION, logo.take, "still"), clear, "image/png")
        options = film_plan.options.model_copy(update={"brand": Brand(logo=logo)})
        film_plan = film_plan.model_copy(update={"options": options})
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    key = media_keys.take(VIDEO, GENERATION, "bought", "clip")
    bucket.upload(key, make(folder / "c.mp4", "-f", "lavfi", "-i", "color=gray:s=720x1280:r=24:d=1"), "")
    request = RenderSceneIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=1, clip_key=key)
    film = bucket.path(run(request, Deps(bucket)).rendered_key)
    assert ffmpeg.packets([film.name], cwd=film.parent)[0].frames == FRAMES
    return frames_of(film).astype(int)


@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
def test_the_logo_is_in_its_corner_of_every_frame_and_nowhere_else(corner: Corner, tmp_path: Path) -> None:
    frames = scene(tmp_path, corner)
    side = round(720 * 0.14)
    top = 36 if corner.startswith("top") else 1280 - 36 - side
    x_start = 36 if corner.endswith("left") else 720 - 36 - side
    for frame in frames:
        box = frame[top : top + side, x_start : x_start + side]
        assert np.abs(box[10:-10, 10 : side // 2 - 10] - (0, 200, 0)).max() < 25
        # Nothing is drawn where it is transparent, nor around it.
        assert np.abs(box[:, side // 2 + 16 :] - frame[640, 360]).max() < 12
        rest = frame.copy()
        # A block of the encoder more: its edges ring.
        rest[top - 16 : top + side + 16, x_start - 16 : x_start + side + 16] = frame[640, 360]
        assert np.abs(rest - frame[640, 360]).max() < 4


def test_without_a_logo_nothing_is_drawn(tmp_path: Path) -> None:
    frames = scene(tmp_path, None)
    assert np.abs(frames - frames[0, 640, 360]).max() < 8


@pytest.mark.parametrize(
    ("content", "is_clear"), [(drawing(), True), (encode(halves(), "PNG"), False), (photo(), False)]
)
def test_only_what_is_transparent_is_stored_so_besides(content: bytes, is_clear: bool, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(content)
    clear = examine(tmp_path / "upload", tmp_path).clear
    assert (clear is not None) is is_clear
    if clear:
        with Image.open(clear) as picture:
            assert (picture.mode, picture.size, picture.getpixel((390, 200))) == ("RGBA", (400, 400), (0, 0, 0, 0))


def ready(call: Api, content: bytes, media_type: str = "image/png") -> str:
    """Return the id of the picture or clip, which is checked."""
    image_id = PICTURES.upload(call, content, contentType=media_type)
    PICTURES.show(call, image_id)
    assert check(call) == "ready"
    return image_id


def test_a_preset_brings_its_logo_and_deleting_the_picture_breaks_nothing(call: Api) -> None:
    image_id = ready(call, drawing())
    assert call("PUT", "/presets/acme", {"logo": {"imageId": image_id, "corner": "top-left"}}).status == 200
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id, "preset": "acme"}).status == 202
    request = call.machine.started[-1][0]
    brand = request.options.brand
    assert brand
    assert brand.logo
    assert brand.logo.corner == "top-left"
    call("DELETE", f"/images/{image_id}")
    key = media_keys.take(video_id, request.generation_id, brand.logo.take, "still")
    assert call.services.bucket.read_bytes(key).startswith(b"\x89PNG")
    answer = call("POST", "/ai-video", {"videoId": call.upload(), "preset": "acme"})
    assert (answer.status, answer.body["error"]) == (404, "ImageNotFound")
    assert call("PUT", "/presets/b", {"logo": {"imageId": image_id}}).status == 404


def test_a_preset_brings_its_intro_and_outro_and_each_lasts_as_long_as_it_says(call: Api) -> None:
    image_id = ready(call, drawing())
    wishes = {"intro": {"imageId": image_id}, "outro": {"imageId": image_id, "seconds": 1.5}}
    assert call("PUT", "/presets/acme", wishes).status == 200
    video_id = call.upload()
    assert call("POST", "/ai-video", {"videoId": video_id, "preset": "acme"}).status == 202
    request = call.machine.started[-1][0]
    brand = request.options.brand
    assert brand
    assert [(name, bumper.kind, bumper.frames) for name, bumper in brand.bumpers.items()] == [
        ("intro", "still", 72),
        ("outro", "still", 36),
    ]
    call("DELETE", f"/images/{image_id}")
    for bumper in brand.bumpers.values():
        assert call.services.bucket.holds(media_keys.take(video_id, request.generation_id, bumper.take, "still"))
    answer = call("POST", "/ai-video", {"videoId": call.upload(), "preset": "acme"})
    assert (answer.status, answer.body["error"]) == (404, "ImageNotFound")
    assert answer.body["message"].startswith("intro: ")


@pytest.mark.parametrize("seconds", [0.4, 5.1])
def test_an_intro_is_half_a_second_to_five_seconds_long(call: Api, seconds: float) -> None:
    assert call("PUT", "/presets/a", {"intro": {"imageId": "0" * 20, "seconds": seconds}}).status == 400


def test_a_clip_is_an_intro_for_as_long_as_it_lasts_and_no_logo(call: Api, tmp_path: Path) -> None:
    for seconds, frames in ((1.25, 30), (7, 120)):
        image_id = ready(call, clip(tmp_path / "c.mp4", seconds, size="64x64").read_bytes(), "video/mp4")
        call("PUT", "/presets/acme", {"intro": {"imageId": image_id}})
        assert call("POST", "/ai-video", {"videoId": call.upload(), "preset": "acme"}).status == 202
        brand = call.machine.started[-1][0].options.brand
        assert brand
        assert brand.intro
        assert (brand.intro.kind, brand.intro.frames) == ("clip", frames)
    answer = call("PUT", "/presets/acme", {"logo": {"imageId": image_id}})
    assert (answer.status, answer.body["message"]) == (404, "logo: this is a clip; name a picture.")
