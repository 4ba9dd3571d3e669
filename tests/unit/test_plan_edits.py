"""Edits of a plan: whatever is done to it, it tiles its excerpt in whole frames, and says what is missing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from functions.api.build.next_run import EDITABLE
from functions.render_scene import core as render_scene
from functions.stitch import core as stitch
from shared.build import orders, revisions
from shared.build.edits import Edit
from shared.build.scene_edits import Bench, recompose_all
from shared.build.tiling import LONGEST_FILM, SHORTEST_SCENE
from shared.choices.captions import CaptionStyle
from shared.contracts import Options
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit, ModelRetired
from shared.film import narration
from shared.film.material import CutPlace, Material
from shared.film.picture_choices import KIND_OF, PictureUse, ScenePicture
from shared.film.plan import Look, Plan, PlannedScene, Word
from shared.models import video_models
from shared.video.record import VertexAiTask
from shared.video.take import TAKE_KINDS, Take, TakeKind
from tests.unit.cloud_fixtures import STILL_USD

EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
RATE = video_models.FRAME_RATE
HEARD = tuple(
    Word(text=f"word{n}", start=n * 0.5, end=n * 0.5 + 0.4, ends_sentence=n % 6 == 5, speaker=f"spk_{n // 30 % 2}")
    for n in range(160)
)
MATERIAL = Material(
    words=HEARD, cuts=tuple(CutPlace(time=n * 0.5, clean=n % 2 == 0, ends_sentence=n % 6 == 0) for n in range(161))
)
START = 10.0


def plan_of(*ends: float) -> Plan:
    """Return the plan of an excerpt that begins at START, with scenes that end at these seconds of the film."""
    scenes = tuple(
        PlannedScene(
            id=f"s{n}",
            sequence=n,
            start_frame=round(start * RATE),
            end_frame=round(end * RATE),
            start_time=start,
            end_time=end,
            duration=end - start,
            veo_seconds=8,
            audio_text="",
            scene_description=f"scene {n}",
            vertex_ai_prompt="",
            visual_style="cinematic",
            prompt=f"A boat, {n}.",
        )
        for n, (start, end) in enumerate(pairwise((0.0, *ends)), start=1)
    )
    words = (word for word in HEARD if START <= word.start < START + ends[-1])
    plan = Plan(
        video_id="v",
        generation_id="g",
        model=video_models.DEFAULT_MODEL,
        language_code="en-US",
        options=Options(),
        overall_theme="",
        look=Look(people="A sailor", place="", palette=""),
        negative_prompt="",
        excerpt_start=START,
        excerpt_end=START + ends[-1],
        frame_rate=RATE,
        frames=round(ends[-1] * RATE),
        scenes=scenes,
        words=tuple(
            word.model_copy(update={"start": round(word.start - START, 3), "end": round(word.end - START, 3)})
            for word in words
        ),
    )
    return recompose_all(plan)


PLAN = plan_of(4.0, 9.0, 15.0)
IMAGE = "0" * 20
OWN: dict[tuple[str, PictureUse | None], ScenePicture] = {
    (IMAGE, use): ScenePicture(image_id=IMAGE, use=use, digest="0" * 12) for use in KIND_OF
}


def edit(plan: Plan, *changes: dict[str, Any], takes: dict[str, Take] | None = None, current: str = "") -> Plan:
    bench = Bench(MATERIAL, takes or {}, {("s1", (takes or {})[current].kind): current} if current else {}, OWN)
    return revisions.revise(plan, [EDIT.validate_python(change) for change in changes], bench)


def clip(plan: Plan, scene_id: str, at: str = "2026-01-01T00:00:00Z") -> Take:
    """Return a clip as it is bought for the scene."""
    scene = next(scene for scene in plan.scenes if scene.id == scene_id)
    return Take(
        scene=scene_id,
        model=plan.model_of(scene),
        seconds=scene.veo_seconds,
        created_at=at,
        order=orders.order_digest(plan, scene, "clip"),
    )


def clips_of(plan: Plan) -> dict[str, Take]:
    return {f"take-{scene.id}": clip(plan, scene.id) for scene in plan.scenes}


def missing(plan: Plan, takes: dict[str, Take], withheld: frozenset[str] = frozenset()) -> list[str]:
    return [
        scene.id for scene in plan.scenes if not orders.take_to_show(plan, scene, "clip", orders.Stock(takes, withheld))
    ]


def require_tiles(plan: Plan) -> None:
    assert plan.scenes[0].start_frame == 0
    assert plan.scenes[-1].end_frame == plan.frames == round((plan.excerpt_end - plan.excerpt_start) * RATE)
    assert all(a.end_frame == b.start_frame for a, b in pairwise(plan.scenes))
    assert [scene.sequence for scene in plan.scenes] == list(range(1, len(plan.scenes) + 1))
    assert len({scene.id for scene in plan.scenes}) == len(plan.scenes)
    assert plan.frames / RATE <= LONGEST_FILM
    for scene in plan.scenes:
        longest = video_models.model(plan.model_of(scene)).longest
        assert SHORTEST_SCENE <= scene.frames / RATE <= longest
        assert scene.frames / RATE <= scene.veo_seconds <= longest
    assert all(0 <= word.start < word.end <= plan.frames / RATE + 0.001 for word in plan.words)
    assert [word.start for word in plan.words] == sorted(word.start for word in plan.words)


def require_video(plan: Plan) -> None:
    """What the renderer, the joiner and the narration are given is a video of the plan's frames, each of them once."""
    frames = [render_scene.cut(plan, scene.sequence, "takes/a.mp4").frames for scene in plan.scenes]
    joined_seconds = re.findall(r"^duration ([\d.]+)$", stitch.playlist(plan), re.MULTILINE)
    assert frames == [round(float(seconds) * RATE) for seconds in joined_seconds]
    assert sum(frames) == plan.frames == narration.excerpt(plan).seconds * RATE == stitch.seconds(plan) * RATE


