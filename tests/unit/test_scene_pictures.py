"""Own pictures in a plan: what they cost, what is ordered beside them, and that each can be put back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from functions.check_image.check import PictureCheck
from functions.draw_scene import handler as draw_scene
from functions.generate_scene import handler as generate_scene
from functions.generate_scene.own_pictures import LONGEST_SIDE
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.build import orders
from shared.contracts import DrawSceneIn, GenerateSceneIn
from shared.film.plan import Plan, frame_size
from shared.video.costs import planned_cost
from shared.video.record import VideoRecord, from_item
from tests.fakes import NO_QUOTA, NoLimits
from tests.unit.api_calls import Answer, Api, make_api
from tests.unit.cloud_fixtures import BUCKET, GENERATION, TABLE, VIDEO
from tests.unit.model_fakes import FakeModel
from tests.unit.own_files import PICTURES
from tests.unit.picture_files import clip, encode, halves
from tests.unit.test_api_plan import PLAN, RUNS, TAKES, USD, next_step, patch, record_for_review, record_of_video, store
from tests.unit.test_generate_scene import FakePlanner
from tests.unit.test_own_pictures import is_near

OMNI = "gemini-omni-1.2-flash"


@pytest.fixture(name="call")
def api_on_moto(cloud: None) -> Api:
    return make_api()


@pytest.fixture
def image(call: Api) -> str:
    return check_in(call, encode(halves((900, 1600)), "JPEG", quality=95))


def check_in(call: Api, content: bytes, **more: object) -> str:
    """Return the id of a picture that was uploaded and checked."""
    image_id = PICTURES.upload(call, content, **more)
    call("GET", f"/images/{image_id}")
    assert PictureCheck(Bucket(BUCKET), "user1", image_id).run() == "ready"
    return image_id


def own_clip(call: Api, folder: Any, seconds: float = 2) -> str:
    return check_in(call, clip(folder, seconds), contentType="video/mp4", filename="own.mp4")


def picture(image_id: str, use: str | None = None, scene: str = "s1") -> dict[str, Any]:
    return {"op": "picture", "scene": scene, "imageId": image_id, **({"use": use} if use else {})}


def ok(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    return answer.body["plan"]


def scene_of(view: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return view["scenes"][number - 1]


def record_of_call(call: Api) -> VideoRecord:
    record = call.services.table.get(VIDEO)
    assert record
    return record


def current_plan(call: Api) -> Plan:
    data = record_of_call(call).ai_generation_data
    assert data
    return Plan.model_validate_json(Bucket(BUCKET).read_text(media_keys.plan(VIDEO, GENERATION, data.plan_name)))


# Whether a run to each goal buys anything for the scene that has the picture.
@pytest.mark.parametrize(
    ("use", "usd"),
    [
        (None, {"draft": 0, "stills": 0, "video": 0}),
        ("still", {"draft": 0, "stills": 0, "video": 0}),
        ("first_frame", {"draft": 0, "stills": 0, "video": USD}),
        # With references the model makes clips of 8 s only.
        ("reference", {"draft": 0, "stills": 0.0672, "video": 0.8}),
    ],
)
def test_a_use_has_its_price_before_anything_is_ordered(
    call: Api, image: str, use: str | None, usd: dict[str, float]
) -> None:
    store(record_for_review())
    before = {step["goal"]: step["usd"] for step in call("GET", PLAN).body["plan"]["next"]}
    view = ok(patch(call, picture(image, use)))
    first, second = view["scenes"]
    assert first["picture"] == {"imageId": image, "use": use or "still"}
    assert "picture" not in second
    assert {row["use"]: row["usd"] for row in first["pictureUses"]} == {
        "still": 0,
        "clip": 0,
        "first_frame": USD,
        "reference": 0.8,
    }
    others = {"draft": 0, "stills": before["stills"] / 2, "video": before["video"] / 2}
    for goal, price in usd.items():
        step = next_step(call, goal)
        assert step["usd"] == pytest.approx(others[goal] + price)
        # One decision for the price and for what is ordered.
        started = call("POST", RUNS, {"goal": goal}).body if goal == "video" else step
        assert (started["usd"], started["buys"]) == (step["usd"], step["buys"])
    assert planned_cost(current_plan(call)) == pytest.approx(usd["video"] + USD)


def test_an_own_picture_stands_among_the_takes_and_every_take_can_be_put_back(call: Api, image: str) -> None:
    store(record_of_video())
    view = ok(patch(call, picture(image)))
    own = next(take for take in scene_of(view)["takes"] if take.get("imageId"))
    assert (own["imageId"], own["kind"], own["model"], own["usd"], own["isShown"]) == (image, "still", "", 0, True)
    assert next_step(call, "video")["buys"] == []
    # Deleted from the list, it stays with the video.
    assert call("DELETE", f"/images/{image}").status == 200
    file = Bucket(BUCKET).read_bytes(media_keys.take(VIDEO, GENERATION, own["id"], "still"))
    assert file.startswith(b"\xff\xd8")
    for take, is_own in (("take1", False), (own["id"], True), ("", False), (own["id"], True)):
        scene = scene_of(ok(patch(call, {"op": "take", "scene": "s1", "take": take})))
        assert next_step(call, "video")["buys"] == []
        assert [each["id"] for each in scene["takes"] if each["isShown"]] == [own["id"] if is_own else "take1"]
        assert ("picture" in scene) == is_own
    assert call("POST", RUNS, {"goal": "video"}).body["usd"] == 0
    tasks = record_of_call(call).ai_generation_data.vertex_ai_tasks  # pyright: ignore[reportOptionalMemberAccess]
    assert [(task.state, task.take) for task in tasks] == [("clip_ready", own["id"]), ("clip_ready", "take2")]


def test_a_retake_replaces_an_own_picture_and_is_bought(call: Api, image: str) -> None:
    store(record_for_review())
    patch(call, picture(image), picture(image, scene="s2"))
    assert next_step(call, "video")["usd"] == 0
    started = call("POST", TAKES, {"prompt": "a harbour"})
    assert (started.status, [purchase["scene"] for purchase in started.body["buys"]]) == (202, ["s1"])
    assert [take.image_id for take in record_of_call(call).ai_generation_data.takes.values()] == [image, image]  # pyright: ignore[reportOptionalMemberAccess]


def test_pictures_fill_all_scenes_in_turn_and_come_again(call: Api, image: str) -> None:
    store(record_for_review())
    view = ok(patch(call, {"op": "pictures", "pictures": [{"imageId": image}]}))
    assert [scene["picture"]["imageId"] for scene in view["scenes"]] == [image, image]
    assert next_step(call, "video")["usd"] == 0
    other = check_in(call, encode(halves((600, 400)), "PNG"))
    wishes = [{"imageId": other, "scene": 2, "use": "first_frame"}, {"imageId": image}]
    view = ok(patch(call, {"op": "pictures", "pictures": wishes}))
    assert [scene["picture"] for scene in view["scenes"]] == [
        {"imageId": image, "use": "still"},
        {"imageId": other, "use": "first_frame"},
    ]
    assert [purchase["scene"] for purchase in next_step(call, "video")["buys"]] == ["s2"]
    assert "picture" not in scene_of(ok(patch(call, picture("", scene="s2"))), 2)


def test_a_part_of_a_scene_has_the_picture_as_a_take_of_its_own(call: Api, image: str) -> None:
    store(record_for_review())
    view = ok(patch(call, picture(image), {"op": "split", "scene": "s1", "at": 2}))
    for scene in view["scenes"][:2]:
        own_takes = [take for take in scene["takes"] if take["isShown"]]
        assert [take["imageId"] for take in own_takes] == [image]
    assert len({take["id"] for scene in view["scenes"][:2] for take in scene["takes"]}) == 2


def test_an_own_clip_is_cut_to_its_scene_and_nothing_else(call: Api, tmp_path: Any) -> None:
    store(record_for_review())
    image_id = own_clip(call, tmp_path)
    view = ok(patch(call, picture(image_id)))
    assert scene_of(view)["picture"]["use"] == "clip"
    take = scene_of(view)["takes"][0]
    assert (take["kind"], take["seconds"], take["usd"]) == ("clip", 2, 0)
    files = {file["path"] for file in call("GET", f"/ai-video/{VIDEO}/export").body["export"]["files"]}
    assert "clips/01-s1.mp4" in files
    for use in ("still", "first_frame", "reference"):
        refusal = patch(call, picture(image_id, use))
        assert (refusal.status, refusal.body["error"]) == (400, "InvalidEdit")
        assert "own.mp4 can be used as clip" in refusal.body["message"]


def test_an_export_has_an_own_picture_once(call: Api, image: str) -> None:
    store(record_for_review())
    patch(call, picture(image))
    files = [file["path"] for file in call("GET", f"/ai-video/{VIDEO}/export").body["export"]["files"]]
    assert [path for path in files if "01-s1" in path] == ["stills/01-s1.jpg"]


@pytest.mark.parametrize("wrong", ["missing", "of another", "waiting", "refused", "no clip"])
def test_what_cannot_be_used_is_refused_and_leaves_nothing(call: Api, image: str, wrong: str) -> None:
    store(record_for_review())
    if wrong == "of another":
        image_id = call("POST", "/images", {"filename": "a", "contentType": "image/png", "fileSize": 3}, user="other")
        name = image_id.body["image"]["imageId"]
    elif wrong == "waiting":
        name = PICTURES.upload(call, b"abc")
    elif wrong == "refused":
        name = PICTURES.upload(call, b"no picture")
        call("GET", f"/images/{name}")
        assert PictureCheck(Bucket(BUCKET), "user1", name).run() == "refused"
    else:
        name = image if wrong == "no clip" else "0" * 20
    before = record_of_call(call)
    answer = patch(call, picture(name, "clip" if wrong == "no clip" else None))
    assert (answer.status, answer.body["error"]) == (400, "InvalidEdit")
    assert answer.body["message"].count(".") >= 1
    assert record_of_call(call) == before
    assert not Bucket(BUCKET).sizes(media_keys.takes(VIDEO, GENERATION))


def test_a_model_that_takes_no_such_picture_is_refused_whichever_comes_first(call: Api, image: str) -> None:
    store(record_for_review())
    lite = {"op": "model", "model": "veo-3.1-lite-generate-001"}
    for edits in ([lite, picture(image, "reference")], [picture(image, "reference"), lite]):
        answer = patch(call, *edits)
        assert (answer.status, answer.body["error"]) == (400, "InvalidEdit")
        assert "takes no reference pictures" in answer.body["message"]
        (detail,) = answer.body["details"]
        assert (detail["field"], detail["edit"]) == (("use", 1) if edits[0] is lite else ("model", 1))
    assert scene_of(ok(patch(call, lite, picture(image, "first_frame"))))["usd"] == 0.2
    uses = scene_of(call("GET", PLAN).body["plan"])["pictureUses"]
    assert {row["use"]: row.get("refusal") for row in uses} == {
        "still": None,
        "clip": None,
        "first_frame": None,
        "reference": "veo-3.1-lite-generate-001 takes no reference pictures.",
    }
    assert scene_of(ok(patch(call, {"op": "model", "model": OMNI}, picture(image, "reference"))))["clipSeconds"] == 4


def order(call: Api, use: str, image_id: str) -> FakeModel:
    """Have the scene's clip ordered with the picture, and return what the model was asked."""
    store(record_for_review())
    patch(call, {"op": "continuity", "continuity": "still"}, picture(image_id, use))
    assert call("POST", RUNS, {"goal": "video"}).status == 202
    data = record_of_call(call).ai_generation_data
    assert data
    key = media_keys.plan(VIDEO, GENERATION, data.plan_name)
    request = GenerateSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="u", plan_key=key, sequence=1, attempt=1
    )
    model = FakeModel(["operations/1"])
    deps = generate_scene.Deps(Bucket(BUCKET), TABLE, lambda _: model, FakePlanner(), 900, NoLimits(), NO_QUOTA)
    generate_scene.run(request, deps)
    return model


