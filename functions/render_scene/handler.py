"""RenderScene: cut a clip to its scene, or let a camera pass a picture, and burn captions in, ready to be joined.

Reads the plan and the clip from the bucket, writes the rendered scene and pictures of it there, by way of a folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from functions.render_scene import scene_files, typefaces
from functions.render_scene.adapters import clip_seconds, own_face
from functions.render_scene.core import cut, frozen_frame_notes
from functions.render_scene.framing.finder import FaceFinder, by_model
from functions.render_scene.scene_files import SceneToRender
from shared.aws.bucket import Bucket
from shared.build.translations import Translations
from shared.captions.face import Face
from shared.captions.faces import FACES
from shared.contracts import RenderSceneIn, RenderSceneOut
from shared.film.plan import Plan
from shared.settings import MediaSettings
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    faces: Collection[Face] = FACES
    find_faces: FaceFinder = by_model


def run(request: RenderSceneIn, deps: Deps) -> RenderSceneOut:
    """Render one scene, unless it is there; raises ClipUnusable for what is no video, RenderFailed for a wrong result.

    Also of a scene that is there the clip is looked at: what is said of a poor one belongs to every video it is in.
    """
    plan = Translations(deps.bucket).with_captions(Plan.model_validate_json(deps.bucket.read_text(request.plan_key)))
    target = cut(plan, request.sequence, request.clip_key, deps.faces, own_face(plan, deps.bucket))
    with tempfile.TemporaryDirectory() as folder:
        # Without an ending, so that what it is said to be is not believed.
        clip = deps.bucket.download(request.clip_key, Path(folder) / "source")
        notes = () if target.move else frozen_frame_notes(target, clip_seconds(clip))
        scene = SceneToRender(plan, target, request.clip_key, clip, deps.find_faces)
        result = scene_files.store(scene, deps.faces, deps.bucket)
    return RenderSceneOut(rendered_key=result.key, frames=target.frames, degraded=(*notes, *result.cut.degradations))


def _real_deps() -> Deps:
    return Deps(Bucket(MediaSettings.read().media_bucket), typefaces.at_hand())


handler = stage(run, takes=RenderSceneIn, deps=_real_deps)
