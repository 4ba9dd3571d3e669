"""The stage that plans: what it asks, what it stores and returns, and that nothing is stored that may not be bought."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from functions.plan.handler import Deps, run
from shared import media_keys
from shared.aws import clients
from shared.aws.attribute_values import plain_values
from shared.aws.bucket import Bucket
from shared.contracts import Options, PlanOut
from shared.errors import BudgetExceeded, ModelRetired, NoSpeechFound, PlanInvalid
from shared.film.corrections import Correction, Corrections
from shared.film.picture_choices import FirstPictures, PictureUse, PlacedPicture, ScenePicture
from shared.film.plan import Plan, Word
from shared.transcript.own_transcript import Cue, OwnTranscript, OwnTranscripts
from shared.video.costs import planned_cost
from shared.video.public_record import FULL_TEXT_LIMIT
from shared.video.record import to_item
from tests.fakes import NoLimits
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, PLAN_KEY, TABLE, VIDEO, record
from tests.unit.plan_calls import KEY, FakePlanner, request
from tests.unit.plan_examples import (
    document,
    reply,
    scene,
    word,
)


@dataclass
class Stage:
    """The stage with its transcript in the bucket."""

    planner: FakePlanner = field(default_factory=FakePlanner)

    def put(self, text: str) -> None:
        clients.s3().put_object(Bucket=BUCKET, Key=KEY, Body=text.encode())

    def run(self, seconds: float, options: Options | None = None) -> PlanOut:
        return run(request(seconds, options), Deps(Bucket(BUCKET), self.planner, MODEL, TABLE, math.inf, NoLimits()))

    @property
    def is_stored(self) -> bool:
        return Bucket(BUCKET).holds(PLAN_KEY)


@pytest.fixture
def plan_stage(cloud: None) -> Stage:
    clients.dynamodb().put_item(TableName=TABLE, Item=to_item(record()))
    return Stage()


def speech_of(seconds: int) -> str:
    """A recording in which every second has a word and every fourth a sentence's end."""
    return document(*(word(f"w{n}{'' if n % 4 < 3 else '.'}", f"{n}.0", f"{n}.8") for n in range(seconds)))


