"""The whole system under faults at the wire: what is bought, what is charged, what the record says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.api_client import ApiClient, ApiError
from local.client.make import GenerationFailed
from local.emulators.faults import Fault
from local.emulators.google.omni import NO_BACKGROUND
from shared.film import ffmpeg
from shared.models.video_models import OMNI
from tests.chaos import audit
from tests.chaos.run import await_end, record_of
from tests.local.jobs import Jobs, data_of
from tests.local.words import VOICE


def test_a_filtered_clip_is_tried_again_and_charged_once(jobs: Jobs, short_talk: Path) -> None:
    before = len(jobs.system.veo.ledger.charged_clips())
    jobs.system.veo.faults.add(Fault("filter"))
    data = data_of(jobs.make(short_talk, targetDuration=5))
    assert sorted(task.attempt for task in data.vertex_ai_tasks)[-1] == 2
    assert len(jobs.system.veo.ledger.charged_clips()) - before == len(data.vertex_ai_tasks)
    assert data.cost_breakdown.video_generation == pytest.approx(data.planned_video_cost)


def test_a_clip_withheld_three_times_is_rephrased_and_the_record_says_so(jobs: Jobs, short_talk: Path) -> None:
    jobs.system.veo.faults.add(Fault("filter", times=3))
    data = data_of(jobs.make(short_talk, targetDuration=5))
    (task,) = data.vertex_ai_tasks
    assert (task.attempt, task.rephrased_for) == (4, 4)
    assert [note for note in data.degraded if note.startswith("Scene 1 shows a rephrased description")]
    assert data.cost_breakdown.video_generation == pytest.approx(data.planned_video_cost)


def test_a_clip_whose_order_broke_off_is_bought_at_most_once(jobs: Jobs) -> None:
    before = len(jobs.system.veo.ledger.clips())
    jobs.system.veo.faults.add(Fault("hang_up_after"))
    with pytest.raises(GenerationFailed, match=r"video_generation, scene \d failed with SubmitOutcomeUnknown"):
        jobs.make(VOICE, targetDuration=10)
    prompts = [clip.prompt for clip in jobs.system.veo.ledger.clips()[before:]]
    assert len(prompts) > 1
    assert len(set(prompts)) == len(prompts)


def test_a_file_that_is_no_video_is_named(jobs: Jobs, short_talk: Path) -> None:
    jobs.system.veo.faults.add(Fault("not_a_video"))
    with pytest.raises(GenerationFailed, match="ClipUnusable"):
        jobs.make(short_talk, targetDuration=5)


@pytest.mark.parametrize("fault", [None, Fault(NO_BACKGROUND, times=None)])
def test_omni_makes_a_whole_film_whose_clips_are_whole_seconds(jobs: Jobs, fault: Fault | None) -> None:
    before = len(jobs.system.veo.ledger.charged_clips())
    if fault:
        jobs.system.veo.faults.add(fault)
    data = data_of(
        jobs.make(VOICE, targetDuration=5, captions="none", model=OMNI, resolution="1080p" if fault is None else "720p")
    )
    sales = jobs.system.veo.ledger.charged_clips()[before:]
    assert {sale.model for sale in sales} == {OMNI}
    assert len(sales) == len(data.vertex_ai_tasks)
    assert data.cost_breakdown.video_generation == pytest.approx(data.planned_video_cost)
    film = ffmpeg.probe(jobs.folder / f"{VOICE.stem}.mp4")
    assert film.height == (1920 if fault is None else 1280)


def test_an_order_that_was_throttled_is_placed_again(jobs: Jobs, short_talk: Path) -> None:
    before = len(jobs.system.veo.ledger.clips())
    jobs.system.veo.faults.add(Fault("throttle", "submit"))
    data = data_of(jobs.make(short_talk, targetDuration=5))
    assert len(jobs.system.veo.ledger.clips()) - before == len(data.vertex_ai_tasks)


@pytest.mark.parametrize("goal", ["video", "stills"])
def test_a_quota_slows_a_job_down_and_does_not_fail_it(jobs: Jobs, goal: str) -> None:
    ledger = jobs.system.veo.ledger
    before = len(ledger.entries)
    jobs.system.veo.quota = 1, 4.0
    try:
        data = data_of(jobs.make(VOICE, targetDuration=9, captions="none", goal=goal))
    finally:
        jobs.system.veo.quota = None
    assert len(data.vertex_ai_tasks) >= 2
    assert all(task.state == "completed" for task in data.vertex_ai_tasks)
    assert len(ledger.entries) - before == len(data.vertex_ai_tasks)


def test_a_planner_that_refuses_is_named(jobs: Jobs, short_talk: Path) -> None:
    jobs.system.openai.faults.add(Fault("refusal"))
    with pytest.raises(GenerationFailed, match="scene_planning failed with PlannerRefused"):
        jobs.make(short_talk, targetDuration=5)


@pytest.mark.parametrize("kind", ["throttle", "conflict"])
def test_a_transcription_that_cannot_start_at_first_is_started_later(jobs: Jobs, short_talk: Path, kind: str) -> None:
    jobs.system.cloud.transcribe.faults.add(Fault(kind, "start"))
    assert jobs.make(short_talk, targetDuration=5).ai_generation_status == "completed"
    assert jobs.system.cloud.transcribe.faults.waiting("") == []


@pytest.mark.parametrize(
    ("kind", "error"),
    [("failed", "TranscriptionFailed"), ("sample_rate", "TranscriptionFailed"), ("empty", "NoSpeechFound")],
)
def test_a_transcription_that_brings_no_words_is_named_and_buys_nothing(jobs: Jobs, kind: str, error: str) -> None:
    before = len(jobs.system.veo.ledger.clips())
    # Where no words are heard, the job is heard once more in the default language.
    jobs.system.cloud.transcribe.faults.add(Fault(kind, "job", times=2 if kind == "empty" else 1))
    with pytest.raises(GenerationFailed, match=error):
        jobs.make(VOICE, targetDuration=5)
    assert len(jobs.system.veo.ledger.clips()) == before


def test_a_raised_budget_completes_what_ran_out_of_it_and_buys_no_clip_twice(jobs: Jobs) -> None:
    choices: dict[str, Any] = {"targetDuration": 9, "captions": "none"}
    costs = data_of(jobs.make(VOICE, **choices)).cost_breakdown
    api = ApiClient(jobs.system.cloud.api_url, jobs.system.token())
    video = api.upload(VOICE, "raised", "audio/flac")
    # Room for every clip, and none for the question how a prompt is put otherwise.
    budget = round(costs.total + 0.001, 6)
    jobs.system.veo.faults.add(Fault("block", "submit", match="lantern"))
    api.start(video, choices | {"budget": budget, "prompt": "A quiet journey of lantern"})
    assert await_end(jobs.system, video) == "FAILED"
    first = data_of(api.show(video))
    assert first.failure
    assert first.failure.error == "BudgetExceeded"
    with pytest.raises(ApiError, match="has cost up to"):
        api.resume(video, budget=0.01)
    # What the first budget had no room for is asked for again.
    jobs.system.veo.faults.add(Fault("block", "submit", match="lantern"))
    api.resume(video, budget=budget + 1)
    assert await_end(jobs.system, video) == "SUCCEEDED"
    record = record_of(jobs.system, video)
    sales = jobs.system.veo.ledger.clips()
    assert audit.faults(record, sales) == []
    assert len(audit.charged(record, sales)) == len(data_of(api.show(video)).vertex_ai_tasks)
    assert data_of(api.show(video)).cost_breakdown.rephrasing > 0
