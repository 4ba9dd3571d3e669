"""Edits of what a video is posted with; nothing is bought for any of them.

Values only; touches nothing. Every function raises InvalidEdit for what cannot be.
"""

from __future__ import annotations

from shared.build.posting.edits import ChangeCover, ChangePublish, ChangeTitle
from shared.build.scene_edits import Bench, scene_of
from shared.error_kinds import EditLimit
from shared.errors import InvalidEdit
from shared.film.plan import Plan
from shared.publishing.words import distinct_tags


def change_title(plan: Plan, edit: ChangeTitle, _bench: Bench) -> Plan:
    """Return the plan of the video under another title."""
    return plan.model_copy(update={"title": edit.title})


def change_publish(plan: Plan, edit: ChangePublish, _bench: Bench) -> Plan:
    """Return the plan with other words to post the video with; no take depends on them."""
    changes = edit.model_dump(exclude={"op", "hashtags"}, exclude_none=True)
    if edit.hashtags is not None:
        changes["hashtags"] = distinct_tags(edit.hashtags)
    return plan.model_copy(update={"publish": plan.publish.model_copy(update=changes)})


def change_cover(plan: Plan, edit: ChangeCover, _bench: Bench) -> Plan:
    """Return the plan with another cover."""
    changes: dict[str, object] = {} if edit.text is None else {"text": edit.text}
    if edit.at is not None and edit.scene:
        raise InvalidEdit("name a time or a scene, not both.", "at")
    if edit.scene is not None:
        changes["at"] = _middle(plan, edit.scene) if edit.scene else None
    if edit.at is not None:
        seconds = plan.frames / plan.frame_rate
        if edit.at > seconds:
            raise InvalidEdit(f"the film has {seconds:g} s.", "at", EditLimit(0, seconds))
        changes["at"] = edit.at
    return plan.model_copy(update={"cover": plan.cover.model_copy(update=changes)})


def _middle(plan: Plan, scene_id: str) -> float:
    scene = scene_of(plan, scene_id)
    return round((scene.start_time + scene.end_time) / 2, 3)
