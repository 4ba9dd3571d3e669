"""Directing a video, path by path: what is bought is to the cent what was announced, and nothing is bought twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from local.emulators.faults import Fault
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget.accounts import Limits, Spending
from shared.build.scene_edits import recompose_all
from shared.choices.words import Goal
from shared.contracts import FIRST_PLAN
from shared.errors import OperationLost
from shared.film.plan import Plan, Word
from shared.models.video_models import OMNI
from shared.video.record import to_item
from tests.faults.conftest import Wire
from tests.faults.director import Director, Killer
from tests.unit.api_calls import make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, create_keys_table, plan, record

ACCOUNTS = "accounts"
ALL = ["s1", "s2"]
RETAKE = "/scenes/s1/takes"


# Requests to AWS that the stages of a retake make: more than so many, and fewer.
LEAST_STEPS = 8
MOST_STEPS = 60


def two_scenes() -> Plan:
    """A plan of two scenes with a word in each, its prompts put together as the plan stage does it."""
    words = tuple(Word(text=text, start=start, end=start + 0.5) for text, start in (("one", 0.5), ("two", 4.5)))
    return recompose_all(plan().model_copy(update={"words": words}))


@pytest.fixture(name="director")
def director_of_a_planned_video(wire: Wire) -> Director:
    create_keys_table(ACCOUNTS)
    base = record()
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(update={"goal": "plan", "vertex_ai_tasks": []})
    changes = {"ai_generation_status": "awaiting_review", "ai_generation_data": data}
    clients.dynamodb().put_item(TableName=TABLE, Item=to_item(base.model_copy(update=changes)))
    Bucket(BUCKET).write_text(PLAN_KEY, two_scenes().model_dump_json())
    spending = Spending(ACCOUNTS, Limits(50, 50, 50))
    return Director(replace(wire, spending=spending), make_api())


def edit(*edits: dict[str, Any]) -> Callable[[Director], None]:
    def make(director: Director) -> None:
        answer = director.edit(*edits)
        assert answer.status == 200, answer.body

    return make


def put_back(director: Director) -> None:
    director.buy(path=RETAKE)
    takes = director.plan()["scenes"][0]["takes"]
    earlier_take = next(take["id"] for take in takes if not take["isShown"])
    assert director.call("PUT", "/scenes/s1/take", {"take": earlier_take}).status == 200


def stale_edit(director: Director) -> None:
    tag = director.call("GET", "/plan").headers["ETag"]
    edit({"op": "captions", "captions": "lines"})(director)
    refusal = director.edit({"op": "scene", "scene": "s1", "prompt": "A storm"}, tag=tag)
    assert (refusal.status, refusal.body["error"]) == (412, "PlanChanged")


def draft(director: Director) -> None:
    assert director.buy("draft") == []


def stills(director: Director) -> None:
    assert director.buy("stills") == ALL


def nothing(_director: Director) -> None:
    """Approve it as it is."""


def video(director: Director) -> None:
    assert director.buy() == ALL


@dataclass(frozen=True)
class Path:
    """What happens before the last run of a path, and the scenes for which that run buys."""

    steps: tuple[Callable[[Director], None], ...]
    scenes: list[str]


PATHS = {
    "approved unchanged": Path((nothing,), ALL),
    "edited, then run": Path((edit({"op": "scene", "scene": "s1", "prompt": "A boat"}),), ALL),
    "a stale edit": Path((stale_edit,), ALL),
    "draft, then video": Path((draft,), ALL),
    "stills, then video": Path((stills,), ALL),
    "draft, stills, then video": Path((draft, stills), ALL),
    "another prompt": Path((video, edit({"op": "scene", "scene": "s2", "prompt": "A boat"})), ["s2"]),
    "a retake as an edit": Path((video, edit({"op": "retake", "scene": "s1"})), ["s1"]),
    "a take put back": Path((video, put_back), []),
    "a corrected word": Path((video, edit({"op": "word", "index": 1, "text": "too"})), []),
    "other captions": Path((video, edit({"op": "captions", "captions": "none"})), []),
    "a cut moved to where a clip is too short": Path((video, edit({"op": "move", "scene": "s1", "end": 3.0})), ["s2"]),
    "a split": Path((video, edit({"op": "split", "scene": "s1", "at": 2.0})), ["s3"]),
    "a merge": Path((video, edit({"op": "merge", "scene": "s1"})), ["s1"]),
    "another look": Path((video, edit({"op": "look", "place": "A harbour"})), ALL),
    "stills of a finished video": Path((video, stills), []),
    "another part of the recording": Path((video, edit({"op": "excerpt", "start": 0.0, "end": 5.0})), []),
    "pictures in another order": Path((video, edit({"op": "order", "pictures": ["s2", "s1"]})), []),
    "another model for a scene": Path((video, edit({"op": "scene", "scene": "s1", "model": OMNI})), ["s1"]),
    "another model for all": Path((video, edit({"op": "model", "model": OMNI})), ALL),
    "clips that begin with their stills": Path((stills, edit({"op": "continuity", "continuity": "still"})), ALL),
    "clips that begin where others end": Path((edit({"op": "continuity", "continuity": "chain"}),), ALL),
}


@pytest.mark.parametrize("is_settling", [True, False])
@pytest.mark.parametrize("name", PATHS)
def test_a_run_buys_what_was_announced_to_the_cent(director: Director, name: str, is_settling: bool) -> None:
    """Also a run that begins before the money of the one before was given back."""
    director.is_settling = is_settling
    path = PATHS[name]
    for step in path.steps:
        step(director)
    assert director.buy() == path.scenes
    # All of it is there: whatever is asked for again is free.
    assert director.buy() == []


def go_on(director: Director) -> None:
    """Resume a run that broke off, by its old route, and let it come to its end."""
    assert director.record.ai_generation_status == "failed"
    director.is_breaking_off = False
    assert director.call("POST", "/resume", {}).status in (200, 202)
    director.make("video")
    assert director.record.ai_generation_status == "completed"


@pytest.mark.parametrize("name", [name for name, path in PATHS.items() if path.scenes])
def test_a_run_that_broke_off_goes_on_and_buys_the_rest(director: Director, name: str) -> None:
    path = PATHS[name]
    for step in path.steps:
        step(director)
    before = director.sold_usd()
    announced_usd = director.announced_usd("video")
    director.is_breaking_off = True
    assert director.run() == path.scenes
    go_on(director)
    assert round(director.sold_usd() - before, 6) == announced_usd
    assert director.shown_usd() == director.sold_usd()
    assert director.buy() == []


@pytest.mark.parametrize(("goal", "scenes"), [("draft", []), ("stills", ALL)])
def test_what_is_short_of_the_video_goes_on_after_a_break_off(
    director: Director, goal: Goal, scenes: list[str]
) -> None:
    announced_usd = director.announced_usd(goal)
    director.is_breaking_off = True
    assert director.run(goal) == scenes
    assert director.record.ai_generation_status == "failed"
    director.is_breaking_off = False
    assert director.call("POST", "/resume", {}).status == 202
    director.make(goal)
    assert director.record.ai_generation_status == "awaiting_review"
    assert director.shown_usd() == director.sold_usd() == announced_usd
    assert director.buy(goal) == []
    assert director.buy() == ALL


@pytest.mark.parametrize("name", [name for name, path in PATHS.items() if not path.scenes])
def test_a_run_that_buys_nothing_and_broke_off_goes_on_with_the_same_plan_and_takes(
    director: Director, name: str
) -> None:
    for step in PATHS[name].steps:
        step(director)
    before = director.sold_usd(), directions(director)
    director.is_breaking_off = True
    assert director.run() == []
    assert (director.sold_usd(), directions(director)) == before
    go_on(director)
    assert (director.sold_usd(), directions(director)) == before
    assert director.shown_usd() == director.sold_usd()


def directions(director: Director) -> dict[str, Any]:
    """Return all that the owner has decided and has, besides links, which differ from one moment to the next."""
    plan_view = director.plan()
    takes = [{**take, "link": None} for scene in plan_view["scenes"] for take in scene["takes"]]
    scenes: list[dict[str, Any]] = [{**scene, "takes": []} for scene in plan_view["scenes"]]
    return {**plan_view, "next": [], "scenes": scenes, "takes": takes}


def test_an_order_that_became_too_short_is_a_persons_decision_and_counts_as_what_it_cost(director: Director) -> None:
    director.is_breaking_off = True
    director.run()
    director.is_breaking_off = False
    edit({"op": "merge", "scene": "s1"})(director)
    assert director.call("POST", "/runs", {}).body["error"] == "SceneMayBeBought"
    announced_usd = director.announced_usd("video")
    before = director.sold_usd()
    assert director.run(orderAgain=True) == ["s1"]
    assert round(director.sold_usd() - before, 6) == announced_usd
    director.require_honest_costs()


def test_an_order_that_became_too_long_serves_and_counts_as_what_it_cost(director: Director) -> None:
    edit({"op": "merge", "scene": "s1"})(director)
    director.is_breaking_off = True
    assert director.run() == ["s1"]
    director.is_breaking_off = False
    edit({"op": "split", "scene": "s1", "at": 4.0})(director)
    assert director.buy() == ["s2"]


def test_half_a_clip_that_was_charged_is_told_as_undecided_and_ordered_again_by_its_owner_alone(
    director: Director,
) -> None:
    edit({"op": "scene", "scene": "s1", "model": OMNI})(director)
    director.wire.veo.faults.add(Fault("incomplete"))
    assert director.run() == ALL
    assert director.data.failure
    assert director.data.failure.error == OperationLost.__name__
    assert director.sold_usd() > director.shown_usd()
    director.require_honest_costs()
    assert director.call("POST", "/runs", {}).body["error"] == "SceneMayBeBought"
    assert director.run(orderAgain=True) == ["s1"]
    assert director.record.ai_generation_status == "completed"
    director.require_honest_costs()


def test_a_plan_that_is_rejected_has_bought_nothing(director: Director) -> None:
    edit({"op": "scene", "scene": "s1", "prompt": "A boat"})(director)
    draft(director)
    assert (director.sold_usd(), director.shown_usd()) == (0, 0)


def test_a_retake_buys_one_clip_and_the_first_stays(director: Director) -> None:
    video(director)
    assert director.buy(path=RETAKE, prompt="A boat comes home") == ["s1"]
    assert sorted(take["isShown"] for take in director.plan()["scenes"][0]["takes"]) == [False, True]
    assert len(director.wire.veo.ledger.charged_clips()) == 3


def test_a_retake_that_is_withheld_costs_nothing_and_leaves_the_take(director: Director) -> None:
    video(director)
    before = director.sold_usd(), director.data.vertex_ai_tasks[0].take
    director.wire.veo.faults.add(Fault("filter", "outcome", times=4))
    assert director.run(path=RETAKE) == ["s1"]
    assert director.record.ai_generation_status == "failed"
    assert director.buy() == []
    assert (director.sold_usd(), director.data.vertex_ai_tasks[0].take) == before


def takes_shown(director: Director) -> list[str]:
    return [take["id"] for take in director.plan()["scenes"][0]["takes"] if take["isShown"]]


@pytest.mark.parametrize("kind", ["filter", "block"])
@pytest.mark.parametrize("continuity", ["none", "still"])
def test_a_still_that_is_withheld_leaves_the_still_and_the_clip_that_began_with_it(
    director: Director, kind: str, continuity: str
) -> None:
    stills(director)
    edit({"op": "continuity", "continuity": continuity})(director)
    video(director)
    before = takes_shown(director)
    sold_usd = director.sold_usd()
    director.wire.veo.faults.add(Fault(kind, "draw", times=8))
    director.run("stills", path=RETAKE, kind="still")
    assert director.record.ai_generation_status == "failed"
    assert takes_shown(director) == before
    assert [director.buy(goal) for goal in ("stills", "video")] == [[], []]
    assert director.sold_usd() == pytest.approx(sold_usd)


def test_a_retake_of_unknown_outcome_is_a_persons_decision(director: Director) -> None:
    video(director)
    director.wire.veo.faults.add(Fault("hang_up_after", "submit"))
    director.run(path=RETAKE)
    assert director.data.failure
    assert director.data.failure.error == "SubmitOutcomeUnknown"
    assert director.call("POST", "/runs", {}).body["error"] == "SceneMayBeBought"
    (price,) = {scene["usd"] for scene in director.plan()["scenes"]}
    before = director.sold_usd()
    assert director.run(orderAgain=True) == ["s1"]
    assert round(director.sold_usd() - before, 6) == price
    director.require_honest_costs()


def test_a_retake_over_the_budget_buys_nothing_until_it_is_raised(director: Director) -> None:
    director.buy(budget=1.0)
    before = director.sold_usd()
    answer = director.call("POST", RETAKE, {})
    assert (answer.status, answer.body["error"]) == (402, "BudgetExceeded")
    assert (director.record.ai_generation_status, director.sold_usd()) == ("completed", before)
    assert director.buy(path=RETAKE, budget=5.0) == ["s1"]


def test_a_retake_that_is_killed_before_any_step_buys_no_clip_twice(director: Director) -> None:
    video(director)
    ends = set[str]()
    nth = 0
    while nth < MOST_STEPS:
        nth += 1
        before = director.wire.clip_count()
        director.killer = Killer(nth)
        assert director.run(path=RETAKE) == ["s1"]
        assert director.wire.clip_count() <= before + 1
        if not director.killer.has_struck:
            break
        answer = director.call("POST", "/resume", {})
        ends.add(answer.body.get("error", "resumed"))
        if answer.status < 300:
            director.make("video")
            assert director.wire.clip_count() == before + 1
        else:
            # Nobody can know whether the clip was bought: a person decides, and pays for one at most besides.
            director.run(orderAgain=True)
            assert director.wire.clip_count() <= before + 2
        assert director.record.ai_generation_status == "completed"
    director.killer = Killer(0)
    assert (nth > LEAST_STEPS, ends) == (True, {"resumed", "SceneMayBeBought"})
    assert director.run() == []
    director.require_honest_costs()


@pytest.mark.parametrize("is_breaking_off", [False, True])
def test_a_second_generation_buys_its_own_and_leaves_the_first(director: Director, is_breaking_off: bool) -> None:
    video(director)
    first_usd = director.sold_usd()
    files = files_of_the_first()
    plan_second_generation(director)
    (first,) = (director.record.versions or {}).values()
    director.is_breaking_off = is_breaking_off
    assert director.run() == ALL
    if is_breaking_off:
        assert director.record.versions == {GENERATION: first}
        go_on(director)
    assert director.record.ai_generation_status == "completed"
    assert director.shown_usd() == round(director.sold_usd() - first_usd, 6) == first_usd
    generations = {version["generation_id"] for version in director.call("GET", "/versions").body["versions"]}
    assert generations == {GENERATION, director.data.generation_id}
    assert (director.record.versions or {})[GENERATION] == first
    assert files_of_the_first() == files


def plan_second_generation(director: Director) -> None:
    """Start another generation of the recording, whose plan then lies there."""
    bucket = Bucket(BUCKET)
    bucket.write_text(director.record.bucket_location.removeprefix(f"s3://{BUCKET}/"), "talk")
    assert director.api("POST", "/ai-video", {"videoId": VIDEO, "goal": "plan"}).status == 202
    generation = director.data.generation_id
    other = two_scenes().model_copy(update={"generation_id": generation})
    bucket.write_text(media_keys.plan(VIDEO, generation, FIRST_PLAN), other.model_dump_json())
    material = bucket.read_text(media_keys.material(VIDEO, GENERATION))
    bucket.write_text(media_keys.material(VIDEO, generation), material)
    director.reach_the_plan()


def files_of_the_first() -> dict[str, bytes]:
    """Return the first generation's objects, by key."""
    bucket = Bucket(BUCKET)
    prefixes = media_keys.of_generation(VIDEO, GENERATION)
    keys = [key for prefix in prefixes for key in bucket.sizes(prefix)]
    assert keys
    return {key: bucket.read_bytes(key) for key in keys}
