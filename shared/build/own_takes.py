"""Own pictures as takes of their scenes: they cost nothing, and stay, so that each can be put back.

Values only; touches nothing.
"""

from __future__ import annotations

from shared.film.picture_choices import OWN_TAKE, ScenePicture
from shared.film.plan import Plan
from shared.video.record import GenerationData
from shared.video.take import Take


def own_takes(plan: Plan) -> dict[str, Take]:
    """Return the takes that the plan's own pictures are, by id."""
    pictures = ((scene.id, scene.picture) for scene in plan.scenes)
    return {own.take_id(scene): _take(scene, own) for scene, own in pictures if own}


def with_own_takes(plan: Plan, data: GenerationData) -> GenerationData:
    """Return the generation with what the plan's pictures are among its takes: the record has them after an edit."""
    missing = {name: take for name, take in own_takes(plan).items() if name not in data.takes}
    return data.model_copy(update={"takes": {**data.takes, **missing}}) if missing else data


def picture_of(take_id: str, take: Take) -> ScenePicture | None:
    """Return the own picture that a take is, as the scene would show it; None for what a model made."""
    if not take.image_id:
        return None
    digest = take_id.removeprefix(OWN_TAKE).partition("-")[0]
    return ScenePicture(image_id=take.image_id, use=take.kind, digest=digest, seconds=take.seconds)


def _take(scene_id: str, own: ScenePicture) -> Take:
    return Take(scene=scene_id, kind=own.kind, seconds=own.seconds, image_id=own.image_id)