def test_the_plan_is_stored_and_its_scenes_returned(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    out = plan_stage.run(60.0, Options(prompt="more boats", target_duration=28))
    stored_plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    assert out.plan_key == PLAN_KEY
    assert [ref.sequence for ref in out.scenes] == [scene.sequence for scene in stored_plan.scenes]
    assert (out.cost_usd, out.planned_video_cost_usd) == (0.002, planned_cost(stored_plan))
    assert out.audio_transcription["M"]["language_code"] == {"S": "en-US"}
    assert len(out.vertex_ai_tasks["L"]) == len(out.scene_beats["M"]["scenes"]["L"]) == len(stored_plan.scenes)
    assert out.degraded == {"L": []}


def test_the_model_is_asked_with_the_phrases_and_the_wish(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    plan_stage.run(60.0, Options(prompt="more boats", target_duration=28))
    (question,) = plan_stage.planner.documents
    phrases = question.pop("phrases")
    assert phrases[0] == [0, 3.9, "w0 w1 w2 w3."]
    assert sum(seconds for _, seconds, _ in phrases) == pytest.approx(60)
    assert question == {
        "task": "plan",
        "target_seconds": 28,
        "max_scene_seconds": 8,
        "style": "cinematic",
        "aspect_ratio": "9:16",
        "wish": "more boats",
        "language": "en-US",
    }


def test_the_chosen_model_is_the_one_that_is_planned_for(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    plan_stage.run(60.0, Options(model="veo-3.1-lite-generate-001"))
    assert Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY)).model == "veo-3.1-lite-generate-001"


def test_four_hours_are_planned_and_stay_small(plan_stage: Stage) -> None:
    plan_stage.put(document(*(word(f"word{n}", f"{n * 0.4:.3f}", f"{n * 0.4 + 0.39:.3f}") for n in range(36_000))))
    plan_stage.planner.answer = reply(*(scene(n, n, "x" * 400) for n in range(1_000, 1_008)))
    out = plan_stage.run(14_400.0, Options(target_duration=60))
    assert len(out.model_dump_json().encode()) < 64 * 1024
    assert len(out.audio_transcription["M"]["full_text"]["S"]) == FULL_TEXT_LIMIT


def test_a_plan_over_the_budget_is_kept_and_nobody_is_asked_again_when_the_budget_is_raised(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            plan_stage.run(60.0, Options(budget_usd=0.5))
    assert plan_stage.is_stored
    out = plan_stage.run(60.0, Options(budget_usd=9))
    stored_plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    # A revision never changes; the budget of an order is that of its run.
    assert (stored_plan.options.budget_usd, stored_plan.planning_cost_usd, out.cost_usd) == (0.5, 0.002, 0.002)
    assert len(plan_stage.planner.documents) == 1


def own_picture(name: str, use: PictureUse = "still", scene: int | None = None) -> PlacedPicture:
    return PlacedPicture(picture=ScenePicture(image_id=name * 20, use=use, digest=name * 12), scene=scene)


def put_pictures(*pictures: PlacedPicture) -> None:
    key = media_keys.pictures(VIDEO, GENERATION)
    Bucket(BUCKET).write_text(key, FirstPictures(pictures=list(pictures)).model_dump_json())


def test_own_pictures_fill_the_plan_and_nothing_is_set_aside_for_clips(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    put_pictures(own_picture("a"))
    out = plan_stage.run(60.0, Options(budget_usd=0.02))
    film_plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    assert {scene.picture.digest for scene in film_plan.scenes if scene.picture} == {"a" * 12}
    assert (out.planned_video_cost_usd, planned_cost(film_plan)) == (0, 0)
    tasks = [plain_values(task["M"]) for task in out.vertex_ai_tasks["L"]]
    assert [(task["state"], task["attempt"]) for task in tasks] == [("clip_ready", 1)] * len(film_plan.scenes)
    assert {task["video_url"] for task in tasks} == {
        f"s3://{BUCKET}/ai-generated/{VIDEO}/{GENERATION}/takes/own{'a' * 12}"
    }


def test_a_named_scene_has_its_picture_and_what_has_no_scene_is_said(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    put_pictures(own_picture("a", "reference", 1), own_picture("b", scene=40))
    out = plan_stage.run(60.0)
    film_plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    first, *others = film_plan.scenes
    assert first.picture
    # The only length that is sold with references.
    assert (first.picture.use, first.veo_seconds) == ("reference", 8)
    assert not any(scene.picture for scene in others)
    assert out.planned_video_cost_usd == planned_cost(film_plan)
    assert f"One of the pictures is not in it: the video has {len(film_plan.scenes)} scenes." in str(out.degraded)


@pytest.mark.parametrize("budget_usd", [None, 1_000])
def test_no_request_goes_over_the_deployments_limit(plan_stage: Stage, budget_usd: float | None) -> None:
    plan_stage.put(speech_of(60))
    deps = Deps(Bucket(BUCKET), plan_stage.planner, MODEL, TABLE, 0.5, NoLimits())
    with pytest.raises(BudgetExceeded, match=r"the budget is 0\.5 USD"):
        run(request(60.0, Options(budget_usd=budget_usd)), deps)


def test_the_budget_counts_transcription_and_planning_too(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    clips = plan_stage.run(60.0).planned_video_cost_usd
    plan_stage.run(60.0, Options(budget_usd=clips + 0.0121))
    with pytest.raises(BudgetExceeded):
        plan_stage.run(60.0, Options(budget_usd=clips + 0.0119))


def test_a_plan_without_scenes_is_not_stored(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    plan_stage.planner.answer = reply()
    with pytest.raises(PlanInvalid):
        plan_stage.run(60.0)
    assert not plan_stage.is_stored


@pytest.mark.parametrize(
    ("text", "model", "error"), [(speech_of(0), "", NoSpeechFound), (speech_of(9), "veo-2", ModelRetired)]
)
def test_the_model_is_not_asked_when_there_is_nothing_to_plan(
    plan_stage: Stage, text: str, model: str, error: type[Exception]
) -> None:
    plan_stage.put(text)
    with pytest.raises(error):
        plan_stage.run(9.0, Options(model=model))
    assert plan_stage.planner.documents == []


def own_transcript(*cues: Cue, text: str = "") -> str:
    transcript = OwnTranscript(transcript_id="a" * 16, filename="talk.srt", status="ready", cues=cues, text=text)
    OwnTranscripts(Bucket(BUCKET), VIDEO).create(transcript)
    return transcript.transcript_id


def test_a_users_own_transcript_is_planned_with_in_place_of_what_is_heard(plan_stage: Stage) -> None:
    captions = [Cue(start=4 * n, end=4 * n + 3.9, text=f"Caption number {n} here.") for n in range(15)]
    plan_stage.run(60.0, Options(transcript_id=own_transcript(*captions)))
    film_plan = Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY))
    assert [word.text for word in film_plan.words[:4]] == ["Caption", "number", "0", "here."]
    (question,) = plan_stage.planner.documents
    assert [text for _, _, text in question["phrases"] if text][1] == "Caption number 1 here."


def test_corrections_of_what_was_heard_are_none_of_a_users_own_transcript(plan_stage: Stage) -> None:
    plan_stage.put(speech_of(60))
    correction = Correction(start=0, end=0.9, words=(Word(text="Corrected", start=0, end=0.9),))
    corrections = Corrections().with_more("en-US", [correction])
    Bucket(BUCKET).write_text(media_keys.corrections(VIDEO, "one"), corrections.model_dump_json())
    item = to_item(record().model_copy(update={"corrections": "one"}))
    clients.dynamodb().put_item(TableName=TABLE, Item=item)
    own = " ".join(f"W{n}" for n in range(60))
    for options, first in ((Options(transcript_id=own_transcript(text=own)), "W0"), (Options(), "Corrected")):
        plan_stage.run(60.0, options)
        assert Plan.model_validate_json(Bucket(BUCKET).read_text(PLAN_KEY)).words[0].text == first
        Bucket(BUCKET).delete_below(PLAN_KEY)
