"""What a clip begins with: which takes that makes missing, which picture goes with an order, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.generate_scene import handler as generate_scene
from functions.poll_veo import handler as poll_veo
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.build import continuity, orders
from shared.choices.words import Continuity
from shared.contracts import GenerateSceneIn, PollVeoIn
from shared.errors import SceneFiltered
from shared.film.plan import Plan
from shared.models.port import Done
from shared.video.free_ends import note_filtered
from shared.video.public_record import Reason
from shared.video.record import GenerationData, VertexAiTask
from shared.video.scene_ledger import SceneLedger
from shared.video.take import Take
from tests.fakes import NO_QUOTA, NoLimits, picture_file
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, plan, record, store
from tests.unit.model_fakes import FakeModel
from tests.unit.test_generate_scene import FakePlanner

CONTINUITIES: tuple[Continuity, ...] = ("none", "chain", "still")
PICTURE = picture_file()


def plan_with(wish: Continuity, scenes: int = 3) -> Plan:
    base = plan(scenes)
    return base.model_copy(update={"options": base.options.model_copy(update={"continuity": wish})})


def takes_for(film_plan: Plan, **stills: str) -> dict[str, Take]:
    """Return the stills, by their scenes, and the clips that the plan wants of them then."""
    stills_by_id = {
        name: Take(scene=scene, kind="still", order=orders.order_digest(film_plan, scene_of(film_plan, scene), "still"))
        for scene, name in stills.items()
    }
    stock = orders.Stock(stills_by_id)
    clips = {
        f"clip-{scene.id}": Take(
            scene=scene.id, seconds=4, order=orders.orders_wanted(film_plan, scene, "clip", stock)[0]
        )
        for scene in film_plan.scenes
    }
    return stills_by_id | clips


def scene_of(film_plan: Plan, name: str) -> Any:
    return next(scene for scene in film_plan.scenes if scene.id == name)


def missing(film_plan: Plan, takes: dict[str, Take]) -> list[str]:
    stock = orders.Stock(takes)
    return [scene.id for scene in film_plan.scenes if not orders.take_to_show(film_plan, scene, "clip", stock)]


@pytest.mark.parametrize(
    ("earlier", "later", "stills", "scenes"),
    [
        ("none", "chain", {}, ["s2", "s3"]),
        ("none", "still", {}, []),
        ("none", "still", {"s2": "still-a"}, ["s2"]),
        ("chain", "none", {}, ["s2", "s3"]),
        ("chain", "still", {}, ["s2", "s3"]),
        ("still", "none", {"s1": "still-a"}, ["s1"]),
        ("still", "chain", {"s1": "still-a"}, ["s1", "s2", "s3"]),
    ],
)
def test_another_beginning_makes_only_those_clips_missing_that_begin_otherwise(
    earlier: Continuity, later: Continuity, stills: dict[str, str], scenes: list[str]
) -> None:
    takes = takes_for(plan_with(earlier), **stills)
    assert missing(plan_with(earlier), takes) == []
    assert missing(plan_with(later), takes) == scenes


@given(st.lists(st.sampled_from(CONTINUITIES), max_size=8), st.sets(st.sampled_from(["s1", "s2", "s3"])))
def test_what_was_bought_is_found_again_whatever_was_wished_for_meanwhile(
    wishes: list[Continuity], with_stills: set[str]
) -> None:
    takes: dict[str, Take] = {}
    for number, wish in enumerate(wishes):
        for name, take in takes_for(plan_with(wish), **{scene: f"still-{scene}" for scene in with_stills}).items():
            takes.setdefault(name if take.kind == "still" else f"{name}-{number}", take)
    assert [missing(plan_with(wish), takes) for wish in wishes] == [[]] * len(wishes)


def test_another_still_makes_the_clip_missing_that_began_with_the_earlier_one() -> None:
    film_plan = plan_with("still")
    takes = takes_for(film_plan, s2="still-a")
    chosen_scene = film_plan.scenes[1].model_copy(update={"take": "still-b"})
    other = film_plan.model_copy(update={"scenes": (film_plan.scenes[0], chosen_scene, film_plan.scenes[2])})
    takes["still-b"] = Take(scene="s2", kind="still")
    assert missing(other, takes) == ["s2"]
    del takes["still-b"]
    assert missing(other, takes) == []


def test_a_picture_that_became_the_first_of_a_chain_keeps_its_clip() -> None:
    film_plan = plan_with("chain")
    takes = takes_for(film_plan)
    first, second, third = film_plan.scenes
    swapped_plan = film_plan.model_copy(
        update={"scenes": (second.model_copy(update={"sequence": 1}), first.model_copy(update={"sequence": 2}), third)}
    )
    assert missing(swapped_plan, takes) == ["s1"]


@pytest.mark.parametrize(
    ("wish", "missing_ids", "followers"),
    [("none", {"s2"}, []), ("chain", {"s2"}, ["s3"]), ("chain", {"s1", "s2"}, ["s3"]), ("chain", {"s3"}, [])],
)
def test_scenes_that_follow_a_clip_made_anew_keep_theirs(
    wish: Continuity, missing_ids: set[str], followers: list[str]
) -> None:
    assert continuity.kept_after(plan_with(wish), missing_ids, orders.Stock({})) == followers


# The stages.


def store_generation(wish: Continuity, tasks: dict[int, dict[str, Any]], takes: dict[str, Take] | None = None) -> None:
    video = record(3)
    assert video.ai_generation_data
    new_tasks = [
        task.model_copy(update=tasks.get(task.sequence, {})) for task in video.ai_generation_data.vertex_ai_tasks
    ]
    data = video.ai_generation_data.model_copy(update={"vertex_ai_tasks": new_tasks, "takes": takes or {}})
    store(video.model_copy(update={"ai_generation_data": data}), 3)
    clients.s3().put_object(Bucket=BUCKET, Key=PLAN_KEY, Body=plan_with(wish).model_dump_json().encode())


def there(take: str, **more: Any) -> dict[str, Any]:
    key = media_keys.take(VIDEO, GENERATION, take, "clip")
    return {"state": "completed", "take": take, "video_url": f"s3://{BUCKET}/{key}", "attempt": 1, **more}


def put_end_of(take: str, frames: int = 96) -> None:
    key = media_keys.last_frame(media_keys.take(VIDEO, GENERATION, take, "clip"), frames)
    Bucket(BUCKET).write_bytes(key, PICTURE, "image/png")


def order(veo: FakeModel, sequence: int, attempt: int = 1) -> VertexAiTask:
    deps = generate_scene.Deps(Bucket(BUCKET), TABLE, lambda _name: veo, FakePlanner(), 900, NoLimits(), NO_QUOTA)
    request = GenerateSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", plan_key=PLAN_KEY, sequence=sequence, attempt=attempt
    )
    generate_scene.run(request, deps)
    return SceneLedger(TABLE, VIDEO, GENERATION).read(sequence)


def deliver(sequence: int) -> tuple[str, ...]:
    """Return what is said of the scene once its clip is there."""
    request = PollVeoIn(
        video_id=VIDEO,
        generation_id=GENERATION,
        plan_key=PLAN_KEY,
        sequence=sequence,
        attempt=1,
        operation_name="operations/1",
        deadline=2e9,
    )
    deps = poll_veo.Deps(Bucket(BUCKET), TABLE, lambda _name: FakeModel(reading=Done(b"mp4")))
    first = poll_veo.run(request, deps)
    # A rerun of the stage finds the clip, and says the same.
    assert poll_veo.run(request, deps) == first
    return first.degraded


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("wish", CONTINUITIES)
def test_a_clip_of_a_chain_begins_where_the_scene_before_it_ends(wish: Continuity) -> None:
    store_generation(wish, {1: there("take1")})
    put_end_of("take1")
    veo = FakeModel(["operations/1"])
    task = order(veo, 2)
    is_chained = wish == "chain"
    assert (veo.orders[0].first_frame is not None, task.first_frame) == (is_chained, "take1-96" * is_chained)
    assert veo.orders[0].first_frame is None or veo.orders[0].first_frame.data == PICTURE
    assert task.digest == veo.request(veo.orders[0]).digest
    assert deliver(2) == (("Scene 2 does not begin with a still: its clip was made so.",) if wish == "still" else ())
    (take,) = SceneLedger(TABLE, VIDEO, GENERATION).planning().takes.values()
    assert (take.first_frame, take.order) == (task.first_frame, task.order)
    assert orders.take_to_show(plan_with(wish), plan_with(wish).scene(2), "clip", orders.Stock({"t": take})) == "t"


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "before",
    [
        {"state": "failed", "attempt": 1, "reason": Reason(code="SceneFiltered", message="codes")},
        {"state": "pending"},
        {"state": "generating", "attempt": 1},
        # Its picture was never made: rendering it failed.
        there("take1", state="clip_ready"),
    ],
    ids=["withheld", "not ordered", "being made", "not rendered"],
)
def test_a_clip_that_follows_none_is_made_without_a_picture_and_that_is_said(before: dict[str, Any]) -> None:
    store_generation("chain", {1: before})
    veo = FakeModel(["operations/1"])
    assert order(veo, 2).first_frame == ""
    assert veo.orders[0].first_frame is None
    assert deliver(2) == ("Scene 2 does not begin where scene 1 ends: its clip was made without that picture.",)


@pytest.mark.usefixtures("cloud")
def test_a_clip_that_began_with_an_earlier_take_is_kept_and_that_is_said() -> None:
    tasks = {1: there("newer"), 2: there("take2", first_frame="take1-96"), 3: there("take3", first_frame="take2-96")}
    store_generation("chain", tasks)
    assert deliver(2) == ("Scene 2 begins where scene 1 ended earlier: its clip is kept.",)
    assert deliver(3) == ()
    assert deliver(1) == ()


@pytest.mark.usefixtures("cloud")
def test_what_was_approved_is_what_moves() -> None:
    stills = {
        name: Take(scene=scene, kind="still", order=orders.order_digest(plan(3), scene_of(plan(3), scene), "still"))
        for scene, name in (("s1", "still-a"), ("s3", "still-c"))
    }
    store_generation("still", {}, stills)
    whole_key = media_keys.whole_still(media_keys.take(VIDEO, GENERATION, "still-a", "still"))
    Bucket(BUCKET).write_bytes(whole_key, PICTURE, "image/png")
    veo = FakeModel(["operations/1", "operations/2", "operations/3"])
    assert [order(veo, sequence).first_frame for sequence in (1, 2, 3)] == ["still-a-whole", "", ""]
    assert [deliver(sequence) for sequence in (1, 2, 3)] == [
        (),
        ("Scene 2 does not begin with a still: its clip was made so.",),
        # Its still was drawn before there were such pictures.
        ("Scene 3 does not begin with a still: its clip was made so.",),
    ]


@pytest.mark.usefixtures("cloud")
def test_a_prompt_that_was_rephrased_goes_without_the_picture() -> None:
    store_generation("chain", {1: there("take1")})
    put_end_of("take1")
    veo = FakeModel([SceneFiltered("codes: 1"), "operations/2"])
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    order(veo, 2)
    assert ledger.read(2).state == "filtered"
    assert order(veo, 2, 2).first_frame == ""
    assert [brief.first_frame is None for brief in veo.orders] == [False, True]
    assert len(deliver(2)) == 2


@pytest.mark.usefixtures("cloud")
def test_a_clip_that_is_withheld_at_random_is_ordered_again_with_the_picture() -> None:
    store_generation("chain", {1: there("take1")})
    put_end_of("take1")
    veo = FakeModel(["operations/1", "operations/2"])
    ledger = SceneLedger(TABLE, VIDEO, GENERATION)
    note_filtered(ledger, order(veo, 2), "codes: 1", is_prompt_blocked=False)
    assert order(veo, 2, 2).first_frame == "take1-96"


def test_a_record_of_before_names_no_picture() -> None:
    assert GenerationData.model_validate(record().ai_generation_data).vertex_ai_tasks[0].first_frame == ""
