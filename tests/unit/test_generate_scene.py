"""GenerateScene buys each clip once, whatever happens around the order."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from pydantic import ValidationError

from functions.generate_scene.core import REPHRASE
from functions.generate_scene.handler import Deps, run
from functions.generate_scene.rephrasing import RephraseReply
from shared.aws.bucket import Bucket
from shared.contracts import PROMPT_LIMIT, GenerateSceneIn, GenerateSceneOut
from shared.errors import (
    CredentialsRejected,
    OperationLost,
    ReelwrightError,
    SceneFiltered,
    SubmitOutcomeUnknown,
    Superseded,
    VeoFailed,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.models.plan_question import INSTRUCTIONS
from shared.models.planner import Bill, Planner
from shared.models.port import Done, Failed, Filtered, Handle, Lost
from shared.models.vertex_errors import ErrorReply, order_error
from shared.video.costs import is_undecided
from shared.video.free_ends import note_failure
from shared.video.public_record import Reason
from shared.video.record import PROMPT_BYTES, VertexAiTask
from shared.video.scene_ledger import SceneLedger
from tests.fakes import NO_QUOTA, NoLimits
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, record, store
from tests.unit.model_fakes import FakeModel

pytestmark = pytest.mark.usefixtures("cloud")
PATIENCE = 60.0


class FakePlanner(Planner):
    """The planning model behind its port."""

    def __init__(self) -> None:
        self.model = "gpt-6-luna"
        self.documents: list[dict[str, Any]] = []

    def ask(self, instructions: str, document: dict[str, Any], reply: type[Any], bill: Bill) -> Any:
        self.documents.append(document)
        bill.asking("request")
        bill.note_cost("request", "answer", 0.0001)
        return reply(prompt="a gentler prompt")


def generate(veo: FakeModel, attempt: int = 1, planner: FakePlanner | None = None) -> GenerateSceneOut:
    deps = Deps(Bucket(BUCKET), TABLE, lambda _name: veo, planner or FakePlanner(), 900, NoLimits(), NO_QUOTA)
    request = GenerateSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", plan_key=PLAN_KEY, sequence=1, attempt=attempt
    )
    return run(request, deps)


def task() -> VertexAiTask:
    return SceneLedger(TABLE, VIDEO, GENERATION).read(1)


def test_an_order_is_claimed_before_and_noted_after() -> None:
    store(record())
    states: list[str] = []
    veo = FakeModel(["operations/1"], before=lambda: states.append(task().state))
    reply = generate(veo)
    assert reply.operation_name == "operations/1"
    assert states == ["submitting"]
    assert (task().state, task().task_id, task().deadline) == ("generating", "operations/1", reply.deadline)
    order = veo.orders[0]
    assert (order.prompt, order.seconds, order.aspect_ratio, order.negative_prompt) == ("prompt 1", 4, "9:16", "text")


def test_a_rerun_finds_the_operation_and_orders_nothing() -> None:
    store(record())
    first = generate(FakeModel(["operations/1"]))
    again = generate(FakeModel([]))
    assert again == first


@pytest.mark.parametrize("status", ["generating", "clip_ready", "completed"])
def test_a_scene_that_was_ordered_is_not_ordered_again(status: str) -> None:
    store(record(state=status, attempt=1, task_id="operations/9"))
    assert generate(FakeModel([])).operation_name == "operations/9"


def test_a_claim_without_an_operation_is_never_ordered_again() -> None:
    store(record(state="submitting", attempt=1))
    with pytest.raises(SubmitOutcomeUnknown):
        generate(FakeModel([]))


@pytest.mark.parametrize("error", [VeoThrottled("busy"), VeoUnavailable("down"), VeoRefused("no")])
def test_a_refused_order_gives_the_claim_back(error: ReelwrightError) -> None:
    store(record())
    with pytest.raises(type(error)):
        generate(FakeModel([error]))
    assert (task().state, task().attempt) == ("pending", 0)
    assert task().reason == Reason(code=type(error).__name__, message=str(error))
    assert generate(FakeModel(["operations/2"])).operation_name == "operations/2"
    assert task().reason == Reason()


def test_an_unknown_outcome_keeps_the_claim() -> None:
    store(record())
    with pytest.raises(SubmitOutcomeUnknown):
        generate(FakeModel([SubmitOutcomeUnknown("hang-up")]))
    with pytest.raises(SubmitOutcomeUnknown):
        generate(FakeModel([]))


@pytest.mark.parametrize(
    ("ending", "state"),
    [(Done(b"mp4"), "generating"), (Filtered("codes: 4"), "filtered"), (Failed("load", is_retriable=True), "pending")],
)
def test_what_the_answer_to_an_order_brings_is_kept(ending: Done | Filtered | Failed, state: str) -> None:
    store(record())
    model = FakeModel([Handle("interactions/1", ending)])
    reply = generate(model)
    assert (reply.operation_name, reply.ready, task().state) == ("interactions/1", True, state)
    if isinstance(ending, Done):
        assert Bucket(BUCKET).read_bytes(task().delivery) == ending.data
    assert generate(FakeModel(["interactions/2"]), 2).operation_name == "interactions/2"
    assert task().delivery == ""


@pytest.mark.parametrize(("ending", "error"), [(Failed("no"), VeoFailed), (Lost("half"), OperationLost)])
def test_an_order_that_ends_for_good_at_once_was_placed(ending: Failed | Lost, error: type[ReelwrightError]) -> None:
    store(record())
    with pytest.raises(error):
        generate(FakeModel([Handle("interactions/1", ending)]))
    assert (task().state, task().task_id) == ("generating", "interactions/1")


def test_a_request_is_known_by_its_digest_before_it_is_sent() -> None:
    store(record())
    digests: list[str] = []
    model = FakeModel(["operations/1"], before=lambda: digests.append(task().digest))
    generate(model)
    assert digests == [model.request(model.orders[0]).digest]


def test_two_runs_at_once_order_once() -> None:
    store(record())
    inner = FakeModel([])

    def race() -> None:
        with pytest.raises(SubmitOutcomeUnknown):
            generate(inner)

    outer = FakeModel(["operations/1"], before=race)
    assert generate(outer).operation_name == "operations/1"
    assert (len(outer.orders), len(inner.orders)) == (1, 0)


@pytest.mark.parametrize("late", ["operations/1", VeoThrottled("busy")])
def test_an_order_that_outlived_its_run_is_not_taken_for_the_next(late: str | Exception) -> None:
    store(record())
    is_claimed = Event()
    over = Event()
    running: list[Future[GenerateSceneOut]] = []
    newer = FakeModel(["operations/2"], before=lambda: is_claimed.set() or over.wait(PATIENCE))
    with ThreadPoolExecutor(1) as pool:

        def resume() -> None:
            # What POST /resume with orderAgain writes.
            SceneLedger(TABLE, VIDEO, GENERATION).note(1, task(), state="pending", attempt=0)
            running.append(pool.submit(generate, newer))
            assert is_claimed.wait(PATIENCE)

        with pytest.raises((SubmitOutcomeUnknown, VeoThrottled)):
            generate(FakeModel([late], before=resume))
        over.set()
        assert running[0].result().operation_name == "operations/2"
    assert (task().state, task().task_id) == ("generating", "operations/2")


def test_a_filtered_scene_is_tried_unchanged_and_then_rephrased() -> None:
    store(record(state="filtered", withheld=1, reason=Reason(code="SceneFiltered", message="codes: 1")))
    veo = FakeModel(["operations/2"])
    planner = FakePlanner()
    assert generate(veo, 2, planner).cost_usd == 0
    assert (veo.orders[0].prompt, planner.documents) == ("prompt 1", [])
    SceneLedger(TABLE, VIDEO, GENERATION).change(
        1, task(), state="filtered", reason={"code": "SceneFiltered", "message": "codes: 2"}, withheld=2
    )
    veo.answers.append("operations/3")
    assert generate(veo, 3, planner).cost_usd == 0.0001
    assert veo.orders[1].prompt == task().prompt == "a gentler prompt"
    assert planner.documents == [{"task": "rephrase", "prompt": "prompt 1", "reason": "codes: 2"}]


def test_a_record_of_another_generation_is_left_alone() -> None:
    video = record()
    assert video.ai_generation_data
    other = video.ai_generation_data.model_copy(update={"generation_id": "newer"})
    store(video.model_copy(update={"ai_generation_data": other}))
    with pytest.raises(Superseded):
        generate(FakeModel([]))


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (400, "INVALID_ARGUMENT", VeoRefused),
        (401, "UNAUTHENTICATED", CredentialsRejected),
        (403, "PERMISSION_DENIED", CredentialsRejected),
        (404, "NOT_FOUND", VeoNotOffered),
        (408, "Request Timeout", SubmitOutcomeUnknown),
        (409, "ABORTED", SubmitOutcomeUnknown),
        (429, "RESOURCE_EXHAUSTED", VeoThrottled),
        (500, "INTERNAL", SubmitOutcomeUnknown),
        (502, "Bad Gateway", SubmitOutcomeUnknown),
        (503, "UNAVAILABLE", VeoUnavailable),
        (503, "Service Unavailable", SubmitOutcomeUnknown),
        (504, "DEADLINE_EXCEEDED", SubmitOutcomeUnknown),
    ],
)
def test_what_each_refusal_means(status: int, reason: str, kind: type[ReelwrightError]) -> None:
    assert type(order_error(ErrorReply(status, reason, "words"), "veo-x")) is kind


def test_a_rephrased_prompt_is_paid_for_once_however_often_its_order_is_put_off() -> None:
    store(record(state="filtered", withheld=2, reason=Reason(code="SceneFiltered", message="codes: 2")))
    planner = FakePlanner()
    veo = FakeModel([VeoThrottled("busy"), "operations/3"])
    with pytest.raises(VeoThrottled):
        generate(veo, 3, planner)
    assert (task().state, task().attempt, task().rephrased_for) == ("filtered", 0, 3)
    assert generate(veo, 3, planner).cost_usd == generate(FakeModel([]), 3).cost_usd == 0.0001
    assert [order.prompt for order in veo.orders] == ["a gentler prompt"] * 2
    assert len(planner.documents) == 1


def test_a_clip_that_failed_in_passing_is_ordered_again_with_the_same_prompt() -> None:
    store(record())
    veo = FakeModel([f"operations/{n}" for n in range(5)])
    planner = FakePlanner()
    for attempt in range(1, 6):
        generate(veo, attempt, planner)
        note_failure(SceneLedger(TABLE, VIDEO, GENERATION), task(), "high load")
    assert {order.prompt for order in veo.orders} == {"prompt 1"}
    assert (len(veo.orders), planner.documents) == (5, [])


def test_a_rephrased_prompt_that_failed_in_passing_is_not_rephrased_again() -> None:
    store(record(state="filtered", withheld=2, reason=Reason(code="SceneFiltered", message="codes: 2")))
    veo = FakeModel(["operations/3", "operations/4"])
    planner = FakePlanner()
    generate(veo, 3, planner)
    note_failure(SceneLedger(TABLE, VIDEO, GENERATION), task(), "high load")
    generate(veo, 4, planner)
    assert [order.prompt for order in veo.orders] == ["a gentler prompt"] * 2
    assert len(planner.documents) == 1


def test_a_blocked_order_is_filtered_and_its_prompt_rephrased_at_once() -> None:
    store(record())
    veo = FakeModel([SceneFiltered("codes: 58061214"), "operations/2"])
    planner = FakePlanner()
    first = generate(veo, 1, planner)
    assert (first.operation_name, first.ready, task().state) == ("", True, "filtered")
    assert not is_undecided(task())
    assert generate(veo, 2, planner).operation_name == "operations/2"
    assert planner.documents == [{"task": "rephrase", "prompt": "prompt 1", "reason": "codes: 58061214"}]


def test_the_planning_model_is_told_whom_not_to_show() -> None:
    for instructions in (REPHRASE, INSTRUCTIONS):
        assert all(word in instructions for word in ("adult", "ages" if instructions is REPHRASE else "age", "real p"))


def test_a_rephrased_prompt_is_one_that_veo_takes() -> None:
    with pytest.raises(ValidationError):
        RephraseReply(prompt="  \n")
    assert len(RephraseReply(prompt="word " * 1_000).prompt) == PROMPT_BYTES <= PROMPT_LIMIT
