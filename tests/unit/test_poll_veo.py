"""PollVeo gives each reading of an operation its own outcome."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any, Literal

import pytest

from functions.poll_veo.handler import Deps, run
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.contracts import PollVeoIn, PollVeoOut
from shared.errors import ClipUnusable, OperationLost, ReelwrightError, SceneTimedOut, VeoFailed
from shared.models.port import Done, Failed, Filtered, Lost, Reading, Running
from shared.models.veo_answers import meaning
from shared.video.costs import is_undecided
from shared.video.free_ends import UNCHANGED_ATTEMPTS
from shared.video.scene_ledger import SceneLedger
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, PLAN_KEY, TABLE, VIDEO, record, store
from tests.unit.media_fakes import clip
from tests.unit.model_fakes import FakeModel
from tests.unit.origins import origins_of
from tests.unit.vertex_said import BLOCKED, OTHER, PROJECT

KEY = media_keys.take(VIDEO, GENERATION, "claim1", "clip")
Free = Literal["filtered", "failed"]
FREE_ENDS: dict[Free, Reading] = {"filtered": Filtered("why"), "failed": Failed("why", is_retriable=True)}


def poll(reading: Reading, now: float = 100, deadline: float = 200) -> PollVeoOut:
    request = PollVeoIn(
        video_id=VIDEO,
        generation_id=GENERATION,
        plan_key=PLAN_KEY,
        sequence=1,
        attempt=1,
        operation_name="operations/1",
        deadline=deadline,
    )
    return run(request, Deps(Bucket(BUCKET), TABLE, lambda _name: FakeModel(reading=reading), now=lambda: now))


@pytest.mark.usefixtures("cloud")
class TestRun:
    def test_a_running_clip_is_waited_for(self) -> None:
        store(record(state="generating", attempt=1))
        assert poll(Running()).status == "running"

    def test_a_clip_past_its_deadline_times_out(self) -> None:
        store(record(state="generating", attempt=1))
        with pytest.raises(SceneTimedOut):
            poll(Running(), now=201)

    def test_a_finished_clip_is_kept_before_the_deadline_is_looked_at(self) -> None:
        store(record(state="generating", attempt=1, claim="claim1", order="what"))
        reply = poll(Done(b"mp4"), now=201)
        assert (reply.status, reply.clip_key, reply.cost_usd) == ("done", KEY, 0.4)
        assert clients.s3().get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == b"mp4"
        task = SceneLedger(TABLE, VIDEO, GENERATION).read(1)
        assert (task.state, task.cost_usd, task.video_url) == ("clip_ready", 0.4, f"s3://{BUCKET}/{KEY}")
        take = SceneLedger(TABLE, VIDEO, GENERATION).planning().takes[task.take]
        assert (task.take, take.scene, take.kind, take.usd) == ("claim1", "s1", "clip", 0.4)
        assert (take.order, take.seconds, take.model) == ("what", 4, MODEL)

    def test_a_take_is_what_was_ordered_though_the_plan_wants_something_else_by_now(self) -> None:
        order: dict[str, Any] = {"ordered_model": "another-model", "ordered_seconds": 6, "price_usd": 1.23}
        store(record(state="generating", attempt=1, claim="claim1", order="what", **order))
        assert poll(Done(b"mp4")).cost_usd == 1.23
        take = SceneLedger(TABLE, VIDEO, GENERATION).planning().takes["claim1"]
        assert (take.model, take.seconds, take.usd) == ("another-model", 6, 1.23)

    def test_a_rerun_finds_the_clip_without_asking_veo(self) -> None:
        store(record(state="clip_ready", attempt=1, cost_usd=0.4, video_url=f"s3://{BUCKET}/{KEY}"))
        assert poll(Running(), now=999).cost_usd == 0.4

    def test_a_filtered_clip_is_noted_with_its_reason_and_costs_nothing(self) -> None:
        store(record(state="generating", attempt=1))
        assert poll(Filtered("codes: 4")) == PollVeoOut(status="filtered", reason="codes: 4")
        task = SceneLedger(TABLE, VIDEO, GENERATION).read(1)
        assert (task.state, task.reason.message, task.cost_usd) == ("filtered", "codes: 4", 0)

    @pytest.mark.parametrize(("is_blocked", "withheld"), [(False, 1), (True, UNCHANGED_ATTEMPTS)])
    def test_a_blocked_prompt_is_not_tried_unchanged(self, is_blocked: bool, withheld: int) -> None:
        store(record(state="generating", attempt=1))
        poll(Filtered("codes: 4", is_prompt_blocked=is_blocked))
        assert SceneLedger(TABLE, VIDEO, GENERATION).read(1).withheld == withheld

    @pytest.mark.parametrize(
        ("reading", "error"),
        [(Failed("no"), VeoFailed), (Lost("gone"), OperationLost), (Done(uri="gs://b/c"), ClipUnusable)],
    )
    def test_an_end_for_good_is_named_by_its_error(self, reading: Reading, error: type[ReelwrightError]) -> None:
        store(record(state="generating", attempt=1))
        with pytest.raises(error):
            poll(reading)

    @pytest.mark.parametrize(
        ("first_frame", "source"),
        [
            ("", "trainedAlgorithmicMedia"),
            ("claim0-48", "trainedAlgorithmicMedia"),
            ("own1a2b3c4d5e6f-whole", "compositeWithTrainedAlgorithmicMedia"),
        ],
    )
    def test_a_clip_that_came_with_its_order_is_taken_from_the_bucket(
        self, tmp_path: Path, first_frame: str, source: str
    ) -> None:
        store(record(state="generating", attempt=1, claim="claim1", delivery=KEY, first_frame=first_frame))
        assert poll(Running()).status == "running"
        Bucket(BUCKET).write_bytes(KEY, clip(tmp_path / "clip.mp4", 0.2, size="96x160").read_bytes(), "video/mp4")
        assert poll(Running()).status == "done"
        assert origins_of(Bucket(BUCKET).read_bytes(KEY)) == [source]

    def test_a_clip_that_lay_where_nothing_is_kept_is_read_from_the_model(self) -> None:
        store(record(state="generating", attempt=1, claim="claim1", delivery="ai-temp/video1/gen1/delivered-a.mp4"))
        assert poll(Done(b"mp4")).clip_key == KEY

    @pytest.mark.parametrize("status", ["filtered", "failed"])
    def test_a_rerun_finds_a_free_end_without_asking_veo_and_counts_it_once(self, status: Free) -> None:
        store(record(state="generating", attempt=3, task_id="operations/1"))
        first = poll(FREE_ENDS[status])
        first_end = SceneLedger(TABLE, VIDEO, GENERATION).read(1)
        assert poll(Running(), now=999) == first == PollVeoOut(status=status, reason="why")
        assert SceneLedger(TABLE, VIDEO, GENERATION).read(1) == first_end
        assert (first_end.attempt, first_end.task_id, is_undecided(first_end)) == (0, "", False)


def operation(**fields: object) -> Thing:
    return Thing(**{"done": True, "error": None, "response": None, **fields})


def response(**fields: object) -> Thing:
    return Thing(
        **{"rai_media_filtered_count": 0, "rai_media_filtered_reasons": None, "generated_videos": None, **fields}
    )


@pytest.mark.parametrize("is_done", [None, False])
def test_an_operation_without_done_is_running(is_done: bool | None) -> None:
    assert meaning(operation(done=is_done)) == Running()


def test_a_clip_is_taken_from_the_reply() -> None:
    videos = [Thing(video=Thing(video_bytes=b"mp4", uri=None))]
    assert meaning(operation(response=response(generated_videos=videos))) == Done(b"mp4")


def test_a_filtered_reply_has_its_own_outcome() -> None:
    reply = response(rai_media_filtered_count=1, rai_media_filtered_reasons=["Support codes: 42237218"])
    assert meaning(operation(response=reply)) == Filtered("Support codes: 42237218")


@pytest.mark.parametrize("code", [4, 8, 10, 13, 14])
def test_a_failure_that_passes_has_its_own_outcome(code: int) -> None:
    failure = operation(error={"code": code, "message": "We are currently experiencing high load."})
    assert meaning(failure) == Failed(f"We are currently experiencing high load. (code {code})", is_retriable=True)


@pytest.mark.parametrize("words", BLOCKED)
def test_a_blocked_prompt_is_filtered(words: str) -> None:
    assert meaning(operation(error={"code": 3, "message": words})) == Filtered(words, is_prompt_blocked=True)


@pytest.mark.parametrize("words", [*PROJECT, *OTHER])
def test_an_operation_that_failed_for_another_reason_is_a_failure(words: str) -> None:
    outcome = meaning(operation(error={"code": 3, "message": words}))
    assert isinstance(outcome, Failed)
    assert not outcome.is_retriable


@pytest.mark.parametrize(
    "reply",
    [
        operation(error={"code": 3, "message": "bad"}),
        operation(),
        operation(response=response()),
        operation(response=response(generated_videos=[])),
        operation(response=response(generated_videos=[Thing(video=None)])),
        operation(response=response(generated_videos=[Thing(video=Thing(video_bytes=None, uri=None))])),
    ],
)
def test_an_end_without_a_clip_is_a_failure(reply: Thing) -> None:
    outcome = meaning(reply)
    assert isinstance(outcome, Failed)
    assert not outcome.is_retriable
