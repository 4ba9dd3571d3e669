"""Edits of the scenes: what they show, where they are cut, in which order, and which take is theirs.

Values only; touches nothing. Every function raises InvalidEdit for what cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.build import cut_places, edits
from shared.build.orders import Takes, chosen_take, known_prompts, own_take
from shared.build.tiling import ends_of, tile
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.material import Material
from shared.film.picture_choices import PictureUse, ScenePicture
from shared.film.plan import Plan, PlannedScene
from shared.models import video_models
from shared.video.take import TAKE_KINDS, TakeKind

# Where a scene has the take of each kind that a person chose, and the one that stands in for a withheld one.
CHOICES: Mapping[TakeKind, str] = {"clip": "take", "still": "still"}
_STAND_INS: Mapping[TakeKind, str] = {"clip": "earlier_take", "still": "earlier_still"}


@dataclass(frozen=True)
class Bench:
    """What an edit is made with: the recording's material, the takes there are, and those that are shown, by scene.

    `pictures` are the user's own that it names, by their ids and what they are to be used for.
    """

    material: Material
    takes: Takes
    takes_by_scene: Mapping[tuple[str, TakeKind], str]
    pictures: Mapping[tuple[str, PictureUse | None], ScenePicture] = field(
        default_factory=dict[tuple[str, PictureUse | None], ScenePicture]
    )


def change_scene(plan: Plan, edit: edits.ChangeScene, bench: Bench) -> Plan:
    """Return the plan in which the scene shows something else: an earlier take of it is not what is wanted any more."""
    scene = scene_of(plan, edit.scene)
    is_another = edit.prompt not in (None, scene.prompt_shown)
    prompt = edit.prompt if is_another else None
    changes = {"prompt": prompt, "scene_description": edit.description, "model": edit.model}
    new = scene.model_copy(update={name: value for name, value in changes.items() if value is not None})
    if is_another:
        new = without_take(new.model_copy(update={"prompts": prompts_of(plan, scene, bench)}), bench)
    elif new.model != scene.model:
        new = without_take(new, bench, ("clip",))
    return with_scene(plan, new)


def retake(plan: Plan, edit: edits.Retake, bench: Bench) -> Plan:
    """Return the plan that wants another take of the scene, of a model: an own picture is not shown any more."""
    scene = scene_of(plan, edit.scene)
    count = {"retake": scene.retake + 1} if edit.kind == "clip" else {"redraw": scene.redraw + 1}
    # Without a prompt of its own it is of the one that the scene shows a take of.
    prompt = scene.prompt_shown if edit.prompt is None and scene.prompt_shown != scene.prompt else edit.prompt
    changes: dict[str, object] = {"prompt": prompt, "model": edit.model}
    changes = count | {name: value for name, value in changes.items() if value is not None}
    changes["prompts"] = prompts_of(plan, scene, bench)
    if own_take(scene, edit.kind):
        changes["picture"] = None
    kinds = TAKE_KINDS if prompt is not None else (edit.kind,)
    return with_scene(plan, without_take(scene.model_copy(update=changes), bench, kinds))


def move_cut(plan: Plan, edit: edits.MoveCut, bench: Bench) -> Plan:
    """Return the plan in which the scene ends elsewhere."""
    index = _index(plan, edit.scene)
    if index == len(plan.scenes) - 1:
        raise InvalidEdit("the last scene ends with the excerpt; move the excerpt's end instead.", *_but_last(plan))
    ends = ends_of(plan)
    ends[index] = cut_places.frame_at(plan, bench.material, edit.end, "end")
    _require_rising(plan, ends, index)
    return tile(plan, plan.scenes, ends)


def split(plan: Plan, edit: edits.Split, bench: Bench) -> Plan:
    """Return the plan in which the scene is two."""
    index = _index(plan, edit.scene)
    scene = plan.scenes[index]
    at = cut_places.frame_at(plan, bench.material, edit.at, "at")
    if not scene.start_frame < at < scene.end_frame:
        why = f"scene {scene.id} lies between {scene.start_time:g} and {scene.end_time:g} s."
        raise InvalidEdit(why, "at", EditLimit(scene.start_time, scene.end_time))
    pictures = [*plan.scenes[: index + 1], new_picture(plan, scene, bench), *plan.scenes[index + 1 :]]
    ends = ends_of(plan)
    return tile(plan, pictures, [*ends[:index], at, *ends[index:]])


def merge(plan: Plan, edit: edits.Merge, _bench: Bench) -> Plan:
    """Return the plan in which the scene and the next one are one."""
    index = _index(plan, edit.scene)
    if index == len(plan.scenes) - 1:
        raise InvalidEdit("after the last scene there is none that it could be merged with.", *_but_last(plan))
    ends = ends_of(plan)
    return tile(plan, [*plan.scenes[: index + 1], *plan.scenes[index + 2 :]], [*ends[:index], *ends[index + 1 :]])


def reorder(plan: Plan, edit: edits.Reorder, _bench: Bench) -> Plan:
    """Return the plan whose pictures come in another order."""
    pictures = {scene.id: scene for scene in plan.scenes}
    if sorted(edit.pictures) != sorted(pictures):
        raise InvalidEdit(f"name each of {', '.join(pictures)} once.", "pictures", EditLimit(choices=tuple(pictures)))
    return tile(plan, [pictures[name] for name in edit.pictures], ends_of(plan))


def change_look(plan: Plan, edit: edits.ChangeLook, _bench: Bench) -> Plan:
    """Return the plan with another look, which is part of every prompt."""
    changes = edit.model_dump(exclude={"op"}, exclude_none=True)
    return recompose_all(plan.model_copy(update={"look": plan.look.model_copy(update=changes)}))


def change_captions(plan: Plan, edit: edits.ChangeCaptions, _bench: Bench) -> Plan:
    """Return the plan with other captions, or with captions that are varied otherwise."""
    options = plan.options
    changes = edit.model_dump(exclude={"op", "captions", "language"}, exclude_none=True)
    style = options.caption_style.model_copy(update=changes)
    language = options.caption_language if edit.language is None else edit.language
    captions = {"captions": edit.captions or options.captions, "caption_style": style, "caption_language": language}
    return plan.model_copy(update={"options": options.model_copy(update=captions)})


def change_format(plan: Plan, edit: edits.ChangeFormat, _bench: Bench) -> Plan:
    """Return the plan whose clips are cut to another shape; what is ordered stays as it is."""
    shape = None if edit.aspect_ratio == plan.options.aspect_ratio else edit.aspect_ratio
    return plan.model_copy(update={"options": plan.options.model_copy(update={"shape": shape})})


def change_options(plan: Plan, edit: edits.ChangeStyle | edits.ChangeContinuity, _bench: Bench) -> Plan:
    """Return the plan with another style, or clips that begin otherwise."""
    changes = edit.model_dump(exclude={"op"})
    return recompose_all(plan.model_copy(update={"options": plan.options.model_copy(update=changes)}))


def change_music(plan: Plan, edit: edits.ChangeMusic, _bench: Bench) -> Plan:
    """Return the plan with other music under the voice; no picture depends on it."""
    return plan.model_copy(update={"options": plan.options.model_copy(update={"music": edit.music})})


def change_model(plan: Plan, edit: edits.ChangeModel, _bench: Bench) -> Plan:
    """Return the plan whose scenes are made by another model."""
    spec = video_models.offer(edit.model, plan.options.aspect_ratio, plan.options.resolution)
    options = plan.options.model_copy(update={"model": spec.id})
    return recompose_all(plan.model_copy(update={"model": spec.id, "options": options}))


def recompose_all(plan: Plan) -> Plan:
    """Return the plan with what follows from its look, options and models."""
    return tile(plan, plan.scenes, ends_of(plan))


def new_picture(plan: Plan, like: PlannedScene, bench: Bench) -> PlannedScene:
    """Return a picture of its own that begins with the prompt of another; its id was never a scene's."""
    ids = {scene.id for scene in plan.scenes} | {take.scene for take in bench.takes.values()}
    numbers = [int(name[1:]) for name in ids if name[:1] == "s" and name[1:].isdecimal()]
    fresh: dict[str, Any] = dict.fromkeys(("take", "still", "earlier_take", "earlier_still"), "")
    fresh["id"] = f"s{max(numbers, default=0) + 1}"
    return like.model_copy(update={**fresh, "retake": 0, "redraw": 0, "prompts": {}})


