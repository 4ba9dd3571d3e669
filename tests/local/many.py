"""One recording becomes five videos and one of them three formats more: it is heard once, and no format is bought.

Touches a whole system, through its API as any client does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.client.clips import api as clips_api
from local.system import LocalSystem
from shared.budget import pricing
from shared.contracts import Options
from shared.http.moments.responses import MomentView
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local import film
from tests.local.direct import Director

COUNT = 5
SECONDS = 8
SIZES = {"1:1": (720, 720), "4:5": (720, 900), "16:9": (1280, 720)}


@dataclass(frozen=True)
class Sales:
    """How many recordings were heard, questions answered by the planning model, and clips and stills bought."""

    hearings: int
    answers: int
    takes: int


def sales_of(system: LocalSystem) -> Sales:
    jobs = system.cloud.client("transcribe").list_transcription_jobs(MaxResults=100)["TranscriptionJobSummaries"]
    return Sales(len(jobs), len(system.openai.ledger.entries), len(system.veo.ledger.entries))


def make_five(system: LocalSystem, talk: Path, folder: Path) -> None:
    """Make five clips of a recording, delete the recording's video, and make one of them in every format."""
    api = ApiClient(system.cloud.api_url, system.token())
    before = sales_of(system)
    parent = api.upload(talk, "Austen", "audio/mpeg")
    clips_api.look(api, parent, COUNT, {"targetDuration": SECONDS})
    assert await_end(system, parent) == "SUCCEEDED"
    ranking = clips_api.show(api, parent)
    assert ranking.judged_by == "a stand-in"
    moments = ranking.moments
    _check_moments(moments)
    started = clips_api.start(api, parent, [moment.id for moment in moments], {"goal": "video"})
    clips = [Director(system, clip.video_id) for clip in started.clips]
    assert [await_end(system, clip.video) for clip in clips] == ["SUCCEEDED"] * COUNT
    _check_clips(clips, moments)
    _check_sales(system, before, clips)
    assert Director(system, parent).data.transcription_usd == pytest.approx(
        pricing.transcription(record_of(system, parent).duration)
    )
    # The recording's own video goes; a clip is played, and made in other formats, of what is its own.
    api.call("DELETE", f"/videos/{parent}")
    for clip in clips:
        assert clip.frames_of(clip.data.final_video_url, folder) == clip.stored_plan().frames
    _make_every_format(system, api, clips[0], folder)


def _check_moments(moments: list[MomentView]) -> None:
    assert len(moments) == COUNT
    places = sorted((moment.start, moment.end) for moment in moments)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    # Whole sentences.
    assert all(moment.text[0].isupper() and moment.text[-1] in ".:?!" for moment in moments)


def _check_clips(clips: list[Director], moments: list[MomentView]) -> None:
    for clip, moment in zip(clips, moments, strict=True):
        excerpt = Options.model_validate(clip.data.options).excerpt
        assert excerpt
        assert (excerpt.start, excerpt.end) == (moment.start, moment.end)
        assert clip.data.scene_beats
        assert " ".join(scene.audio_text for scene in clip.data.scene_beats.scenes) == moment.text
        assert audit.faults(record_of(clip.system, clip.video), clip.system.veo.ledger.entries) == []


def _check_sales(system: LocalSystem, before: Sales, clips: list[Director]) -> None:
    """One hearing for all, a plan each besides the choice of moments, and a clip of the video model for each scene."""
    after = sales_of(system)
    assert (after.hearings - before.hearings, after.answers - before.answers) == (1, 1 + COUNT)
    assert all(clip.data.cost_breakdown.transcription == 0 for clip in clips)
    assert after.takes - before.takes == sum(len(clip.stored_plan().scenes) for clip in clips)


def _make_every_format(system: LocalSystem, api: ApiClient, clip: Director, folder: Path) -> None:
    before = sales_of(system)
    answers = [clips_api.start_variant(api, clip.video, {"aspectRatio": shape}) for shape in SIZES]
    assert [(answer.usd, answer.buys) for answer in answers] == [(0, [])] * len(SIZES)
    variants = [Director(system, answer.video_id) for answer in answers]
    assert [await_end(system, variant.video) for variant in variants] == ["SUCCEEDED"] * len(SIZES)
    frames = clip.stored_plan().frames
    for variant, size in zip(variants, SIZES.values(), strict=True):
        measures = film.measure(variant.download(variant.data.final_video_url, folder))
        assert (measures.width, measures.height, measures.frames) == (*size, frames)
        assert variant.data.cost_breakdown.total == 0
        assert audit.faults(record_of(system, variant.video), system.veo.ledger.entries) == []
    assert sales_of(system) == before
    listing = api.call("GET", f"/ai-video/{clip.video}/variants").body["videos"]
    assert {video["video_id"] for video in listing} == {variant.video for variant in variants}
