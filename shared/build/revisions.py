"""The next revision of a plan: every edit applied, and what it is called.

Values only; touches nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from shared.build import edits, excerpt_edits, picture_edits, scene_edits, speaker_edits, word_edits
from shared.build.posting import changes as posting_edits
from shared.build.scene_edits import Bench
from shared.errors import InvalidEdit
from shared.film.corrections import Correction
from shared.film.plan import Plan
from shared.publishing.words import PostWords
from shared.video.record import GenerationData

_MAKES: Mapping[type[Any], Callable[[Plan, Any, Bench], Plan]] = {
    edits.ChangeScene: scene_edits.change_scene,
    edits.Retake: scene_edits.retake,
    edits.ChooseTake: picture_edits.choose_take,
    edits.PlacePicture: picture_edits.place_picture,
    edits.PlacePictures: picture_edits.place_pictures,
    edits.MoveCut: scene_edits.move_cut,
    edits.Split: scene_edits.split,
    edits.Merge: scene_edits.merge,
    edits.Reorder: scene_edits.reorder,
    edits.MoveExcerpt: excerpt_edits.move_excerpt,
    edits.ChangeLook: scene_edits.change_look,
    edits.ChangeStyle: scene_edits.change_options,
    edits.ChangeCaptions: scene_edits.change_captions,
    edits.ChangeFormat: scene_edits.change_format,
    edits.ChangeContinuity: scene_edits.change_options,
    edits.ChangeMusic: scene_edits.change_music,
    edits.ChangeModel: scene_edits.change_model,
    edits.ChangeTitle: posting_edits.change_title,
    edits.ChangePublish: posting_edits.change_publish,
    edits.ChangeCover: posting_edits.change_cover,
    edits.NameSpeakers: speaker_edits.name_speakers,
    edits.CorrectWord: word_edits.change_words,
    edits.JoinWords: word_edits.change_words,
    edits.DeleteWord: word_edits.change_words,
}

# Which field of an edit is to blame for a scene, or a video, that cannot be so long, or for one scene too many.
_CUTTING: Mapping[type[Any], str] = {
    edits.ChangeScene: "model",
    edits.Retake: "model",
    edits.ChangeModel: "model",
    edits.MoveCut: "end",
    edits.Split: "at",
    edits.Merge: "scene",
    edits.Reorder: "pictures",
    edits.MoveExcerpt: "end",
    edits.PlacePicture: "use",
    edits.PlacePictures: "pictures",
}

# What a client is told of when it differs, by its own name for it, and where a plan has it.
_SHOWN: Mapping[str, Callable[[Plan], object]] = {
    "title": attrgetter("title"),
    "excerpt": attrgetter("excerpt_start", "excerpt_end"),
    "look": attrgetter("look"),
    "style": attrgetter("options.style"),
    "captions": attrgetter("options.captions"),
    "captionStyle": attrgetter("options.caption_style"),
    "captionLanguage": attrgetter("options.caption_language"),
    "aspectRatio": attrgetter("shape"),
    "continuity": attrgetter("options.continuity"),
    "music": attrgetter("options.music"),
    "model": attrgetter("options.model"),
    "publish": attrgetter("publish"),
    "cover": attrgetter("cover"),
    "words": attrgetter("words"),
    "speakers": attrgetter("speakers"),
}


def revise(plan: Plan, changes: Sequence[edits.Edit], bench: Bench) -> Plan:
    """Return the next revision of the plan, with every change made in turn; raise InvalidEdit, and change nothing."""
    for index, edit in enumerate(changes):
        try:
            plan = _MAKES[type(edit)](plan, edit, bench)
        except InvalidEdit as error:
            error.edit = index
            error.field = error.field or _CUTTING.get(type(edit), "op")
            raise
    return plan.model_copy(update={"revision": plan.revision + 1})


def corrections(plan: Plan, changes: Sequence[edits.Edit], bench: Bench) -> list[Correction]:
    """Return what the changes, made in turn, say of the recording's words; raise InvalidEdit."""
    statements = list[Correction]()
    for edit in changes:
        if isinstance(edit, word_edits.WordEdit):
            statements.append(word_edits.correction(plan, edit))
        plan = _MAKES[type(edit)](plan, edit, bench)
    # A word that begins after the video's last frame has no time in it.
    return [each for each in statements if each.start < each.end]


def is_same_film(earlier: Plan, later: Plan) -> bool:
    """Return whether both revisions make the same video: what it is called and posted with is no part of it.

    A hook that is shown in the picture is.
    """
    return _film(earlier) == _film(later)


def _film(plan: Plan) -> Plan:
    hook = plan.publish.hook if plan.options.caption_style.hook else ""
    return plan.model_copy(update={"revision": 0, "title": "", "publish": PostWords(hook=hook)})


def still_made(data: GenerationData, current: Plan, new: Plan) -> dict[str, Any]:
    """Return what says in the record that video and preview are of the plan, if they are of the new one, too."""
    if not is_same_film(current, new):
        return {}
    changes: dict[str, Any] = {}
    if data.final_revision == data.revision:
        changes["final_revision"] = new.revision
    if data.preview and data.preview.revision == data.revision:
        changes["preview"] = data.preview.model_copy(update={"revision": new.revision})
    return changes


def name_of(plan: Plan) -> str:
    """Return what a revision that was edited is called: by its number and its content."""
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()[:12]
    return f"{plan.revision:04d}-{digest}"


def differences(earlier: Plan, later: Plan) -> list[str]:
    """Return the fields in which two revisions differ, as a client names them."""
    fields = [name for name, value_of in _SHOWN.items() if value_of(earlier) != value_of(later)]
    scenes = {scene.id: scene for scene in earlier.scenes}
    fields += [f"scenes.{scene.id}" for scene in later.scenes if scenes.get(scene.id) != scene]
    missing_ids = scenes.keys() - {scene.id for scene in later.scenes}
    return fields + [f"scenes.{scene_id}" for scene_id in sorted(missing_ids)]
