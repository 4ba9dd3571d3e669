"""What a signed film and its cover say of themselves, as C2PA manifests: what made them, and how their pictures came.

Pure functions, touches nothing; of whoever has made the video nothing is said but the title that it is shown by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.choices.words import Goal
from shared.film.plan import Plan, PlannedScene
from shared.models.video_models import FRAME_RATE
from shared.provenance.sources import VOCABULARY, DigitalSource, source_of, source_of_scene, source_of_scenes

Manifest = dict[str, Any]
# pyproject.toml's, which is not deployed; a test compares them.
VERSION = "0.2.0"
SCENES = "reelwright.scenes"
_AGENT = {"name": "Reelwright", "version": VERSION}
_SHOWN = {"draft": "drawing", "stills": "still", "video": "clip"}


def of_film(plan: Plan, goal: Goal) -> Manifest:
    """Return the manifest of the plan's video, which also says what each scene shows and, where it is sure, by whom."""
    scenes = _assertion(SCENES, {"scenes": list(_scenes(plan, goal))})
    return _manifest(plan, source_of(plan, goal), [scenes])


def of_cover(plan: Plan, goal: Goal) -> Manifest:
    """Return the manifest of its cover, a frame of one of its scenes."""
    return _manifest(plan, source_of_scenes(plan, goal), [])


def _manifest(plan: Plan, source: DigitalSource, more: list[Manifest]) -> Manifest:
    action = {"action": "c2pa.created", "digitalSourceType": VOCABULARY + source, "softwareAgent": _AGENT}
    title = plan.title or plan.publish.title
    return {
        "claim_generator_info": [_AGENT],
        **({"title": title} if title else {}),
        "assertions": [_assertion("c2pa.actions.v2", {"actions": [action]}), *more],
    }


def _assertion(label: str, data: Manifest) -> Manifest:
    # The signer vouches for what is created, and not for what is only gathered.
    return {"label": label, "data": data, "created": True}


def _scenes(plan: Plan, goal: Goal) -> Iterator[Manifest]:
    for scene in plan.scenes:
        start = (plan.lead_frames + scene.start_frame) / FRAME_RATE
        times = {"start": round(start, 3), "seconds": round(scene.frames / FRAME_RATE, 3)}
        yield {"sequence": scene.sequence, **times, **_picture(plan, scene, goal)}


def _picture(plan: Plan, scene: PlannedScene, goal: Goal) -> dict[str, str]:
    source = source_of_scene(plan, scene, goal)
    if source is None:
        return {"shows": "own"}
    picture = {"shows": _SHOWN[goal], "digitalSourceType": VOCABULARY + source}
    # A take that a person chose, or that stands in for one, may be of a model that the plan knows no more.
    is_sure = goal == "video" and not scene.take and not scene.earlier_take
    return {**picture, **({"model": plan.model_of(scene)} if is_sure else {})}