def without_take(scene: PlannedScene, bench: Bench, kinds: Sequence[TakeKind] = TAKE_KINDS) -> PlannedScene:
    """Return the scene without a chosen take of the kinds; what it shows so far may stand in for another."""
    changes = {name: chosen_take(scene, kind, bench.takes) for kind, name in CHOICES.items()}
    for kind in kinds:
        changes[CHOICES[kind]] = ""
        stand_in = _STAND_INS[kind]
        changes[stand_in] = bench.takes_by_scene.get((scene.id, kind), "") or getattr(scene, stand_in)
    return scene.model_copy(update=changes)


def prompts_of(plan: Plan, scene: PlannedScene, bench: Bench) -> dict[str, str]:
    """Return by which prompts takes of the scene were made, by their ids, as far as it is known."""
    names = [bench.takes_by_scene.get((scene.id, kind), "") for kind in TAKE_KINDS]
    return known_prompts(plan, scene, bench.takes, names)


def with_scene(plan: Plan, scene: PlannedScene) -> Plan:
    """Return the plan with the scene in place of the one with its id."""
    if scene.model:
        video_models.offer(scene.model, plan.options.aspect_ratio, plan.options.resolution)
    scenes = tuple(scene if each.id == scene.id else each for each in plan.scenes)
    return tile(plan, scenes, ends_of(plan))


def scene_of(plan: Plan, scene_id: str) -> PlannedScene:
    """Return the plan's scene with that id."""
    return plan.scenes[_index(plan, scene_id)]


def _index(plan: Plan, scene_id: str) -> int:
    for index, scene in enumerate(plan.scenes):
        if scene.id == scene_id:
            return index
    names = tuple(scene.id for scene in plan.scenes)
    why = f"the plan has no scene {scene_id}; it has {', '.join(names)}."
    raise InvalidEdit(why, "scene", EditLimit(choices=names))


def _but_last(plan: Plan) -> tuple[str, EditLimit]:
    return "scene", EditLimit(choices=tuple(scene.id for scene in plan.scenes[:-1]))


def _require_rising(plan: Plan, ends: Sequence[int], index: int) -> None:
    if sorted(set(ends)) != list(ends):
        limit = EditLimit(plan.scenes[index].start_time, plan.scenes[index + 1].end_time)
        raise InvalidEdit("a cut cannot pass the one before or after it; merge the scenes instead.", "end", limit)
