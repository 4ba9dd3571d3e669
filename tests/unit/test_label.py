"""A label stands in a corner of what a model has made, clear of captions and logo, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from functions.render_scene.core import cut
from functions.render_scene.handler import Deps, run
from shared import media_keys
from shared.brand.choices import Brand, Corner, Logo
from shared.captions import burnt_captions
from shared.captions.looks import LOOKS
from shared.choices.captions import CaptionStyle
from shared.choices.words import CaptionMode, CaptionPlatform, CaptionPosition
from shared.contracts import RenderSceneIn
from shared.film.picture_choices import ScenePicture
from shared.film.plan import Plan
from tests.unit.media_fakes import GENERATION, PLAN_KEY, VIDEO, FolderBucket, make, plan, speech
from tests.unit.test_render_own_picture import frames_of

EVENT = re.compile(r"Dialogue: 1,([\d:.]+),([\d:.]+),Label,,(\d+),(\d+),(\d+),,\{\\an(\d)\}(.+)")
STYLE = "\nStyle: Label,"


def plan_with(label: str = "AI-generated", mode: CaptionMode = "words", **style: Any) -> Plan:
    film = plan((48, 96), speech(2))
    changes = {"captions": mode, "caption_style": CaptionStyle(label=label, **style)}
    return film.model_copy(update={"options": film.options.model_copy(update=changes)})


def with_own_picture(film: Plan) -> Plan:
    """Return the plan whose second scene shows a picture that was brought."""
    own = ScenePicture(image_id="", use="still", digest="")
    return film.model_copy(update={"scenes": (film.scenes[0], film.scenes[1].model_copy(update={"picture": own}))})


@pytest.mark.parametrize("mode", [*LOOKS, "none"])
def test_it_is_on_every_scene_of_a_model_whatever_the_captions(mode: CaptionMode) -> None:
    text, _ = burnt_captions.document(plan_with(mode=mode), 0, 4)
    assert [match[:2] for match in EVENT.findall(text)] == [
        ("0:00:00.00", "0:00:02.00"),
        ("0:00:02.00", "0:00:04.00"),
    ]
    assert text.count(STYLE) == 1
    assert EVENT.findall(text)[0][6] == "AI-generated"


def test_it_is_not_on_a_picture_that_was_brought() -> None:
    film = with_own_picture(plan_with())
    text, _ = burnt_captions.document(film, 0, 4)
    assert [match[:2] for match in EVENT.findall(text)] == [("0:00:00.00", "0:00:02.00")]
    assert EVENT.findall(burnt_captions.document(film, 2, 4)[0]) == []


def test_without_one_a_scene_is_what_it_was() -> None:
    plain = plan_with("")
    assert STYLE not in cut(plain, 1, "clip.mp4").captions
    assert cut(plan_with(), 1, "clip.mp4").digest("clip.mp4") != cut(plain, 1, "clip.mp4").digest("clip.mp4")
    assert burnt_captions.document(plan_with("", "none"), 0, 4) == ("", "")


@pytest.mark.parametrize(
    ("position", "logo", "corner"),
    [
        ("bottom", "top-right", "7"),
        ("bottom", "top-left", "9"),
        ("middle", "bottom-left", "7"),
        ("top", "top-left", "1"),
        ("top", "bottom-left", "3"),
    ],
)
def test_it_is_in_a_corner_that_captions_and_logo_leave_free(
    position: CaptionPosition, logo: Corner, corner: str
) -> None:
    film = plan_with(position=position)
    brand = Brand(logo=Logo(digest="0123456789ab", corner=logo))
    film = film.model_copy(update={"options": film.options.model_copy(update={"brand": brand})})
    assert EVENT.findall(burnt_captions.document(film, 0, 4)[0])[0][5] == corner


@pytest.mark.parametrize(("platform", "margins"), [("none", ("36", "36", "36")), ("tiktok", ("40", "107", "167"))])
def test_it_is_clear_of_an_app_s_buttons(platform: CaptionPlatform, margins: tuple[str, ...]) -> None:
    assert EVENT.findall(burnt_captions.document(plan_with(platform=platform), 0, 4)[0])[0][2:5] == margins


def test_signs_of_other_scripts_are_drawn_in_their_faces() -> None:
    text, _ = burnt_captions.document(plan_with("नोट AI"), 0, 4)
    assert r"{\fnNoto Sans Devanagari ExtraBold" in EVENT.findall(text)[0][6]


@pytest.mark.parametrize("label", ["x" * 31, r"{\an5}", "a\nb", "back\\slash"])
def test_what_is_no_line_of_plain_text_is_refused(label: str) -> None:
    with pytest.raises(ValidationError):
        CaptionStyle(label=label)


def test_it_can_be_seen_in_every_frame_and_only_there(tmp_path: Path) -> None:
    bucket = FolderBucket.at(tmp_path / "bucket")
    film_plan = plan_with(mode="none")
    bucket.write_text(PLAN_KEY, film_plan.model_dump_json())
    key = media_keys.take(VIDEO, GENERATION, "bought", "clip")
    bucket.upload(key, make(tmp_path / "c.mp4", "-f", "lavfi", "-i", "color=0x204060:s=720x1280:r=24:d=2"), "")
    request = RenderSceneIn(video_id=VIDEO, generation_id=GENERATION, plan_key=PLAN_KEY, sequence=1, clip_key=key)
    frames = frames_of(bucket.path(run(request, Deps(bucket)).rendered_key)).astype(int)
    assert len(frames) == 48
    for frame in frames[[0, 24, 47]]:
        corner = frame[30:75, 30:330]
        assert (corner.min(axis=2) > 200).mean() > 0.05
        assert np.abs(frame[100:] - frame[640, 360]).max() < 12
        assert np.abs(frame[:, 400:] - frame[640, 360]).max() < 12
