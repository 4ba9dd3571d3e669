"""Stitch: join the rendered scenes, a brand's intro and outro, and the recording's sound into the finished video.

Reads all of these from the bucket, writes the results there, subtitles among them; works in a folder it removes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from functions.stitch import adapters, bumpers, core, cover, texts
from functions.stitch.adapters import FinishedFilm
from functions.stitch.narration import narration
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.contracts import StitchIn, StitchOut
from shared.film.plan import Plan
from shared.settings import MediaSettings
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket


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
        return _store(request, plan, adapters.make_film(plan, work, sound, request.goal), deps.bucket)


def _store(request: StitchIn, plan: Plan, film: FinishedFilm, bucket: Bucket) -> StitchOut:
    where = request.video_id, request.generation_id, request.goal, plan.revision
    keys = {name: media_keys.result(*where, name) for name in core.CONTENT_TYPES}
    bucket.upload(keys[core.POSTER], film.poster, core.CONTENT_TYPES[core.POSTER])
    texts.store(plan, keys, bucket)
    # Last, so that a video in its place means that all of its companions are in theirs.
    bucket.upload(keys[core.FILM], film.film, core.CONTENT_TYPES[core.FILM])
    return core.result(keys, plan, film.film.stat().st_size, film.narration.level, film.narration.notes)


def _real_deps() -> Deps:
    return Deps(bucket=Bucket(MediaSettings.read().media_bucket))


handler = stage(run, takes=StitchIn, deps=_real_deps)
