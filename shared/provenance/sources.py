"""What is said of how a file's pictures came about: a term of IPTC's vocabulary, by what was brought and what made.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

from shared.choices.words import Goal
from shared.film.picture_choices import OWN_TAKE
from shared.film.plan import Plan, PlannedScene

# https://cv.iptc.org/newscodes/digitalsourcetype/: by a trained model; drawn by a program; of pictures that were
# brought, of which nobody here knows how they came about; of some such and some of a model.
DigitalSource = Literal[
    "trainedAlgorithmicMedia", "algorithmicMedia", "composite", "compositeWithTrainedAlgorithmicMedia"
]
MIXED: Literal["compositeWithTrainedAlgorithmicMedia"] = "compositeWithTrainedAlgorithmicMedia"
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCES: dict[Goal, DigitalSource] = {
    "draft": "algorithmicMedia",
    "stills": "trainedAlgorithmicMedia",
    "video": "trainedAlgorithmicMedia",
}


def source_of(plan: Plan, goal: Goal) -> DigitalSource:
    """Return how the pictures of the plan's video came about, its intro and outro among them, which were brought."""
    source = source_of_scenes(plan, goal)
    if source not in SOURCES.values() or not (plan.lead_frames or plan.tail_frames):
        return source
    return "composite" if goal == "draft" else MIXED


def source_of_scenes(plan: Plan, goal: Goal) -> DigitalSource:
    """Return how the pictures of the plan's scenes came about."""
    sources = {source_of_scene(plan, scene, goal) for scene in plan.scenes}
    if None not in sources:
        return MIXED if MIXED in sources else SOURCES[goal]
    return "composite" if goal == "draft" or sources == {None} else MIXED


def source_of_scene(plan: Plan, scene: PlannedScene, goal: Goal) -> DigitalSource | None:
    """Return how the scene's picture came about; None for one that was brought, of which nobody here knows it."""
    if _is_brought(scene, goal):
        return None
    return MIXED if goal == "video" and _begins_with_brought(plan, scene) else SOURCES[goal]


def source_of_clip(first_frame: str) -> DigitalSource:
    """Return how a model's clip came about that began with the picture called so, "" for none: that is in it."""
    return MIXED if first_frame.startswith(OWN_TAKE) else "trainedAlgorithmicMedia"


def _is_brought(scene: PlannedScene, goal: Goal) -> bool:
    # A draft, or a still, shows also the picture that a clip shall begin with.
    return scene.picture is not None and (scene.shows_picture or (goal != "video" and scene.picture.begins_clip))


def _begins_with_brought(plan: Plan, scene: PlannedScene) -> bool:
    """Return whether the model's clip of the scene begins with a picture that was brought, its own or the last one."""
    if scene.picture is not None:
        return scene.picture.begins_clip
    is_chained = plan.options.continuity == "chain" and scene.sequence > 1
    return is_chained and plan.scene(scene.sequence - 1).shows_picture