@pytest.mark.parametrize(("use", "seconds"), [("first_frame", 4), ("reference", 8)])
def test_what_goes_to_the_model_is_the_picture_itself(call: Api, image: str, use: str, seconds: int) -> None:
    brief = order(call, use, image).orders[0]
    assert brief.seconds == seconds
    if use == "first_frame":
        assert brief.first_frame
        assert not brief.references
        picture_sent = brief.first_frame
        size = frame_size("9:16", "720p")
    else:
        assert brief.first_frame is None
        picture_sent = brief.references[0]
        size = (LONGEST_SIDE * 9 // 16, LONGEST_SIDE)
    with Image.open(io.BytesIO(picture_sent.data)) as image_file:
        assert image_file.size == size
        plain = image_file.convert("RGB")
    assert is_near(plain, (size[0] // 2, 20), (255, 0, 0))
    assert is_near(plain, (size[0] // 2, size[1] - 20), (0, 0, 255))


def test_an_order_is_known_by_the_content_of_its_picture(call: Api, image: str) -> None:
    store(record_for_review())
    other = check_in(call, encode(halves((800, 800)), "PNG"))
    digests = set[str]()
    for name, use in ((image, "first_frame"), (other, "first_frame"), (image, "reference"), (other, "reference")):
        patch(call, picture(name, use))
        plan = current_plan(call)
        digests.add(orders.orders_wanted(plan, plan.scenes[0], "clip", orders.Stock({}))[0])
    again = check_in(call, encode(halves((800, 800)), "PNG"))
    patch(call, picture(again, "reference"))
    plan = current_plan(call)
    digests.add(orders.orders_wanted(plan, plan.scenes[0], "clip", orders.Stock({}))[0])
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("goal", "use", "is_own"),
    [("draft", "first_frame", True), ("stills", "first_frame", True), ("draft", "reference", False)],
)
def test_what_is_drawn_shows_the_picture_in_place_of_a_drawing(
    call: Api, image: str, goal: Any, use: str, is_own: bool
) -> None:
    store(record_for_review())
    patch(call, picture(image, use))
    call("POST", RUNS, {"goal": goal})
    data = record_of_call(call).ai_generation_data
    assert data
    request = DrawSceneIn(
        video_id=VIDEO,
        generation_id=GENERATION,
        user_id="u",
        plan_key=media_keys.plan(VIDEO, GENERATION, data.plan_name),
        sequence=1,
        goal=goal,
    )

    def no_model() -> Any:
        raise AssertionError("no model is asked")

    reply = draw_scene.run(request, draw_scene.Deps(Bucket(BUCKET), TABLE, no_model, NoLimits()))
    assert (reply.cost_usd, media_keys.is_take(reply.clip_key)) == (0, is_own)


def test_a_clip_of_an_unknown_fate_stays_counted_when_a_picture_takes_its_place(call: Api, image: str) -> None:
    base = record_for_review()
    assert base.ai_generation_data
    first, second = base.ai_generation_data.vertex_ai_tasks
    doubtful = first.model_copy(update={"state": "submitting", "attempt": 1, "price_usd": USD})
    data = base.ai_generation_data.model_copy(update={"vertex_ai_tasks": [doubtful, second]})
    store(base.model_copy(update={"ai_generation_data": data, "ai_generation_status": "failed"}))
    patch(call, picture(image), picture(image, scene="s2"))
    assert call("POST", RUNS, {"goal": "video"}).body["usd"] == 0
    assert call.data(VIDEO)["vertex_ai_tasks"][0]["doubtful_usd"] == USD


def test_a_generation_begins_with_pictures_in_one_execution(call: Api, image: str) -> None:
    video_id = call.upload()
    body = {"videoId": video_id, "pictures": [{"imageId": image}, {"imageId": image, "use": "reference", "scene": 2}]}
    refusal = call("POST", "/ai-video", body | {"model": "veo-3.1-lite-generate-001"})
    assert (refusal.status, refusal.body["error"]) == (400, "InvalidEdit")
    assert not call.machine.started
    assert call("POST", "/ai-video", body).status == 202
    started = call.machine.started[0][0]
    text = Bucket(BUCKET).read_text(media_keys.pictures(video_id, started.generation_id))
    assert image in text
    assert len(Bucket(BUCKET).sizes(media_keys.takes(video_id, started.generation_id))) == 1


def test_the_item_has_what_is_shown(call: Api, image: str) -> None:
    """The record has an own take from the edit on that takes it into the plan."""
    store(record_for_review())
    patch(call, picture(image))
    item: dict[str, Any] = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {})
    data = from_item(item).ai_generation_data
    assert data
    assert [(take.scene, take.image_id, take.model, take.usd) for take in data.takes.values()] == [("s1", image, "", 0)]
