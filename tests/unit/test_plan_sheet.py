"""A plan as a text: what a person changes in it becomes edits that the API makes, and nothing else does."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.api_client import ApiClient, ApiError, Reply, error_of
from local.client.plan import api as plan_api
from local.client.plan import editing, outcomes, reviewing, sheet, text
from local.client.plan.api import TaggedPlan
from local.client.plan.sheet_edits import differences
from shared.choices.words import Goal
from shared.errors import InvalidRequest
from shared.http.views import GenerationView
from tests.unit.api_calls import Api, make_api
from tests.unit.cloud_fixtures import MODEL, VIDEO
from tests.unit.test_api_plan import record_for_review, record_of_video, store

TRAPS = ["no", "a: b # c", "'\"", "- x", "{y}", "Ünïcode – “quotes”", "two\nlines", "%x", "@y", "1e3", "~"]


@dataclass(frozen=True)
class InMemory(ApiClient):
    """The client of an API in this process."""

    api: Api = field(kw_only=True)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, if_match: str = "") -> Reply:
        headers: dict[str, Any] = {"If_Match": if_match} if if_match else {}
        answer = self.api(method, path, body, **headers)
        if answer.status >= 400:
            raise error_of(answer.status, answer.body)
        return Reply(answer.body, answer.headers.get("ETag", ""))


@dataclass
class Typist:
    """Somebody who types each of the changes, one time the editor is opened each, and agrees to go on so often."""

    changes: list[tuple[str, str]]
    answers: list[bool] = field(default_factory=list[bool])
    is_there: bool = True
    questions: list[str] = field(default_factory=list[str])

    def edit(self, text: str) -> str:
        old, new = self.changes.pop(0)
        assert old in text
        return text.replace(old, new, 1)

    def agrees(self, question: str) -> bool:
        self.questions.append(question)
        return self.answers.pop(0)


@pytest.fixture(name="api")
def api_on_moto(cloud: None) -> InMemory:
    store(record_for_review())
    return InMemory("", lambda: "", api=make_api())


def plan_of(api: ApiClient) -> TaggedPlan:
    return plan_api.show(api, VIDEO)


def edits_of(plan: TaggedPlan, *settings: str) -> list[dict[str, Any]]:
    old = sheet.sheet_of(plan)
    return [edit.model_dump(exclude_none=True) for edit in differences(old, sheet.with_values(old, list(settings)))]


def test_an_untouched_text_changes_nothing(api: InMemory) -> None:
    plan = plan_of(api)
    assert sheet.parse(sheet.text_of(plan)) == sheet.sheet_of(plan)
    assert editing.by_sheet(api, plan, sheet.parse(sheet.text_of(plan))) is plan


@pytest.mark.parametrize("prompt", TRAPS)
def test_any_prompt_survives_the_text(api: InMemory, prompt: str) -> None:
    plan = plan_of(api)
    scenes = [scene.model_copy(update={"prompt": prompt, "description": prompt}) for scene in plan.view.scenes]
    new_plan = TaggedPlan(plan.view.model_copy(update={"scenes": scenes}), plan.tag)
    assert sheet.parse(sheet.text_of(new_plan)).scenes[0].prompt == prompt


@pytest.mark.parametrize(
    ("setting", "edit"),
    [
        ("style=animated", {"op": "style", "style": "animated"}),
        ("captions=none", {"op": "captions", "captions": "none"}),
        ("captions=karaoke", {"op": "captions", "captions": "karaoke"}),
        ("caption.position=top", {"op": "captions", "position": "top"}),
        ("caption.color=ffe600", {"op": "captions", "color": "#ffe600"}),
        ("caption.highlight=#00FF80", {"op": "captions", "highlight": "#00FF80"}),
        ("caption.hook=true", {"op": "captions", "hook": True}),
        ("cover.at=3.2", {"op": "cover", "at": 3.2}),
        ("cover.text=Why: bread # waits", {"op": "cover", "text": "Why: bread # waits"}),
        ("continuity=chain", {"op": "continuity", "continuity": "chain"}),
        (f"music={'a' * 20}", {"op": "music", "music": "a" * 20}),
        ("look.place=A harbour", {"op": "look", "place": "A harbour"}),
        ("2.prompt=A = b", {"op": "scene", "scene": "s2", "prompt": "A = b"}),
        ("s1.end=3.5", {"op": "move", "scene": "s1", "end": 3.5}),
        ("excerpt.end=6", {"op": "excerpt", "start": 0, "end": 6}),
        ("1.take=abc", {"op": "take", "scene": "s1", "take": "abc"}),
        ("model=veo-3.1-generate-001", {"op": "model", "model": "veo-3.1-generate-001"}),
    ],
)
def test_a_value_is_one_edit(api: InMemory, setting: str, edit: dict[str, Any]) -> None:
    assert edits_of(plan_of(api), setting) == [edit]


@pytest.mark.parametrize(
    "setting",
    [
        "style",
        "9.prompt=x",
        "colour=red",
        "plan=x",
        "1.id=x",
        "a.b.c=d",
        "look=x",
        "style=x",
        "1.end=soon",
        "music=loud",
        "caption.color=red",
    ],
)
def test_a_value_that_cannot_be_is_refused(api: InMemory, setting: str) -> None:
    with pytest.raises(InvalidRequest):
        edits_of(plan_of(api), setting)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("9.prompt=x", "there is no scene 9; there are 2"),
        ("colour=red", "there is no colour to set; choose one of title, "),
        ("2.colour=red", "there is no colour to set; choose one of "),
        ("a.b.c=d", "write NAME=VALUE"),
    ],
)
def test_what_can_be_set_is_named(api: InMemory, setting: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^--set {setting}: {words}"):
        edits_of(plan_of(api), setting)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("a b c d e f g h", "a b c", "5 of 8 would be deleted for good"),
        ("a b", f"a {'other ' * 12}", "12 do not fit where 1 were heard"),
    ],
)
def test_a_correction_that_would_lose_words_for_good_is_refused(api: InMemory, old: str, new: str, words: str) -> None:
    start = sheet.sheet_of(plan_of(api)).model_copy(update={"words": old})
    with pytest.raises(InvalidRequest, match=words):
        differences(start, start.model_copy(update={"words": new}))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_holds_no_plan_is_refused_with_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "plan.yaml"
    if content:
        file.write_bytes(content)
    with pytest.raises(InvalidRequest, match="`plan ID --yaml` prints one"):
        sheet.read(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b c", "a x c"),
        ("a b c", "a c"),
        ("a b c", "a b x y c"),
        ("a b c", "x a b c"),
        ("a b c", "a b c x"),
        ("a b c d", "x y d"),
        ("a b c", "x y z w"),
        ("a b", "b a"),
        ("a b c", "c"),
        ("a b", ""),
    ],
)
def test_corrected_words_end_as_they_were_typed(api: InMemory, old: str, new: str) -> None:
    start = sheet.sheet_of(plan_of(api)).model_copy(update={"words": old})
    words = old.split()
    for edit in differences(start, start.model_copy(update={"words": new})):
        values = edit.model_dump()
        words[values["index"] : values["index"] + 1] = values.get("text", "").split()
    assert words == new.split()


def test_blocks_that_are_moved_or_removed_are_reordered_or_merged(api: InMemory) -> None:
    start = sheet.sheet_of(plan_of(api))
    first, second = start.scenes
    third = second.model_copy(update={"id": "s3", "end": 12.0})
    three = start.model_copy(update={"scenes": [first, second, third]})

    def edits(*scenes: sheet.SceneSheet) -> list[dict[str, Any]]:
        return [edit.model_dump() for edit in differences(three, three.model_copy(update={"scenes": list(scenes)}))]

    merge = {"op": "merge", "scene": "s1"}
    assert edits(third, first, second) == [{"op": "order", "pictures": ["s3", "s1", "s2"]}]
    assert edits(first) == [merge, merge]
    assert edits(first.model_copy(update={"end": second.end}), third) == [merge]
    assert edits(first.model_copy(update={"end": 9.0}), third) == [merge, {"op": "move", "scene": "s1", "end": 9.0}]
    later = [scene.model_copy(update={"end": scene.end + 1}) for scene in (first, second)]
    assert [edit["scene"] for edit in edits(*later, third)] == ["s2", "s1"]
    for wrong in ((second, third), (first, first), (first, first.model_copy(update={"id": "s9"}))):
        with pytest.raises(InvalidRequest):
            edits(*wrong)


def test_a_person_edits_until_it_can_be_made(api: InMemory) -> None:
    lines = list[str]()
    typist = Typist([("style: cinematic", "style: baroque"), ("style: baroque", "style: animated")], [True])
    plan = editing.by_person(api, plan_of(api), typist, lines.append)
    assert (plan.view.style, plan.view.revision, typist.questions) == ("animated", 2, ["Edit it again?"])
    assert lines[0].startswith("style: must be one of")
    typist = Typist([("style: animated", "style: [")], [False])
    with pytest.raises(InvalidRequest, match="line"):
        editing.by_person(api, plan, typist, lines.append)


def test_a_review_shows_the_plan_and_what_each_goal_would_cost(
    api: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = reviewing.review(api, plan_of(api), Typist([("prompt 2", "A harbour")]))
    view = capsys.readouterr().err
    assert (view.count("to buy"), view.count("A harbour"), plan.view.revision) == (2, 1, 2)
    assert reviewing.review(api, plan, Typist([], is_there=False)) is plan
    goals: tuple[Goal, ...] = ("draft", "stills", "video")
    assert [reviewing.question(plan, goal) for goal in goals] == [
        "Make the draft, which is free?",
        "Make the video of stills for $0.1344?",
        "Make the video for $0.80?",
    ]


def test_how_to_go_on_is_told_of_what_is_kept(api: InMemory) -> None:
    record = api.show(VIDEO)
    names = Namespace(data=Path("my data"), live=("veo",))
    advice = {
        is_kept: list(text.outlook(record, plan_of(api), outcomes.how_to_go_on(names, is_kept=is_kept)(VIDEO)))[-1]
        for is_kept in (True, False)
    }
    edit = f"reelwright edit {VIDEO} --data 'my data'"
    run = f"reelwright run {VIDEO} --data 'my data' --live veo"
    assert advice[True] == f"Change it with `{edit}`; make the video with `{run}`."
    assert "--keep" in advice[False]


def test_a_sheet_of_an_earlier_revision_is_refused_with_what_changed(api: InMemory) -> None:
    plan = plan_of(api)
    early = sheet.sheet_of(plan)
    editing.by_sheet(api, plan, sheet.with_values(early, ["2.prompt=A harbour"]))
    with pytest.raises(ApiError, match=r"scenes\.s2") as refusal:
        editing.by_sheet(api, plan_of(api), sheet.with_values(early, ["captions=none"]))
    assert refusal.value.code == "PlanChanged"


def test_scenes_are_cut_in_two_and_merged(api: InMemory) -> None:
    plan = plan_of(api)
    cuts = editing.SceneCuts(split=("1@2",))
    plan = editing.by_sheet(api, plan, sheet.sheet_of(plan), cuts)
    assert [scene.end for scene in plan.view.scenes] == [2, 4, 8]
    plan = editing.by_sheet(api, plan, sheet.sheet_of(plan), editing.SceneCuts(merge=("1",)))
    assert [scene.end for scene in plan.view.scenes] == [4, 8]
    for wrong in ("1", "9@2", "1@soon"):
        with pytest.raises(InvalidRequest):
            editing.by_sheet(api, plan, sheet.sheet_of(plan), editing.SceneCuts(split=(wrong,)))


def test_prices_and_takes_are_told(cloud: None) -> None:
    store(record_of_video())
    api = InMemory("", lambda: "", api=make_api())
    rows = text.take_rows(plan_of(api).view)
    assert [(row[0], row[1], row[5], row[7]) for row in rows] == [
        ("scene 1", "take1", "$0.40", "shown"),
        ("scene 2", "take2", "$0.40", "shown"),
    ]
    run = plan_api.retake(api, plan_of(api), "s2", {"prompt": "A harbour"})
    lines = text.purchases(run.buys, run.usd, text.numbers(plan_of(api).view))
    assert (run.buys[0].model, lines) == (MODEL, "This buys 1 clip (scene 2) for $0.40.")
    assert text.purchases([], 0, {}) == "This buys nothing."
    data = GenerationView.model_validate({"cost_breakdown": {"total": 3.07}})
    assert [text.cost(data, earlier_usd) for earlier_usd in (0, 2.27, 3.07)] == [
        "It cost $3.07, at list price.",
        "This cost $0.80; the video has cost $3.07 in all, at list price.",
        "This cost nothing; the video has cost $3.07 in all, at list price.",
    ]
    assert text.prices(plan_of(api)).startswith("Still to pay, at list price: draft free, stills $0.1344, video $")


def test_a_scene_is_named_by_its_number_or_its_id(api: InMemory) -> None:
    plan = plan_of(api)
    assert [plan.scene(name).id for name in ("1", "s2")] == ["s1", "s2"]
    with pytest.raises(InvalidRequest, match="s1, s2"):
        plan.scene("3")


def test_an_edit_that_is_refused_is_named_among_those_that_the_sheet_has_become(api: InMemory) -> None:
    plan = plan_of(api)
    new = sheet.with_values(sheet.sheet_of(plan), ["title=Another", "s1.end=3.3"])
    with pytest.raises(ApiError, match=r"^move s1: end: the recording cannot be cut at 3\.30 s") as refusal:
        editing.by_sheet(api, plan, new)
    assert (refusal.value.code, refusal.value.edit) == ("InvalidEdit", 1)
