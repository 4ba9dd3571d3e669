"""One recording becomes several videos, and one video many: what is made anew and bought is what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.draw_scene.animatic.spec import ClipSpec
from local.processes.children import Children
from local.system import LocalSystem
from tests.chaos.run import CLIPS
from tests.local import film, long_talk, many, recut
from tests.local.jobs import quick
from tests.local.words import VOICE


@pytest.fixture(name="system", scope="module")
def system_with_a_clip_that_differs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    red = tmp_path_factory.mktemp("clip") / "red.mp4"

    def draw(spec: ClipSpec, children: Children) -> bytes:
        if recut.MARK not in spec.prompt:
            return CLIPS(spec, children)
        source = f"color=c=0x883322:s={spec.width}x{spec.height}:r={spec.fps}:d={spec.seconds}"
        return film.lavfi(source, red, "-pix_fmt", "yuv420p").read_bytes()

    with quick(make=draw, recogniser=long_talk.Repeating()) as system:
        yield system


@pytest.fixture(name="talk", scope="module")
def talk_of_several_times(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Two minutes: `bench/many.py` does the same with twenty.
    return long_talk.talk_of(tmp_path_factory.mktemp("talk"), 5)


@pytest.mark.timeout(900)
def test_five_clips_are_of_one_transcription_and_no_format_of_one_buys_anything(
    system: LocalSystem, talk: Path, tmp_path: Path
) -> None:
    many.make_five(system, talk, tmp_path)


@pytest.mark.timeout(900)
def test_of_eight_scenes_what_is_not_changed_is_neither_made_nor_bought_again(
    system: LocalSystem, tmp_path: Path
) -> None:
    recut.recut(system, VOICE, tmp_path)
