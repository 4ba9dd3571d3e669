"""The hook stands on a card over the first second, whatever the captions, and nothing else of the video knows of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from functions.render_scene.core import cut
from shared.build import revisions
from shared.captions import burnt_captions
from shared.captions.looks import LOOKS
from shared.choices.captions import CaptionStyle
from shared.choices.words import CaptionMode, CaptionPosition, Shape
from shared.film.plan import Plan
from shared.publishing.words import HOOK_LIMIT, PostWords
from tests.unit.media_fakes import FolderBucket, clip, plan, speech
from tests.unit.test_render_own_picture import frames_of
from tests.unit.test_render_scene import render

EVENT = re.compile(r"Dialogue: ([23]),([\d:.]+),([\d:.]+),Card,,0,0,0,,({[^}]*})(.*)")
STYLE = "\nStyle: Card,"
HOOK = "The oven broke on the first night."
LONG = ("Immeasurably " * 9 + "long.")[:HOOK_LIMIT]


def plan_with(hook: str = HOOK, mode: CaptionMode = "words", shape: Shape = "9:16", **more: Any) -> Plan:
    style = CaptionStyle(hook=True, **more)
    film = plan((18, 48, 96), speech(4))
    changes = {"captions": mode, "shape": shape, "caption_style": style}
    options = film.options.model_copy(update=changes)
    return film.model_copy(update={"options": options, "publish": PostWords(hook=hook)})


def rows_of(film: Plan) -> list[str]:
    (text,) = [match[4] for match in EVENT.findall(burnt_captions.document(film, 0, 4)[0]) if match[0] == "3"]
    return re.sub("{[^}]*}", "", text).split(r"\N")


@pytest.mark.parametrize("mode", [*LOOKS, "none"])
def test_it_is_there_for_a_second_whatever_the_captions(mode: CaptionMode) -> None:
    text, _ = burnt_captions.document(plan_with(mode=mode), 0, 4)
    assert [match[:3] for match in EVENT.findall(text)] == [
        ("2", "0:00:00.00", "0:00:01.00"),
        ("3", "0:00:00.00", "0:00:01.00"),
    ]
    assert text.count(STYLE) == 1
    assert text.index(STYLE) < text.index("[Events]") < text.index("Dialogue: 3")
    assert " ".join(rows_of(plan_with(mode=mode))) == (HOOK.upper() if mode in ("big", "outline") else HOOK)


def test_scenes_after_the_first_second_are_what_they_were() -> None:
    shown_plan = plan_with()
    plain_plan = plan_with(hook="")
    digests = [
        [cut(film, sequence, "clip.mp4").digest("clip.mp4") for sequence in (1, 2, 3)]
        for film in (shown_plan, plain_plan)
    ]
    assert [each == plain for each, plain in zip(*digests, strict=True)] == [False, False, True]
    # The second scene shows the rest of it.
    assert [match[2] for match in EVENT.findall(burnt_captions.document(shown_plan, 0.75, 2)[0])] == ["0:00:00.25"] * 2
    assert burnt_captions.document(plan_with(mode="none", hook=""), 0, 4)[0] == ""
    assert EVENT.findall(burnt_captions.document(plan_with(hook=HOOK), 2, 4)[0]) == []


def test_a_hook_that_is_in_the_picture_is_part_of_the_film() -> None:
    other = PostWords(hook="Another.")
    for film, is_part in ((plan_with(), True), (plan((48,)), False)):
        assert revisions.is_same_film(film, film.model_copy(update={"publish": other})) is not is_part


SHAPES: list[Shape] = ["9:16", "1:1", "4:5", "16:9"]


@pytest.mark.parametrize("position", ["bottom", "middle", "top"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("hook", ["Go.", HOOK, LONG, "W" * HOOK_LIMIT])
def test_its_card_lies_within_any_picture(hook: str, shape: Shape, position: CaptionPosition) -> None:
    film = plan_with(hook, shape=shape, position=position, size="large")
    (drawing,) = [match[4] for match in EVENT.findall(burnt_captions.document(film, 0, 4)[0]) if match[0] == "2"]
    numbers = [int(number) for number in re.findall(r"-?\d+", drawing.partition("{")[0])]
    width, height = film.size
    assert (min(numbers) > 0, max(numbers[::2]) < width, max(numbers[1::2]) < 0.75 * height) == (True, True, True)
    assert max(numbers[1::2]) - min(numbers[1::2]) < 0.45 * height


def test_a_script_without_spaces_is_broken_between_phrases_and_tags_are_none() -> None:
    rows = rows_of(plan_with("最初の夜にオーブンが壊れてしまいました。それでも彼女は朝までパンを焼き続けた。"))
    assert 2 <= len(rows) <= 5
    assert max(map(len, rows)) < 16
    assert rows_of(plan_with(r"{\an8}Up \N down")) == ["(/an8)Up", "/N down"]


def test_it_is_seen_in_the_picture_and_then_gone(tmp_path: Path) -> None:
    bucket = FolderBucket.at(tmp_path / "bucket")
    film = plan((48,), captions="none")
    options = film.options.model_copy(update={"caption_style": CaptionStyle(hook=True)})
    film = film.model_copy(update={"options": options, "publish": PostWords(hook=HOOK)})
    out = render(bucket, film, clip(tmp_path / "clip.mp4", 2, picture="smptebars"))
    frames = frames_of(bucket.path(out.rendered_key)).astype(int)
    middle = frames[:, 400:620, 130:590].max(axis=3)
    dark = (middle < 40).mean(axis=(1, 2))
    bright = (middle > 240).mean(axis=(1, 2))
    assert dark[23] > 0.3
    assert bright[23] > 0.05
    assert np.all(dark[25:] == 0)
