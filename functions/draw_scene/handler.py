"""DrawScene: what a scene shows without a video model, a drawn draft or a still.

Reads the plan, buys a still once (a draft costs nothing) and writes it to the bucket.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.draw_scene.clips import SceneClip
from functions.draw_scene.image_model import FindImageModel, image_model
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.accounts import Spending, open_accounts
from shared.contracts import DrawSceneIn, DrawSceneOut
from shared.film.plan import Plan
from shared.settings import DrawSceneSettings
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    table: str
    model: FindImageModel
    spending: Spending


def run(request: DrawSceneIn, deps: Deps) -> DrawSceneOut:
    """Return the scene's clip or still, made unless it is there; raises what `SceneClip` does."""
    plan = Plan.model_validate_json(deps.bucket.read_text(request.plan_key))
    clip = SceneClip(request, plan, deps.bucket)
    if own := clip.own():
        return own
    return clip.draft() if request.goal == "draft" else clip.still(deps.table, deps.model, deps.spending)


def _real_deps() -> Deps:
    settings = DrawSceneSettings.read()
    model = image_model(stored_in(settings.secret_id))
    return Deps(Bucket(settings.media_bucket), settings.table_name, model, open_accounts(settings))


handler = stage(run, takes=DrawSceneIn, deps=_real_deps)
