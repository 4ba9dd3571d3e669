"""Stitch: join the rendered scenes, a brand's intro and outro, and the recording's sound into the finished video.

Reads all of these from the bucket, writes the results there, subtitles among them; works in a folder it removes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from functions.stitch import adapters, bumpers, core, cover, results
from functions.stitch.narration import narration
from functions.stitch.seals import SignerSource, signer_source
from shared.aws.bucket import Bucket
from shared.contracts import StitchIn, StitchOut
from shared.film.plan import Plan
from shared.settings import StitchSettings
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    signer_of: SignerSource | None = None


def run(request: StitchIn, deps: Deps) -> StitchOut:
    """Join the film; raises RenderFailed when the scenes do not fit together or ffmpeg fails."""
    plan = Plan.model_validate_json(deps.bucket.read_text(request.plan_key))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for scene, key in zip(plan.scenes, request.scene_keys, strict=True):
            deps.bucket.download(key, work / core.scene_file(scene.sequence))
        bumpers.lay_out(plan, work, deps.bucket)
        cover.lay_out(plan, request.scene_keys, work, deps.bucket)
        sound = narration(request, plan, work, deps.bucket)
        film = adapters.make_film(plan, work, sound, request.goal)
        return results.store(request, plan, film, deps.bucket, deps.signer_of)


def _real_deps() -> Deps:
    settings = StitchSettings.read()
    return Deps(Bucket(settings.media_bucket), _signer_in(settings.signing_secret_id))


def _signer_in(secret_id: str) -> SignerSource | None:
    return signer_source(secret_id) if secret_id else None


handler = stage(run, takes=StitchIn, deps=_real_deps)
