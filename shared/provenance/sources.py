"""What is said of how a file's pictures came about: a term of IPTC's vocabulary, by what was brought and what made.

Values only; touches nothing.
"""

from __future__ import annotations

from typing import Literal

from shared.choices.words import Goal
from shared.film.plan import Plan, PlannedScene

# https://cv.iptc.org/newscodes/digitalsourcetype/: by a trained model; drawn by a program; of pictures that were
# brought, of which nobody here knows how they came about; of some such and some of a model.
DigitalSource = Literal[
    "trainedAlgorithmicMedia", "algorithmicMedia", "composite", "compositeWithTrainedAlgorithmicMedia"
]
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
    return "composite" if goal == "draft" else "compositeWithTrainedAlgorithmicMedia"


def source_of_scenes(plan: Plan, goal: Goal) -> DigitalSource:
    """Return how the pictures of the plan's scenes came about."""
    own_count = sum(is_brought(scene, goal) for scene in plan.scenes)
    if own_count == 0:
        return SOURCES[goal]
    return "composite" if goal == "draft" or own_count == len(plan.scenes) else "compositeWithTrainedAlgorithmicMedia"


def is_brought(scene: PlannedScene, goal: Goal) -> bool:
    """Return whether the scene shows a picture that was brought, of which nobody here knows how it came about."""
    # A draft, or a still, shows also the picture that a clip shall begin with.
    return scene.picture is not None and (scene.shows_picture or (goal != "video" and scene.picture.begins_clip))
