"""The plan, its edits and its runs through the API: what a run announces is what it orders, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build import orders
from shared.build.scene_edits import recompose_all
from shared.captions import burnt_captions
from shared.film.material import CutPlace, Material
from shared.film.plan import Plan, Word
from shared.video.public_record import Reason
from shared.video.record import Preview, VertexAiTask, VideoRecord
from shared.video.take import MOST_TAKES, Take
from tests.unit.api_calls import Answer, Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, MODEL, PLAN_KEY, STILL_USD, VIDEO, plan, record
from tests.unit.cloud_fixtures import store as store_all

PLAN = f"/ai-video/{VIDEO}/plan"
RUNS = f"/ai-video/{VIDEO}/runs"
TAKES = f"/ai-video/{VIDEO}/scenes/s1/takes"
USD = 0.4
# From wherever a generation has ended it goes on.
ENDS = ("completed", "awaiting_review", "failed", "cancelled")


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


def composed_plan(scenes: int = 2) -> Plan:
    """A plan whose prompts are put together as the plan stage does it."""
    return recompose_all(plan(scenes))


def store(video: VideoRecord) -> None:
    store_all(video)
    Bucket(BUCKET).write_text(PLAN_KEY, composed_plan().model_dump_json())


def record_for_review(**changes: Any) -> VideoRecord:
    """A record whose run has ended with a draft, and has bought nothing."""
    base = record()
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(update=changes)
    return base.model_copy(update={"ai_generation_status": "awaiting_review", "ai_generation_data": data})


def record_of_video() -> VideoRecord:
    """A record of a video of two scenes, whose clips were bought."""
    film_plan = composed_plan()
    takes = {f"take{scene.sequence}": take_of(film_plan, scene.sequence) for scene in film_plan.scenes}
    tasks = [
        VertexAiTask(
            sequence=scene.sequence,
            scene=scene.id,
            state="completed",
            attempt=1,
            take=f"take{scene.sequence}",
            order=orders.order_digest(film_plan, scene, "clip"),
            video_url=f"s3://{BUCKET}/{media_keys.take(VIDEO, GENERATION, f'take{scene.sequence}', 'clip')}",
            cost_usd=USD,
        )
        for scene in film_plan.scenes
    ]
    base = record_for_review(takes=takes, vertex_ai_tasks=tasks)
    return base.model_copy(update={"ai_generation_status": "completed"})


def take_of(film_plan: Plan, sequence: int) -> Take:
    scene = film_plan.scene(sequence)
    digest = orders.order_digest(film_plan, scene, "clip")
    return Take(
        scene=scene.id, model=MODEL, seconds=4, usd=USD, created_at=f"2026-01-0{sequence}T00:00:00Z", order=digest
    )


def patch(call: Api, *edits: dict[str, Any], tag: str = "*") -> Answer:
    return call("PATCH", PLAN, {"edits": list(edits)}, If_Match=tag)


def next_step(call: Api, goal: str) -> dict[str, Any]:
    return next(step for step in call("GET", PLAN).body["plan"]["next"] if step["goal"] == goal)


def to_order(call: Api) -> list[int]:
    return [task["sequence"] for task in call.data(VIDEO)["vertex_ai_tasks"] if task["state"] == "pending"]


def test_the_plan_shows_scenes_places_and_what_each_goal_would_buy(call: Api) -> None:
    store(record_for_review())
    answer = call("GET", PLAN)
    view = answer.body["plan"]
    assert (answer.status, view["revision"], view["seconds"], view["excerpt"]) == (200, 1, 8, {"start": 0, "end": 8})
    assert [(scene["id"], scene["prompt"], scene["usd"]) for scene in view["scenes"]] == [
        ("s1", "prompt 1", USD),
        ("s2", "prompt 2", USD),
    ]
    assert [cut["time"] for cut in view["cuts"][:3]] == [0, 0.5, 1]
    prices = {step["goal"]: (len(step["buys"]), step["usd"]) for step in view["next"]}
    assert prices == {"draft": (0, 0), "stills": (2, 2 * STILL_USD), "video": (2, 2 * USD)}
    assert call("GET", PLAN, If_None_Match=answer.headers["ETag"]).status == 304


def test_the_excerpt_can_be_moved_anywhere_in_an_hour(call: Api) -> None:
    store(record_for_review())
    words = tuple(Word(text=f"w{second}", start=second, end=second + 0.4) for second in range(3600))
    cuts = tuple(CutPlace(time=second, clean=True, ends_sentence=second % 10 == 0) for second in range(3601))
    key = media_keys.material(VIDEO, GENERATION)
    Bucket(BUCKET).write_text(key, Material(words=words, cuts=cuts).model_dump_json())

    def places(around: str) -> tuple[float, float, str]:
        answer = call("GET", PLAN, query={"around": around})
        cuts_shown = answer.body["plan"]["cuts"]
        return cuts_shown[0]["time"], cuts_shown[-1]["time"], answer.headers["ETag"]

    # A minute before the excerpt, which lasts 8 s, and a minute after it.
    assert places("1800")[:2] == (1740, 1868)
    assert places("0")[:2] == (0, 68)
    assert places("3599")[:2] == (3539, 3600)
    assert call("GET", PLAN, query={"around": "14401"}).status == 400
    # Other places are another answer, and the tag is still that of the revision.
    near = call("GET", PLAN).headers["ETag"]
    far = places("1800")[2]
    assert call("GET", PLAN, query={"around": "1800"}, If_None_Match=near).status == 200
    assert call("GET", PLAN, query={"around": "1800"}, If_None_Match=far).status == 304
    answer = patch(call, {"op": "excerpt", "start": 1810, "end": 1818}, tag=far)
    assert (answer.status, answer.body["plan"]["excerpt"]) == (200, {"start": 1810, "end": 1818})
    assert answer.body["plan"]["scenes"][0]["text"].startswith("w1810 ")


# Drawing and rendering take 10 s, joining 20 s, and clips 100 s: all at once, but of a chain one after another.
@pytest.mark.parametrize(
    ("continuity", "is_bought", "clips", "seconds"),
    [
        ("none", False, ["s1", "s2"], {"draft": 30, "stills": 30, "video": 100 + 20}),
        ("still", False, ["s1", "s2"], {"draft": 30, "stills": 30, "video": 100 + 20}),
        ("chain", False, ["s1", "s2"], {"draft": 30, "stills": 30, "video": 200 + 20}),
        ("none", True, [], {"draft": 30, "stills": 30, "video": 10 + 20}),
        # The first clip of a chain begins with nothing, as it did.
        ("chain", True, ["s2"], {"draft": 30, "stills": 30, "video": 100 + 20}),
    ],
)
def test_each_goal_tells_how_long_it_takes(
    call: Api, continuity: str, is_bought: bool, clips: list[str], seconds: dict[str, int]
) -> None:
    store(record_of_video() if is_bought else record_for_review())
    answer = patch(call, {"op": "continuity", "continuity": continuity}, {"op": "captions", "captions": "lines"})
    assert {step["goal"]: step["seconds"] for step in answer.body["plan"]["next"]} == seconds
    assert [purchase["scene"] for purchase in next_step(call, "video")["buys"]] == clips


PREVIEW = Preview(goal="stills", revision=1)


@pytest.mark.parametrize(
    ("status", "changes", "goals"),
    [
        ("completed", {"final_revision": 1, "preview": PREVIEW}, ["video"]),
        ("completed", {"final_revision": 0}, []),
        ("failed", {"final_revision": 1, "preview": PREVIEW}, []),
        ("awaiting_review", {"final_revision": 1, "preview": PREVIEW}, ["stills"]),
        ("awaiting_review", {"final_revision": 1}, []),
    ],
)
def test_what_is_made_of_this_very_revision_is_nothing_to_make_until_an_edit(
    call: Api, status: str, changes: dict[str, Any], goals: list[str]
) -> None:
    base = record_of_video()
    assert base.ai_generation_data
    data = base.ai_generation_data.model_copy(update=changes)
    store(base.model_copy(update={"ai_generation_status": status, "ai_generation_data": data}))
    steps = call("GET", PLAN).body["plan"]["next"]
    assert [(step["goal"], step["buys"], step["usd"], step["seconds"]) for step in steps if step["isMade"]] == [
        (goal, [], 0, 0) for goal in goals
    ]
    new_steps = patch(call, {"op": "captions", "captions": "lines"}).body["plan"]["next"]
    assert not any(step["isMade"] for step in new_steps)


def test_the_plan_shows_the_renderers_captions_and_what_each_model_would_cost(call: Api) -> None:
    store(record_for_review())
    words = tuple(Word(text=f"word{n}", start=n, end=n + 0.6) for n in range(8))
    spoken_plan = recompose_all(composed_plan().model_copy(update={"words": words}))
    Bucket(BUCKET).write_text(PLAN_KEY, spoken_plan.model_dump_json())
    view = call("GET", PLAN).body["plan"]
    of_scenes = [burnt_captions.document(spoken_plan, scene["start"], scene["end"])[0] for scene in view["scenes"]]
    head, _, events = view["captionDocument"].partition("Dialogue:")
    assert all(document.startswith(head) for document in of_scenes)
    assert events.count("Dialogue:") + 1 == sum(document.count("Dialogue:") for document in of_scenes)
    scene = view["scenes"][0]
    assert (scene["longestSeconds"], scene["stillUsd"]) == (8, STILL_USD)
    assert scene["models"] == sorted(scene["models"], key=lambda row: row["usd"])
    assert {"model": scene["model"], "seconds": scene["clipSeconds"], "usd": scene["usd"]} in scene["models"]
    assert patch(call, {"op": "captions", "captions": "none"}).body["plan"]["captionDocument"] == ""


def test_captions_are_varied_field_by_field_and_the_document_follows(call: Api) -> None:
    store(record_for_review())
    words = (Word(text="Holy", start=0, end=1), Word(text="shit!", start=1, end=2))
    Bucket(BUCKET).write_text(PLAN_KEY, composed_plan().model_copy(update={"words": words}).model_dump_json())
    patch(call, {"op": "captions", "captions": "karaoke", "position": "top", "highlight": "#00ff80"})
    edit = {"op": "captions", "profanity": "masked", "platform": "shorts", "label": "AI-generated"}
    plan = patch(call, edit).body["plan"]
    style = {
        "font": "look",
        "position": "top",
        "platform": "shorts",
        "size": "medium",
        "color": "",
        "highlight": "#00ff80",
    }
    assert (plan["captions"], plan["captionStyle"]) == (
        "karaoke",
        {**style, "profanity": "masked", "label": "AI-generated", "hook": False},
    )
    assert ",Label,," in plan["captionDocument"]
    assert "s***!" in plan["captionDocument"]
    assert "&H0080FF00" in plan["captionDocument"]
    assert [word["text"] for word in plan["words"]] == ["Holy", "shit!"]
    assert patch(call, {"op": "captions", "highlight": ""}).body["plan"]["captionStyle"]["highlight"] == ""


@pytest.mark.parametrize("base", [record().model_copy(update={"ai_generation_data": None}), None])
def test_without_a_plan_there_is_none_to_show(call: Api, base: VideoRecord | None) -> None:
    if base is None:
        base = record()
        assert base.ai_generation_data
        data = base.ai_generation_data.model_copy(update={"plan_name": "0009-abcdefabcdef"})
        base = base.model_copy(update={"ai_generation_data": data})
    store(base)
    assert call("GET", PLAN).body["error"] == "PlanMissing"


def test_an_edit_is_a_revision_that_is_priced_and_buys_nothing(call: Api) -> None:
    store(record_for_review())
    tag = call("GET", PLAN).headers["ETag"]
    answer = patch(call, {"op": "merge", "scene": "s1"}, {"op": "captions", "captions": "lines"}, tag=tag)
    assert (answer.status, answer.body["plan"]["revision"], answer.body["plan"]["captions"]) == (200, 2, "lines")
    assert next_step(call, "video")["buys"] == [
        {"scene": "s1", "kind": "clip", "model": MODEL, "seconds": 8, "usd": 2 * USD}
    ]
    assert answer.headers["ETag"] != tag
    assert call.machine.started == []
    assert call.data(VIDEO)["revision"] == 2


def test_a_stale_edit_is_refused_with_what_has_changed(call: Api) -> None:
    store(record_for_review())
    tag = call("GET", PLAN).headers["ETag"]
    assert patch(call, {"op": "scene", "scene": "s2", "prompt": "A harbour"}, tag=tag).status == 200
    answer = patch(call, {"op": "style", "style": "animated"}, tag=tag)
    assert (answer.status, answer.body["error"]) == (412, "PlanChanged")
    assert "scenes.s2" in answer.body["message"]
    assert call("PATCH", PLAN, {"edits": [{"op": "style", "style": "animated"}]}).status == 428
    assert call("GET", PLAN).body["plan"]["style"] == "cinematic"


@pytest.mark.parametrize(
    ("edit", "status", "error"),
    [
        ({"op": "split", "scene": "s1", "at": 3.3}, 400, "InvalidEdit"),
        ({"op": "split", "scene": "s1"}, 400, "InvalidRequest"),
        ({"op": "paint", "scene": "s1"}, 400, "InvalidRequest"),
        ({"op": "model", "model": "veo-2"}, 400, "ModelRetired"),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(call: Api, edit: dict[str, Any], status: int, error: str) -> None:
    store(record_for_review())
    answer = patch(call, {"op": "captions", "captions": "none"}, edit)
    assert (answer.status, answer.body["error"]) == (status, error)
    assert call("GET", PLAN).body["plan"]["captions"] == "words"


def test_a_refused_edit_says_which_it_is_and_what_its_field_may_say(call: Api) -> None:
    store(record_for_review())
    answer = patch(call, {"op": "captions", "captions": "none"}, {"op": "split", "scene": "s1", "at": 3.3})
    (detail,) = answer.body["details"]
    assert (detail["edit"], detail["field"], detail["limit"]) == (1, "at", {"choices": [3.0, 3.5, 4.0]})
    assert answer.body["message"] == f"at: {detail['message']}"


def test_a_plan_gets_no_music_that_its_owner_has_not(call: Api) -> None:
    store(record_for_review())
    answer = patch(call, {"op": "music", "music": "0" * 20})
    assert (answer.status, answer.body["error"]) == (404, "MusicNotFound")
    assert patch(call, {"op": "music", "music": ""}).status == 200


def test_a_plan_is_not_edited_while_a_run_makes_it(call: Api) -> None:
    store(record())
    assert patch(call, {"op": "captions", "captions": "none"}).body["error"] == "AlreadyProcessing"


@pytest.mark.parametrize("goal", ["draft", "stills", "video"])
def test_a_run_orders_what_was_announced(call: Api, goal: str) -> None:
    store(record_for_review())
    step = next_step(call, goal)
    answer = call("POST", RUNS, {"goal": goal})
    assert answer.status == 202
    assert {name: answer.body[name] for name in ("goal", "buys", "usd")} == {
        name: step[name] for name in ("goal", "buys", "usd")
    }
    ((request, run),) = call.machine.started
    assert (request.goal, request.plan_name, run) == (goal, "0001", 2)
    assert (call.data(VIDEO)["goal"], call.data(VIDEO)["run"]) == (goal, 2)
    if goal != "draft":
        assert len(to_order(call)) == len(step["buys"]) == 2


def test_a_finished_video_with_a_corrected_word_or_other_captions_costs_nothing(call: Api) -> None:
    store(record_of_video())
    patch(call, {"op": "captions", "captions": "lines"})
    answer = call("POST", RUNS, {})
    assert (answer.status, answer.body["buys"], answer.body["usd"], to_order(call)) == (202, [], 0, [])
    ((request, _),) = call.machine.started
    assert (request.options.captions, request.plan_name[:5]) == ("lines", "0002-")
    assert [task["state"] for task in call.data(VIDEO)["vertex_ai_tasks"]] == ["clip_ready"] * 2


@pytest.mark.parametrize("status", ENDS)
def test_a_retake_orders_one_clip_and_keeps_the_earlier(call: Api, status: str) -> None:
    store(record_of_video().model_copy(update={"ai_generation_status": status}))
    answer = call("POST", TAKES, {"prompt": "A quiet harbour"})
    assert (answer.status, answer.body["usd"], [buy["scene"] for buy in answer.body["buys"]]) == (202, USD, ["s1"])
    first, second = call.data(VIDEO)["vertex_ai_tasks"]
    assert (first["state"], first["reorder_count"], first["cost_usd"]) == ("pending", 1, USD)
    assert (second["state"], second["take"]) == ("clip_ready", "take2")
    ((request, _),) = call.machine.started
    text = Bucket(BUCKET).read_text(media_keys.plan(VIDEO, GENERATION, request.plan_name))
    scene = Plan.model_validate_json(text).scene(1)
    assert (scene.prompt, scene.retake, scene.earlier_take) == ("A quiet harbour", 1, "take1")
    # What was paid for stays in the account of the generation.
    assert call.data(VIDEO)["cost_breakdown"]["video_generation"] == 2 * USD


@pytest.mark.parametrize("status", ENDS)
def test_an_earlier_take_is_put_back_for_nothing(call: Api, status: str) -> None:
    store(record_of_video().model_copy(update={"ai_generation_status": status}))
    patch(call, {"op": "retake", "scene": "s1"})
    assert next_step(call, "video")["usd"] == USD
    answer = call("PUT", f"/ai-video/{VIDEO}/scenes/s1/take", {"take": "take1"})
    assert (answer.status, answer.body["plan"]["scenes"][0]["take"]) == (200, "take1")
    assert next_step(call, "video")["usd"] == 0
    assert call("POST", RUNS, {}).body["buys"] == []


def test_a_retake_that_was_withheld_leaves_the_earlier_take(call: Api) -> None:
    store(record_of_video())
    call("POST", TAKES, {})
    in_table = call.services.table.get(VIDEO)
    assert in_table
    data = in_table.ai_generation_data
    assert data
    text = Bucket(BUCKET).read_text(media_keys.plan(VIDEO, GENERATION, data.plan_name))
    later = Plan.model_validate_json(text)
    reason = Reason(code="SceneFiltered", message="no")
    digest = orders.order_digest(later, later.scene(1), "clip")
    tasks = [data.vertex_ai_tasks[0].model_copy(update={"state": "failed", "reason": reason, "order": digest})]
    data = data.model_copy(update={"vertex_ai_tasks": [*tasks, *data.vertex_ai_tasks[1:]]})
    store(in_table.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data}))
    Bucket(BUCKET).write_text(media_keys.plan(VIDEO, GENERATION, data.plan_name), text)
    view = call("GET", PLAN).body["plan"]["scenes"][0]["takes"]
    assert [(take["id"], take["isShown"]) for take in view] == [("take1", True)]
    assert call("POST", RUNS, {}).body["buys"] == []


def test_a_clip_that_may_have_been_bought_is_a_persons_decision_in_every_run(call: Api) -> None:
    base = record_of_video()
    assert base.ai_generation_data
    task = VertexAiTask(sequence=1, scene="s1", state="submitting", attempt=1, price_usd=USD, order="what it was")
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": [task], "takes": {}})
    store(base.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data}))
    assert call("POST", RUNS, {}).body["error"] == "SceneMayBeBought"
    assert call("POST", RUNS, {"goal": "draft"}).status == 202
    store(base.model_copy(update={"ai_generation_status": "failed", "ai_generation_data": data}))
    assert call("POST", RUNS, {"orderAgain": True}).status == 202
    assert call.data(VIDEO)["vertex_ai_tasks"][0]["doubtful_usd"] == USD


def test_a_scene_that_an_edit_removes_takes_none_of_its_costs_along(call: Api) -> None:
    store(record_of_video())
    patch(call, {"op": "merge", "scene": "s1"})
    assert call("POST", RUNS, {}).status == 202
    data = call.data(VIDEO)
    assert [task["scene"] for task in data["vertex_ai_tasks"]] == ["s1"]
    assert data["cost_breakdown"]["video_generation"] == 2 * USD


@pytest.mark.parametrize("path", [PLAN, RUNS, TAKES])
def test_nobody_else_sees_or_changes_a_plan(call: Api, path: str) -> None:
    store(record_of_video())
    method = "GET" if path == PLAN else "POST"
    assert call(method, path, None if method == "GET" else {}, user="other").body["error"] == "NotYourVideo"


def test_a_generation_starts_with_the_goal_that_it_was_asked_for(call: Api) -> None:
    base = record().model_copy(update={"ai_generation_status": None, "ai_generation_data": None})
    store(base)
    Bucket(BUCKET).write_text(base.bucket_location.removeprefix(f"s3://{BUCKET}/"), "talk")
    assert call("POST", "/ai-video", {"videoId": VIDEO, "goal": "draft"}).status == 202
    ((request, _),) = call.machine.started
    assert (request.goal, call.data(VIDEO)["goal"]) == ("draft", "draft")


def test_a_generation_without_a_plan_has_no_scene_to_make_anew(call: Api) -> None:
    base = record_for_review(plan_name="0009-abcdefabcdef")
    store(base)
    assert call("POST", TAKES, {}).body["error"] == "PlanMissing"
    assert call.machine.started == []


def test_a_generation_takes_no_more_takes_than_its_record_holds(call: Api) -> None:
    base = record_of_video()
    assert base.ai_generation_data
    takes = {f"t{n}": Take(scene="s9") for n in range(MOST_TAKES - 2)} | dict(base.ai_generation_data.takes)
    data = base.ai_generation_data.model_copy(update={"takes": takes})
    store(base.model_copy(update={"ai_generation_data": data}))
    assert call("POST", TAKES, {}).body["error"] == "TooManyTakes"
    assert call("POST", RUNS, {}).status == 202


def test_a_run_says_the_style_and_the_model_that_an_edit_has_chosen(call: Api) -> None:
    store(record_for_review())
    patch(call, {"op": "style", "style": "animated"}, {"op": "model", "model": "veo-3.1-generate-001"})
    assert call("POST", RUNS, {}).body["buys"][0]["model"] == "veo-3.1-generate-001"
    data = call.data(VIDEO)
    assert (data["style"], data["model"], data["options"]["style"]) == ("animated", "veo-3.1-generate-001", "animated")
