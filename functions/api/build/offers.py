"""What is on offer for a scene: the models that make clips of it, and the uses of an own picture, each with its price.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.film.picture_choices import BY_MODEL, SHOWN, PictureUse
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
    """Return what an own picture can be used for in the scene, with the clip that a run to the video then buys.

    What the scene's model does not take says why.
    """
    free_uses = [UseShown(use=use, seconds=0, usd=0) for use in SHOWN]
    return [*free_uses, *(_by_model(plan, scene, use) for use in BY_MODEL)]


def _by_model(plan: Plan, scene: PlannedScene, use: PictureUse) -> UseShown:
    spec = video_models.model(plan.model_of(scene))
    seconds = scene.frames / plan.frame_rate
    references = int(use == "reference")
    if use == "first_frame" and not spec.first_frame:
        return UseShown(use=use, seconds=0, usd=0, refusal=f"{spec.id} takes no first frame.")
    if not spec.lengths(references):
        return UseShown(use=use, seconds=0, usd=0, refusal=f"{spec.id} takes no reference pictures.")
    if not _makes(spec, seconds, references):
        why = f"The scene is {seconds:.1f} s long; {spec.id} makes at most {spec.lengths(references)[-1]} s of it."
        return UseShown(use=use, seconds=0, usd=0, refusal=why)
    length = video_models.billed_seconds(spec, seconds, references)
    return UseShown(use=use, seconds=length, usd=video_models.clip_cost(spec, length, plan.options.resolution))
