"""Edits that give scenes pictures that are there: own ones, one by one or all at once, or an earlier take.

The start of a generation gives own pictures the same way.

Values only; touches nothing. Every function raises InvalidEdit for what cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.build import edits
from shared.build.orders import chosen_take
from shared.build.own_takes import picture_of
from shared.build.scene_edits import CHOICES, Bench, prompts_of, scene_of, with_scene, without_take
from shared.build.tiling import ends_of, tile
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.picture_choices import PlacedPicture, ScenePicture
from shared.film.plan import Plan, PlannedScene


def choose_take(plan: Plan, edit: edits.ChooseTake, bench: Bench) -> Plan:
    """Return the plan in which the scene shows the take, a clip beside the still that was chosen, or a still so."""
    scene = scene_of(plan, edit.scene)
    take = bench.takes.get(edit.take)
    if edit.take and (take is None or take.scene != scene.id):
        choices = tuple(name for name, each in bench.takes.items() if each.scene == scene.id)
        why = f"scene {scene.id} has no such take; it has {', '.join(choices) or 'none'}."
        raise InvalidEdit(why, "take", EditLimit(choices=choices))
    if take and (own := picture_of(edit.take, take)):
        return with_scene(plan, scene.model_copy(update={"take": "", "still": "", "picture": own}))
    # What goes to the model stays; what is shown gives way.
    scene = scene.model_copy(update={"picture": None if scene.shows_picture else scene.picture})
    choice = {"take": "", "still": ""}
    if take:
        choice = {name: chosen_take(scene, kind, bench.takes) for kind, name in CHOICES.items()}
        choice[CHOICES[take.kind]] = edit.take
    if choice == {"take": scene.take, "still": scene.still}:
        return with_scene(plan, scene)
    # By which the scene says what its takes show, whichever of them a person chooses.
    prompts = prompts_of(plan, scene, bench)
    return with_scene(plan, scene.model_copy(update={**choice, "prompts": prompts}))


def place_picture(plan: Plan, edit: edits.PlacePicture, bench: Bench) -> Plan:
    """Return the plan in which the scene has the picture, or none."""
    scene = scene_of(plan, edit.scene)
    own = _picture(bench, edit.image_id, edit) if edit.image_id else None
    return with_scene(plan, without_take(scene, bench).model_copy(update={"picture": own}))


def place_pictures(plan: Plan, edit: edits.PlacePictures, bench: Bench) -> Plan:
    """Return the plan in which the pictures are spread over the scenes."""
    pictures = [PlacedPicture(picture=_picture(bench, wish.image_id, wish), scene=wish.scene) for wish in edit.pictures]
    new_plan = spread(plan, pictures)
    pairs = zip(plan.scenes, new_plan.scenes, strict=True)
    scenes = [new if new.picture == old.picture else without_take(new, bench) for old, new in pairs]
    return new_plan.model_copy(update={"scenes": tuple(scenes)})


def spread(plan: Plan, pictures: Sequence[PlacedPicture]) -> Plan:
    """Return the plan with each picture at the scene that it names, and the others in turn at all other scenes.

    There are as many scenes as the speech asks for. Too few pictures come again, so that nothing is bought beside them;
    of too many the last are left out, which `left_out` says.
    """
    by_scene = {each.scene: each.picture for each in pictures if each.scene is not None}
    others = [each.picture for each in pictures if each.scene is None]
    free_scenes = [scene.sequence for scene in plan.scenes if scene.sequence not in by_scene]
    if others:
        by_scene |= {sequence: others[turn % len(others)] for turn, sequence in enumerate(free_scenes)}
    scenes = [_with(scene, by_scene.get(scene.sequence)) for scene in plan.scenes]
    return tile(plan, scenes, ends_of(plan))


def left_out(plan: Plan, pictures: Sequence[PlacedPicture]) -> list[str]:
    """Return a sentence if the plan has fewer scenes than pictures for them."""
    digests = {scene.picture.digest for scene in plan.scenes if scene.picture}
    missing = len({each.picture.digest for each in pictures} - digests)
    what = "One of the pictures is" if missing == 1 else f"{missing} of the pictures are"
    scenes = "one scene" if len(plan.scenes) == 1 else f"{len(plan.scenes)} scenes"
    return [f"{what} not in it: the video has {scenes}."] if missing else []


def _with(scene: PlannedScene, own: ScenePicture | None) -> PlannedScene:
    return scene.model_copy(update={"picture": own}) if own else scene


def _picture(bench: Bench, image_id: str, wish: edits.PlacePicture | edits.WishedPicture) -> ScenePicture:
    own = bench.pictures.get((image_id, wish.use))
    if own is None:
        raise InvalidEdit(f"there is no picture {image_id}.", "imageId")
    return own
