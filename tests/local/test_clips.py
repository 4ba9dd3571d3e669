"""One recording becomes several videos: heard once, each with a plan of its own, and none of them needs the first."""

from __future__ import annotations

import pytest

from local.api_client import ApiClient
from local.client.clips import api as clips_api
from local.system import LocalSystem
from shared.budget import pricing
from shared.contracts import Options
from shared.video.record import GenerationData
from tests.chaos.run import await_end, record_of
from tests.local.words import VOICE


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
