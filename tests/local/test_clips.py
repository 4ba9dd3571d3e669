"""One recording becomes several videos, and one video many: what is made anew and bought is what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.draw_scene.animatic.spec import ClipSpec
from local.api_client import ApiClient
from local.client.clips import api as clips_api
from local.processes.children import Children
from local.system import LocalSystem
from shared.budget import pricing
from shared.contracts import Options
from shared.video.record import GenerationData
from tests.chaos.run import CLIPS, await_end, record_of
from tests.local import film, recut
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

    with quick(make=draw) as system:
        yield system


def data_of(system: LocalSystem, video_id: str) -> GenerationData:
    data = record_of(system, video_id).ai_generation_data
    assert data
    return data


@pytest.mark.timeout(600)
def test_clips_are_of_one_transcription_and_outlive_their_recordings_video(system: LocalSystem) -> None:
    api = ApiClient(system.cloud.api_url, system.token())
    parent = api.upload(VOICE, "Austen", "audio/flac")
    clips_api.look(api, parent, 3, {"targetDuration": 8})
    assert await_end(system, parent) == "SUCCEEDED"
    moments = clips_api.show(api, parent).moments
    assert len(moments) >= 2
    clips = clips_api.start(api, parent, [moment.id for moment in moments], {"goal": "draft"}).clips
    assert [await_end(system, clip.video_id) for clip in clips] == ["SUCCEEDED"] * len(clips)
    search = data_of(system, parent)
    assert search.transcription_usd == pytest.approx(pricing.transcription(record_of(system, parent).duration))
    for clip, moment in zip(clips, moments, strict=True):
        data = data_of(system, clip.video_id)
        assert (data.transcription_usd, data.cost_breakdown.transcription) == (0, 0)
        excerpt = Options.model_validate(data.options).excerpt
        assert excerpt
        assert (excerpt.start, excerpt.end) == (moment.start, moment.end)
        assert data.scene_beats
        words = " ".join(scene.audio_text for scene in data.scene_beats.scenes)
        assert words == moment.text
    # The recording's own video goes; a clip is made of what is its own.
    api.call("DELETE", f"/videos/{parent}")
    first = clips[0].video_id
    api.call("POST", f"/ai-video/{first}/runs", {"goal": "video"})
    assert await_end(system, first) == "SUCCEEDED"
    assert data_of(system, first).final_video_url


@pytest.mark.timeout(900)
def test_of_eight_scenes_what_is_not_changed_is_neither_made_nor_bought_again(
    system: LocalSystem, tmp_path: Path
) -> None:
    recut.recut(system, VOICE, tmp_path)