SCENES = st.sampled_from(["s1", "s2", "s3", "s4", "s5"])
MODELS = st.sampled_from(list(video_models.MODELS))
TAKES = st.sampled_from(["", "take-s1", "take-s2", "take-s9"])
USES = st.sampled_from([*KIND_OF])
WISHES = st.fixed_dictionaries({"imageId": st.just(IMAGE), "use": USES}, optional={"scene": st.integers(1, 6)})
# As many as a plan may get here; those that it has not are left out.
EIGHT = [f"s{n}" for n in range(1, 9)]
HALVES = st.integers(0, 60).map(lambda n: n / 2)
LABELS = st.sampled_from(["spk_0", "spk_1", "spk_7"])
CHANGES = st.one_of(
    st.fixed_dictionaries({"op": st.just("scene"), "scene": SCENES, "prompt": st.text(max_size=20)}),
    st.fixed_dictionaries({"op": st.just("scene"), "scene": SCENES, "model": MODELS}),
    st.fixed_dictionaries({"op": st.just("scene"), "scene": SCENES, "description": st.text(max_size=9)}),
    st.fixed_dictionaries({"op": st.just("retake"), "scene": SCENES, "kind": st.sampled_from(["clip", "still"])}),
    st.fixed_dictionaries({"op": st.just("take"), "scene": SCENES, "take": TAKES}),
    st.fixed_dictionaries({"op": st.just("picture"), "scene": SCENES, "imageId": st.just(IMAGE), "use": USES}),
    st.fixed_dictionaries({"op": st.just("picture"), "scene": SCENES, "imageId": st.just("")}),
    st.fixed_dictionaries({"op": st.just("pictures"), "pictures": st.lists(WISHES, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"op": st.just("captions"), "captions": st.sampled_from(["none", "lines", "big"])}),
    st.fixed_dictionaries({"op": st.just("continuity"), "continuity": st.sampled_from(["none", "chain", "still"])}),
    st.fixed_dictionaries({"op": st.just("title"), "title": st.text(min_size=1, max_size=9)}),
    st.fixed_dictionaries({"op": st.just("publish"), "title": st.text(max_size=9), "hashtags": st.just(["a"])}),
    st.fixed_dictionaries({"op": st.just("music"), "music": st.sampled_from(["", "0" * 20])}),
    st.fixed_dictionaries({"op": st.just("speakers"), "speakers": st.dictionaries(LABELS, st.text(max_size=9))}),
    st.fixed_dictionaries({"op": st.just("move"), "scene": SCENES, "end": HALVES}),
    st.fixed_dictionaries({"op": st.just("split"), "scene": SCENES, "at": HALVES}),
    st.fixed_dictionaries({"op": st.just("merge"), "scene": SCENES}),
    st.fixed_dictionaries({"op": st.just("order"), "pictures": st.permutations(EIGHT)}),
    st.fixed_dictionaries({"op": st.just("excerpt"), "start": HALVES, "end": HALVES.map(lambda at: at + 10)}),
    st.fixed_dictionaries({"op": st.just("look"), "place": st.text(max_size=9)}),
    st.fixed_dictionaries({"op": st.just("style"), "style": st.sampled_from(["realistic", "animated"])}),
    st.fixed_dictionaries({"op": st.just("model"), "model": MODELS}),
    st.fixed_dictionaries({"op": st.just("format"), "aspectRatio": st.sampled_from(["9:16", "16:9", "4:5", "1:1"])}),
    st.fixed_dictionaries({"op": st.just("cover"), "scene": SCENES}),
    st.fixed_dictionaries({"op": st.just("cover"), "at": HALVES, "text": st.just("A title")}),
    st.fixed_dictionaries({"op": st.just("word"), "index": st.integers(0, 40), "text": st.just("two words")}),
    st.fixed_dictionaries({"op": st.just("join"), "index": st.integers(0, 40)}),
    st.fixed_dictionaries({"op": st.just("delete"), "index": st.integers(0, 40)}),
)


def edit_as_drawn(plan: Plan, change: dict[str, Any], takes: dict[str, Take]) -> Plan | None:
    """Return the plan with the change, an order of all its scenes; None where the change is refused."""
    if change["op"] == "order":
        ids = {scene.id for scene in plan.scenes}
        change = {**change, "pictures": [scene_id for scene_id in change["pictures"] if scene_id in ids]}
    try:
        return edit(plan, change, takes=takes)
    except (InvalidEdit, ModelRetired, ValidationError):
        return None


@settings(max_examples=150, deadline=None)
@given(st.lists(CHANGES, max_size=12))
def test_any_edits_give_a_plan_that_tiles_its_excerpt_in_whole_frames(changes: list[dict[str, Any]]) -> None:
    plan = PLAN
    takes = clips_of(PLAN)
    for change in changes:
        plan = edit_as_drawn(plan, change, takes) or plan
        require_tiles(plan)
        require_video(plan)
    # Whatever was kept of what was bought is still long enough for its scene, unless a person has chosen it.
    for scene in plan.scenes:
        name = orders.take_to_show(plan, scene, "clip", orders.Stock(takes))
        assert not name or name == scene.take or scene.shows_picture or takes[name].seconds >= scene.frames / RATE


def test_the_property_tries_every_kind_of_edit() -> None:
    kinds = {kind.model_fields["op"].annotation for kind in get_args(get_args(Edit)[0])}
    ops = set(re.findall(r'st\.just\("(\w+)"\)', Path(__file__).read_text(encoding="utf-8")))
    assert {get_args(kind)[0] for kind in kinds} <= ops


def test_a_plan_that_nobody_has_changed_is_what_an_edit_begins_with() -> None:
    assert recompose_all(PLAN) == PLAN
    assert missing(PLAN, clips_of(PLAN)) == []


@pytest.mark.parametrize(
    ("change", "scenes"),
    [
        ({"op": "scene", "scene": "s2", "prompt": "A harbour."}, ["s2"]),
        ({"op": "scene", "scene": "s2", "description": "A harbour."}, []),
        ({"op": "scene", "scene": "s1", "model": "veo-3.1-generate-001"}, ["s1"]),
        ({"op": "retake", "scene": "s3"}, ["s3"]),
        ({"op": "retake", "scene": "s3", "kind": "still"}, []),
        ({"op": "look", "palette": "grey"}, ["s1", "s2", "s3"]),
        ({"op": "style", "style": "animated"}, ["s1", "s2", "s3"]),
        ({"op": "captions", "captions": "lines"}, []),
        ({"op": "captions", "captions": "big", "position": "top", "platform": "reels", "color": "#FF0000"}, []),
        ({"op": "word", "index": 2, "text": "otherwise"}, []),
        # Four seconds were bought for the first scene, and six for the others.
        ({"op": "order", "pictures": ["s1", "s3", "s2"]}, []),
        ({"op": "order", "pictures": ["s2", "s1", "s3"]}, ["s1"]),
        ({"op": "move", "scene": "s1", "end": 3.0}, []),
        ({"op": "move", "scene": "s1", "end": 5.0}, ["s1"]),
        ({"op": "split", "scene": "s3", "at": 12.0}, ["s4"]),
        ({"op": "merge", "scene": "s1"}, InvalidEdit),
        ({"op": "excerpt", "start": 10.0, "end": 19.0}, []),
        ({"op": "excerpt", "start": 9.0, "end": 25.0}, ["s1"]),
    ],
)
def test_an_edit_makes_only_what_it_concerns_missing(change: dict[str, Any], scenes: object) -> None:
    if scenes is InvalidEdit:
        with pytest.raises(InvalidEdit):
            edit(PLAN, change)
        return
    assert missing(edit(PLAN, change), clips_of(PLAN)) == scenes


def test_an_edit_that_is_taken_back_finds_what_was_bought() -> None:
    there = edit(PLAN, {"op": "scene", "scene": "s2", "prompt": "A harbour."})
    back = edit(there, {"op": "scene", "scene": "s2", "prompt": PLAN.scene(2).prompt})
    assert (there.revision, back.revision, missing(back, clips_of(PLAN))) == (2, 3, [])


def test_an_earlier_take_is_put_back_and_let_go_again() -> None:
    takes = clips_of(PLAN)
    later = edit(PLAN, {"op": "retake", "scene": "s1"}, takes=takes, current="take-s1")
    takes["newer"] = clip(later, "s1", "2026-01-02T00:00:00Z")
    assert orders.take_to_show(later, later.scene(1), "clip", orders.Stock(takes)) == "newer"
    back = edit(later, {"op": "take", "scene": "s1", "take": "take-s1"}, takes=takes)
    assert orders.take_to_show(back, back.scene(1), "clip", orders.Stock(takes)) == "take-s1"
    free = edit(back, {"op": "take", "scene": "s1", "take": ""}, takes=takes)
    assert orders.take_to_show(free, free.scene(1), "clip", orders.Stock(takes)) == "newer"
    with pytest.raises(InvalidEdit, match="it has take-s1, newer"):
        edit(later, {"op": "take", "scene": "s1", "take": "take-s2"}, takes=takes)


def test_a_scene_says_by_which_prompt_the_take_was_made_that_it_shows() -> None:
    first = PLAN.scene(1).prompt
    takes = clips_of(PLAN) | {"still": still(PLAN)}
    later = edit(PLAN, {"op": "retake", "scene": "s1", "prompt": "A harbour."}, takes=takes, current="take-s1")
    takes["newer"] = clip(later, "s1", "2026-01-02T00:00:00Z")
    again = edit(later, {"op": "retake", "scene": "s1"}, takes=takes, current="newer")
    takes["newest"] = clip(again, "s1", "2026-01-03T00:00:00Z")
    plan = again
    current = "newest"
    for take, prompt in (("take-s1", first), ("newer", "A harbour."), ("take-s1", first), ("", "A harbour.")):
        plan = edit(plan, {"op": "take", "scene": "s1", "take": take}, takes=takes, current=current)
        current = take or "newest"
        assert (plan.scene(1).prompt_shown, pair_to_show(plan, takes)[0]) == (prompt, current)


def test_what_is_done_to_a_scene_with_an_earlier_take_is_about_the_prompt_that_it_shows() -> None:
    first = PLAN.scene(1).prompt
    takes = clips_of(PLAN)
    later = edit(PLAN, {"op": "retake", "scene": "s1", "prompt": "A harbour."}, takes=takes, current="take-s1")
    takes["newer"] = clip(later, "s1", "2026-01-02T00:00:00Z")
    back = edit(later, {"op": "take", "scene": "s1", "take": "take-s1"}, takes=takes, current="newer")
    # The very prompt again changes nothing, and that of the newer take brings this back, for nothing.
    same = edit(back, {"op": "scene", "scene": "s1", "prompt": first}, takes=takes, current="take-s1")
    assert same.scene(1) == back.scene(1)
    newer = edit(back, {"op": "scene", "scene": "s1", "prompt": "A harbour."}, takes=takes, current="take-s1")
    assert pair_to_show(newer, takes)[0] == "newer"
    again = edit(back, {"op": "retake", "scene": "s1"}, takes=takes, current="take-s1")
    assert (again.scene(1).prompt, missing(again, takes)) == (first, ["s1"])
    # What stands in the way of the chosen take leaves the newer one, which was bought, behind it.
    picture = {"op": "picture", "scene": "s1", "imageId": IMAGE, "use": "still"}
    bare = edit(back, picture, {"op": "picture", "scene": "s1", "imageId": ""}, takes=takes, current="take-s1")
    assert (pair_to_show(bare, takes)[0], bare.scene(1).prompt_shown) == ("newer", "A harbour.")


def test_a_retake_that_the_filter_withholds_leaves_the_earlier_take() -> None:
    takes = clips_of(PLAN)
    later = edit(PLAN, {"op": "retake", "scene": "s1", "prompt": "Worse."}, takes=takes, current="take-s1")
    assert missing(later, takes) == ["s1"]
    withheld = frozenset({orders.order_digest(later, later.scene(1), "clip")})
    assert orders.take_to_show(later, later.scene(1), "clip", orders.Stock(takes, withheld)) == "take-s1"


def still(plan: Plan, at: str = "2026-01-01T00:00:00Z") -> Take:
    return Take(scene="s1", kind="still", created_at=at, order=orders.order_digest(plan, plan.scene(1), "still"))


def pair_to_show(plan: Plan, takes: dict[str, Take], withheld: frozenset[str] = frozenset()) -> tuple[str, str]:
    """The clip and the still of the first scene."""
    stock = orders.Stock(takes, withheld)
    clip_name, still_name = (orders.take_to_show(plan, plan.scene(1), kind, stock) for kind in TAKE_KINDS)
    return clip_name, still_name


def test_a_still_that_the_filter_withholds_leaves_the_earlier_one() -> None:
    takes = {"still": still(PLAN)}
    later = edit(PLAN, {"op": "retake", "scene": "s1", "kind": "still"}, takes=takes, current="still")
    assert pair_to_show(later, takes) == ("", "")
    withheld = frozenset({orders.order_digest(later, later.scene(1), "still")})
    assert pair_to_show(later, takes, withheld) == ("", "still")


@pytest.mark.parametrize("kind", TAKE_KINDS)
def test_another_take_of_one_kind_leaves_the_choice_of_the_other(kind: TakeKind) -> None:
    newer = edit(PLAN, {"op": "retake", "scene": "s1"}, {"op": "retake", "scene": "s1", "kind": "still"})
    takes = clips_of(PLAN) | {"still": still(PLAN)}
    takes |= {"clip-2": clip(newer, "s1", "2026-01-02T00:00:00Z"), "still-2": still(newer, "2026-01-02T00:00:00Z")}
    choices = [{"op": "take", "scene": "s1", "take": name} for name in ("take-s1", "still")]
    choice = edit(newer, *choices, takes=takes)
    assert (
        pair_to_show(choice, takes)
        == pair_to_show(edit(newer, *reversed(choices), takes=takes), takes)
        == ("take-s1", "still")
    )
    after = pair_to_show(edit(choice, {"op": "retake", "scene": "s1", "kind": kind}, takes=takes), takes)
    assert after == (("", "still") if kind == "clip" else ("take-s1", ""))
    model = edit(choice, {"op": "scene", "scene": "s1", "model": "veo-3.1-generate-001"}, takes=takes)
    assert pair_to_show(model, takes) == ("", "still")
    free = edit(choice, {"op": "take", "scene": "s1", "take": ""}, takes=takes)
    assert pair_to_show(free, takes) == ("clip-2", "still-2")


def test_a_still_that_a_plan_of_earlier_versions_has_chosen_stays() -> None:
    newer = edit(PLAN, {"op": "retake", "scene": "s1", "kind": "still"})
    takes = {"still": still(PLAN), "still-2": still(newer, "2026-01-02T00:00:00Z"), **clips_of(PLAN)}
    scene = newer.scene(1).model_copy(update={"take": "still"})
    earlier = newer.model_copy(update={"scenes": (scene, *newer.scenes[1:])})
    assert pair_to_show(earlier, takes) == ("take-s1", "still")
    assert (
        pair_to_show(edit(earlier, {"op": "take", "scene": "s1", "take": "take-s1"}, takes=takes), takes)[1] == "still"
    )


def test_a_corrected_word_keeps_its_time_and_goes_with_the_excerpt() -> None:
    words = edit(PLAN, {"op": "word", "index": 2, "text": "Mr. Dashwood"}).words
    assert [word.text for word in words[2:4]] == ["Mr.", "Dashwood"]
    assert (words[2].start, words[3].end) == (PLAN.words[2].start, PLAN.words[2].end)
    plan = edit(PLAN, {"op": "word", "index": 2, "text": "Dashwood"}, {"op": "excerpt", "start": 10.5, "end": 24.5})
    assert plan.words[1].text == "Dashwood"
    assert plan.words[1].start == pytest.approx(PLAN.words[2].start - 0.5)
    assert "Dashwood" in plan.scene(1).audio_text


def test_a_word_that_a_cut_goes_through_is_in_the_scene_in_which_more_of_it_is_said() -> None:
    early_word = PLAN.words[8].model_copy(update={"start": PLAN.scene(1).end_time - 0.02})
    plan = recompose_all(PLAN.model_copy(update={"words": (*PLAN.words[:8], early_word, *PLAN.words[9:])}))
    assert early_word.text not in plan.scene(1).audio_text.split()
    assert plan.scene(2).audio_text.split()[0] == early_word.text


def test_a_longer_excerpt_gets_scenes_that_clips_can_fill() -> None:
    plan = edit(PLAN, {"op": "excerpt", "start": 10.0, "end": 45.0})
    require_tiles(plan)
    assert [scene.id for scene in plan.scenes[:3]] == ["s1", "s2", "s3"]
    assert {scene.prompt for scene in plan.scenes[3:]} == {PLAN.scene(3).prompt}


def test_a_scene_that_grew_too_long_is_cut_in_a_pause_where_there_is_one() -> None:
    new_plan = edit(PLAN, {"op": "move", "scene": "s2", "end": 9.5}, {"op": "excerpt", "start": 10.0, "end": 30.0})
    # A clip would reach 17.5 s, where two words meet; half a second before, the speech pauses.
    assert [scene.end_time for scene in new_plan.scenes] == [4.0, 9.5, 17.0, 20.0]


SCENE_IDS = EditLimit(choices=("s1", "s2", "s3"))


@pytest.mark.parametrize(
    ("change", "message", "field", "limit"),
    [
        ({"op": "scene", "scene": "s9", "prompt": "x"}, "it has s1, s2, s3", "scene", SCENE_IDS),
        ({"op": "take", "scene": "s1", "take": "x"}, "it has none", "take", EditLimit()),
        (
            {"op": "move", "scene": "s1", "end": 3.3},
            "nearest places are 3.00, 3.50, 4.00",
            "end",
            EditLimit(choices=(3, 3.5, 4)),
        ),
        ({"op": "move", "scene": "s3", "end": 3.0}, "move the excerpt's end", "scene", EditLimit(choices=("s1", "s2"))),
        ({"op": "move", "scene": "s1", "end": 11.0}, "merge the scenes instead", "end", EditLimit(0, 9)),
        ({"op": "merge", "scene": "s3"}, "after the last scene", "scene", EditLimit(choices=("s1", "s2"))),
        ({"op": "merge", "scene": "s1"}, "its video model makes 0.5 to 8 s", "scene", EditLimit(0.5, 8)),
        ({"op": "split", "scene": "s1", "at": 9.5}, "lies between 0 and 4 s", "at", EditLimit(0, 4)),
        ({"op": "order", "pictures": ["s1"]}, "name each of s1, s2, s3 once", "pictures", SCENE_IDS),
        ({"op": "excerpt", "start": 20.0, "end": 12.0}, "must end after", "end", EditLimit(20)),
        ({"op": "excerpt", "start": 0.0, "end": 75.0}, "2 to 60 s", "end", EditLimit(2, 60.5)),
        ({"op": "word", "index": 99, "text": "x"}, "counted from 0", "index", EditLimit(0, len(PLAN.words) - 1)),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    change: dict[str, Any], message: str, field: str, limit: EditLimit
) -> None:
    with pytest.raises(InvalidEdit, match=message) as refusal:
        edit(PLAN, {"op": "title", "title": "Another"}, change)
    assert (refusal.value.edit, refusal.value.field, refusal.value.limit) == (1, field, limit)


def test_a_run_buys_what_is_neither_there_nor_ordered() -> None:
    states = ["pending", "clip_ready", "generating"]
    tasks = [VertexAiTask(sequence=n, state=state) for n, state in enumerate(states, start=1)]  # pyright: ignore[reportArgumentType]
    (need,) = orders.needs(PLAN, "video", tasks)
    assert (need.scene.id, need.kind, need.seconds, need.usd) == ("s1", "clip", 4, 0.4)
    (still,) = orders.needs(PLAN, "stills", tasks)
    assert (still.kind, still.usd) == ("still", STILL_USD)
    assert orders.needs(PLAN, "draft", tasks) == orders.needs(PLAN, "plan", tasks) == []


def test_whatever_an_edit_may_change_of_the_options_is_named_when_it_differs() -> None:
    style = CaptionStyle(size="large")
    other_values: dict[str, object] = {"style": "animated", "captions": "lines", "continuity": "chain"}
    other_values |= {"caption_style": style, "caption_language": "es", "model": "another", "shape": "1:1"}
    assert other_values.keys() == {*EDITABLE}
    for name, value in other_values.items():
        later = PLAN.model_copy(update={"options": PLAN.options.model_copy(update={name: value})})
        # To a client the shape of the picture is its aspect ratio, whatever its clips are bought in.
        assert revisions.differences(PLAN, later) == [{"shape": "aspectRatio"}.get(name, to_camel(name))]


def test_the_differences_of_two_revisions_are_named() -> None:
    later = edit(
        PLAN,
        {"op": "scene", "scene": "s2", "prompt": "A harbour."},
        {"op": "split", "scene": "s3", "at": 12.0},
        {"op": "captions", "captions": "lines"},
    )
    assert revisions.differences(PLAN, later) == ["captions", "scenes.s2", "scenes.s3", "scenes.s4"]
    assert revisions.name_of(later) != revisions.name_of(edit(later, {"op": "merge", "scene": "s3"}))
