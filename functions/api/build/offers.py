"""What is on offer for a scene: the models that make clips of it, and the uses of an own picture, each with its price.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.film.picture_choices import SHOWN, PictureUse
from shared.film.plan import Plan, PlannedScene
from shared.http.plan_responses import ModelShown, UseShown
from shared.models import video_models
from shared.models.video_models import ModelSpec


def models(plan: Plan, scene: PlannedScene) -> list[ModelShown]:
    """Return the models whose clips are long enough for the scene, the cheapest first."""
    resolution = plan.options.resolution
    seconds = scene.frames / plan.frame_rate
    specs = video_models.on_offer(plan.options.aspect_ratio, resolution)
    own = scene.picture
    lengths = [
        (spec, video_models.billed_seconds(spec, seconds, scene.references))
        for spec in specs
        if _makes(spec, seconds, scene.references) and (spec.first_frame or not (own and own.begins_clip))
    ]
    rows = (
        ModelShown(model=spec.id, seconds=length, usd=video_models.clip_cost(spec, length, resolution))
        for spec, length in lengths
    )
    return sorted(rows, key=lambda row: row.usd)


def _makes(spec: ModelSpec, seconds: float, references: int) -> bool:
    lengths = spec.lengths(references)
    return bool(lengths) and seconds <= lengths[-1] + 1e-6


def picture_uses(plan: Plan, scene: PlannedScene) -> list[UseShown]:
    """Return what an own picture can be used for in the scene, with the clip that a run to the video then buys."""
    spec = video_models.model(plan.model_of(scene))
    seconds = scene.frames / plan.frame_rate
    uses = [UseShown(use=use, seconds=0, usd=0) for use in SHOWN]
    to_model: list[tuple[PictureUse, bool, int]] = [("first_frame", spec.first_frame, 0), ("reference", True, 1)]
    for use, is_taken, references in to_model:
        if is_taken and _makes(spec, seconds, references):
            length = video_models.billed_seconds(spec, seconds, references)
            usd = video_models.clip_cost(spec, length, plan.options.resolution)
            uses.append(UseShown(use=use, seconds=length, usd=usd))
    return uses
