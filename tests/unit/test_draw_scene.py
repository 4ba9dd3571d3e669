"""DrawScene draws a draft for nothing and buys each still once, whatever happens around the purchase."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from functions.draw_scene.core import draft_order
from functions.draw_scene.handler import Deps, run
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget.accounts import Spending
from shared.build.orders import order_digest
from shared.contracts import DrawSceneIn, DrawSceneOut, Options
from shared.errors import (
    BudgetExceeded,
    ClipUnusable,
    CredentialsRejected,
    ModelRetired,
    ReelwrightError,
    SceneFiltered,
    StorageUnavailable,
    SubmitOutcomeUnknown,
    Superseded,
    VeoFailed,
    VeoNotOffered,
    VeoRefused,
    VeoThrottled,
    VeoUnavailable,
)
from shared.film import ffmpeg
from shared.film.plan import Plan
from shared.models.picture_request import PictureBrief, picture_request, still_brief, still_price
from shared.models.port import Filtered
from shared.models.request_body import FrozenRequest, Picture
from shared.video.costs import is_undecided
from shared.video.public_record import Reason, TaskState
from shared.video.record import VertexAiTask, from_item
from shared.video.scene_ledger import SceneLedger
from tests.fakes import NoLimits
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, STILL_USD, TABLE, VIDEO, plan, record, store
from tests.unit.origins import origins_of

pytestmark = pytest.mark.usefixtures("cloud")
Goal = Literal["draft", "stills"]
FRAMES = 5


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (96, 172), "teal").save(buffer, "PNG")
    return buffer.getvalue()


DRAWING = Picture(png(), "image/png")


@dataclass
class FakeImageModel:
    """Answers in turn, with a picture, that there is none, or by raising, and remembers what it was asked."""

    answers: list[Picture | Filtered | Exception]
    requests: list[FrozenRequest] = field(default_factory=list[FrozenRequest])
    before: Callable[[], object] = lambda: None

    def request(self, brief: PictureBrief) -> FrozenRequest:
        return picture_request(brief)

    def draw(self, request: FrozenRequest) -> Picture | Filtered:
        self.before()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(frozen=True)
class BucketWithout(Bucket):
    """A bucket that does not take pictures."""

    def write_bytes(self, key: str, data: bytes, content_type: str) -> None:
        raise StorageUnavailable("The bucket is busy.")


class Accounts(NoLimits):
    """Accounts that remember what is set aside, in USD by purpose."""

    def __init__(self, room: float = 1.0) -> None:
        super().__init__()
        self.amounts: dict[str, float] = {}
        self.room = room

    def set_aside(self, user_id: str, generation_id: str, budget: float | None, what: str, usd: float) -> float:
        if usd > self.room:
            raise BudgetExceeded("no room")
        self.amounts[what] = usd
        return usd

    def settle(self, who: tuple[str, str], what: str, reserved_usd: float, cost: float) -> None:
        self.amounts[what] = cost


def short_plan(**options: object) -> Plan:
    """A plan whose scenes are a few frames long."""
    whole = plan()
    scenes = [
        scene.model_copy(update={"start_frame": n * FRAMES, "end_frame": (n + 1) * FRAMES})
        for n, scene in enumerate(whole.scenes)
    ]
    return whole.model_copy(update={"scenes": tuple(scenes), "options": Options.model_validate(options)})


@pytest.fixture(autouse=True)
def scene_of_a_short_film(cloud: None) -> None:
    prepare(short_plan())


def prepare(film: Plan, **task: object) -> None:
    store(record(2, **task))
    clients.s3().put_object(Bucket=BUCKET, Key=PLAN_KEY, Body=film.model_dump_json().encode())


def draw(
    goal: Goal,
    model: FakeImageModel | None = None,
    *,
    bucket: Bucket | None = None,
    spending: Spending | None = None,
    sequence: int = 1,
) -> DrawSceneOut:
    image_model = model or FakeImageModel([])
    deps = Deps(bucket or Bucket(BUCKET), TABLE, lambda: image_model, spending or NoLimits())
    request = DrawSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", plan_key=PLAN_KEY, sequence=sequence, goal=goal
    )
    return run(request, deps)


def task() -> VertexAiTask:
    return SceneLedger(TABLE, VIDEO, GENERATION).read(1)


def objects(word: str) -> list[str]:
    rows = clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [key for row in rows if word in (key := row.get("Key", ""))]


def check_clip(key: str, folder: Path, size: tuple[int, int] = (720, 1280)) -> None:
    clip = Bucket(BUCKET).download(key, folder / "clip.mp4")
    info = ffmpeg.probe(clip)
    assert (info.width, info.height, info.fps) == (*size, 24)
    assert ffmpeg.packets([clip.name], cwd=folder)[0].frames == FRAMES


FORMATS = pytest.mark.parametrize(
    ("options", "size", "clip_size"),
    [
        ({"aspect_ratio": "16:9"}, (1280, 720), (1280, 720)),
        ({"resolution": "1080p"}, (1080, 1920), (1080, 1920)),
        ({"shape": "1:1"}, (720, 720), (720, 1280)),
    ],
)


@FORMATS
def test_a_draft_has_the_frames_and_the_format_of_its_plan(
    options: dict[str, object], size: tuple[int, int], clip_size: tuple[int, int], tmp_path: Path
) -> None:
    prepare(short_plan(**options))
    check_clip(draw("draft").clip_key, tmp_path, size)


@FORMATS
def test_what_a_clip_can_begin_with_has_the_format_of_clips(
    options: dict[str, object], size: tuple[int, int], clip_size: tuple[int, int]
) -> None:
    prepare(short_plan(**options))
    key = draw("stills", FakeImageModel([DRAWING])).clip_key
    with Image.open(io.BytesIO(Bucket(BUCKET).read_bytes(media_keys.whole_still(key)))) as whole:
        assert whole.size == clip_size


def test_a_draft_costs_nothing_and_touches_no_record(tmp_path: Path) -> None:
    before = task()
    reply = draw("draft")
    assert reply == DrawSceneOut(clip_key=reply.clip_key)
    assert reply.clip_key.startswith(f"ai-temp/{VIDEO}/{GENERATION}/scenes/01/drawn-")
    assert task() == before
    check_clip(reply.clip_key, tmp_path)


@pytest.mark.parametrize("goal", ["draft", "stills"])
def test_a_rerun_finds_the_clip(goal: Goal) -> None:
    first = draw(goal, FakeImageModel([DRAWING]))
    etag = Bucket(BUCKET).etag(first.clip_key)
    clients.s3().put_object(Bucket=BUCKET, Key=first.clip_key, Body=b"as it was")
    again = draw(goal)
    assert again == first
    assert Bucket(BUCKET).read_bytes(first.clip_key) == b"as it was"
    assert etag


@pytest.mark.parametrize(
    "change",
    [
        {"scene_description": "another"},
        {"vertex_ai_prompt": "The camera pans left."},
        {"visual_style": "animated"},
        {"end_frame": FRAMES + 1},
    ],
)
def test_a_draft_is_known_by_all_that_it_shows(change: dict[str, object]) -> None:
    film = short_plan()
    scene = film.scene(1).model_copy(update=change)
    other = film.model_copy(update={"scenes": (scene, film.scene(2))})
    assert draft_order(film, 1).digest == draft_order(short_plan(), 1).digest
    assert draft_order(film, 1).digest != draft_order(other, 1).digest
    assert draft_order(film, 2).digest == draft_order(other, 2).digest


def test_the_style_of_the_plan_is_drawn_whatever_the_prompt_says() -> None:
    film = short_plan()
    scene = film.scene(1).model_copy(update={"vertex_ai_prompt": "Style: animated.", "visual_style": "artistic"})
    assert draft_order(film.model_copy(update={"scenes": (scene,)}), 1).sketch.style == "artistic"


def test_a_still_is_claimed_before_and_noted_after() -> None:
    states: list[TaskState] = []
    model = FakeImageModel([DRAWING], before=lambda: states.append(task().state))
    accounts = Accounts()
    reply = draw("stills", model, spending=accounts)
    (request,) = model.requests
    assert states == ["submitting"]
    assert (reply.cost_usd, task().cost_usd, task().digest) == (STILL_USD, STILL_USD, request.digest)
    assert (task().state, task().task_id, task().kind) == ("clip_ready", "", "still")
    assert list(accounts.amounts.values()) == [STILL_USD]
    assert still_price(short_plan(), 1) == STILL_USD
    picture_key = media_keys.take(VIDEO, GENERATION, task().take, "still")
    assert origins_of(Bucket(BUCKET).read_bytes(picture_key)) == ["trainedAlgorithmicMedia"]
    assert task().video_url == f"s3://{BUCKET}/{picture_key}"
    take = SceneLedger(TABLE, VIDEO, GENERATION).planning().takes[task().take]
    assert (take.scene, take.kind, take.model, take.usd) == ("s1", "still", request.model, STILL_USD)
    assert take.order == order_digest(short_plan(), short_plan().scene(1), "still")
    assert "prompt 1" in request.fields["prompt"]
    assert reply.clip_key == picture_key


def test_a_still_whose_frame_is_gone_is_not_bought_again() -> None:
    first = draw("stills", FakeImageModel([DRAWING]))
    frame_key = media_keys.whole_still(first.clip_key)
    clients.s3().delete_object(Bucket=BUCKET, Key=frame_key)
    assert draw("stills") == first
    assert Bucket(BUCKET).holds(frame_key)


REFUSALS = [
    VeoThrottled("busy"),
    VeoUnavailable("down"),
    VeoRefused("no"),
    VeoNotOffered("where"),
    CredentialsRejected("who"),
    ModelRetired("gone"),
    VeoFailed("words only"),
]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("state", ["pending", "filtered", "failed"])
def test_a_refusal_gives_claim_and_money_back(error: ReelwrightError, state: TaskState) -> None:
    reason = Reason(code="SceneFiltered", message="codes: 1") if state == "filtered" else Reason()
    prepare(short_plan(), state=state, reason=reason, withheld=2)
    accounts = Accounts()
    with pytest.raises(type(error)):
        draw("stills", FakeImageModel([error]), spending=accounts)
    assert (task().state, task().attempt, task().cost_usd, task().withheld) == (state, 0, 0, 2)
    assert task().reason.code == (reason.code or type(error).__name__)
    assert list(accounts.amounts.values()) == [0]
    assert draw("stills", FakeImageModel([DRAWING])).cost_usd == STILL_USD
    assert task().state == "clip_ready"


@pytest.mark.parametrize("is_prompt_blocked", [True, False])
def test_a_withheld_picture_is_free_and_says_why(is_prompt_blocked: bool) -> None:
    accounts = Accounts()
    with pytest.raises(SceneFiltered, match="IMAGE_SAFETY"):
        draw("stills", FakeImageModel([Filtered("IMAGE_SAFETY: ", is_prompt_blocked)]), spending=accounts)
    # That a still was withheld says nothing of the clip, whose tries count by themselves.
    assert (task().state, task().withheld, task().cost_usd) == ("pending", 0, 0)
    assert task().reason == Reason(code="SceneFiltered", message="IMAGE_SAFETY: ")
    assert not is_undecided(task())
    assert list(accounts.amounts.values()) == [0]


def test_an_unknown_outcome_keeps_claim_and_money() -> None:
    accounts = Accounts()
    with pytest.raises(SubmitOutcomeUnknown):
        draw("stills", FakeImageModel([SubmitOutcomeUnknown("hang-up")]), spending=accounts)
    with pytest.raises(SubmitOutcomeUnknown):
        draw("stills")
    assert is_undecided(task())
    assert list(accounts.amounts.values()) == [STILL_USD]


def test_two_runs_at_once_buy_once() -> None:
    inner = FakeImageModel([])

    def race() -> None:
        with pytest.raises(SubmitOutcomeUnknown):
            draw("stills", inner)

    outer = FakeImageModel([DRAWING], before=race)
    assert draw("stills", outer).cost_usd == STILL_USD
    assert (len(outer.requests), len(inner.requests)) == (1, 0)


def test_a_picture_that_cannot_be_stored_is_not_bought_again() -> None:
    with pytest.raises(SubmitOutcomeUnknown, match="stored"):
        draw("stills", FakeImageModel([DRAWING]), bucket=BucketWithout(BUCKET))
    with pytest.raises(SubmitOutcomeUnknown):
        draw("stills")


def test_a_run_that_broke_off_before_its_note_is_finished_by_the_next() -> None:
    prepare(short_plan(), state="submitting", attempt=1, claim="c", cost_usd=0.4)
    Bucket(BUCKET).write_bytes(media_keys.take(VIDEO, GENERATION, "c", "still"), DRAWING.data, "image/png")
    assert draw("stills").cost_usd == pytest.approx(0.4 + STILL_USD)
    assert (task().state, task().take) == ("clip_ready", "c")
    assert draw("stills").cost_usd == task().cost_usd == pytest.approx(0.4 + STILL_USD)


def test_a_late_answer_is_noted_though_the_generation_was_cancelled() -> None:
    def cancel() -> None:
        clients.dynamodb().update_item(
            TableName=TABLE,
            Key={"video_id": {"S": VIDEO}},
            UpdateExpression="SET ai_generation_status = :status",
            ExpressionAttributeValues={":status": {"S": "cancelled"}},
        )

    assert draw("stills", FakeImageModel([DRAWING], before=cancel)).cost_usd == STILL_USD
    item = from_item(clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {}))
    assert item.ai_generation_data
    assert item.ai_generation_data.vertex_ai_tasks[0].cost_usd == STILL_USD
    with pytest.raises(Superseded):
        draw("stills")


def test_no_still_is_bought_for_a_scene_whose_clip_is_ordered() -> None:
    prepare(short_plan(), state="generating", attempt=1, task_id="operations/1")
    with pytest.raises(Superseded):
        draw("stills")
    assert (task().state, task().task_id) == ("generating", "operations/1")


def test_nothing_is_bought_over_the_budget() -> None:
    with pytest.raises(BudgetExceeded):
        draw("stills", spending=Accounts(room=0.06))
    assert task().state == "pending"


def test_what_was_bought_and_is_no_picture_is_kept_and_said_so() -> None:
    with pytest.raises(ClipUnusable):
        draw("stills", FakeImageModel([replace(DRAWING, data=b"<html>")]))
    assert (task().state, task().cost_usd) == ("clip_ready", STILL_USD)
    with pytest.raises(ClipUnusable):
        draw("stills")


def test_a_larger_film_has_a_larger_still() -> None:
    assert still_brief(short_plan(), 1).size == "1K"
    assert still_brief(short_plan(resolution="1080p"), 1).size == "2K"
    assert still_price(short_plan(resolution="1080p"), 1) > STILL_USD
