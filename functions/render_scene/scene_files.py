"""What is made of a scene's clip or picture: the scene, what its last frame shows, and the cover if that is its frame.

Reads the looks from the bucket and writes what it makes there; runs ffmpeg in the folder of the clip.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from functions.render_scene.adapters import fetch_looks, last_frame, render, still
from functions.render_scene.core import Cut, as_clip, last_frame_key
from functions.render_scene.framing.finder import FaceFinder, cut_by_faces
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.build.posting import covers
from shared.build.posting.covers import CoverFrame
from shared.captions import burnt_captions
from shared.captions.face import Face
from shared.film.plan import Plan


@dataclass(frozen=True)
class SceneToRender:
    """A scene of the plan to render, of the clip, or picture, at its key, which is in a file."""

    plan: Plan
    cut: Cut
    clip_key: str
    clip: Path
    find_faces: FaceFinder

    @property
    def cover(self) -> CoverFrame | None:
        """The frame that the cover shows, if it is one of this scene's."""
        frame = covers.frame_of(self.plan)
        return frame if frame and frame.sequence == self.cut.sequence else None

    def key(self, rule: str) -> str:
        """Return where the scene belongs if faces decide by that rule, or none, on where it is cut."""
        digest = replace(self.cut, rule=rule).digest(self.clip_key)
        return media_keys.rendered_scene(self.plan.video_id, self.plan.generation_id, digest)

    def cover_key(self, key: str) -> str:
        """Return where the cover belongs, if it is of this scene, whose own key is given; empty otherwise."""
        return covers.key_of(self.plan, self.cover, key) if self.cover else ""


@dataclass(frozen=True)
class StoredScene:
    """A scene as it was stored: where, and how it was cut."""

    key: str
    cut: Cut


def store(scene: SceneToRender, faces: Collection[Face], bucket: Bucket) -> StoredScene:
    """Make what is not there of the scene and of the pictures beside it; raise RenderFailed."""
    _store_last_frame(scene, bucket)
    key = scene.key(scene.cut.rule)
    if all(bucket.holds(each) for each in (key, scene.cover_key(key)) if each):
        return StoredScene(key, scene.cut)
    # The cover is cut as the scene is. Where faces cannot be looked for, both are others.
    final = cut_by_faces(scene.cut, scene.clip, scene.find_faces)
    result = StoredScene(scene.key(final.rule), final)
    fetch_looks(scene.plan, final, bucket, scene.clip.parent)
    if not bucket.holds(result.key):
        bucket.upload(result.key, render(scene.clip, final), "video/mp4")
    _store_cover(scene, result, faces, bucket)
    return result


def _store_last_frame(scene: SceneToRender, bucket: Bucket) -> None:
    key = last_frame_key(scene.plan, scene.cut, scene.clip_key)
    if key and not bucket.holds(key):
        cut = cut_by_faces(as_clip(scene.plan, scene.cut), scene.clip, scene.find_faces)
        bucket.upload(key, last_frame(scene.clip, cut), "image/png")


def _store_cover(scene: SceneToRender, result: StoredScene, faces: Collection[Face], bucket: Bucket) -> None:
    key = scene.cover_key(result.key)
    if scene.cover is None or bucket.holds(key):
        return
    whole = scene.plan.scene(scene.cut.sequence)
    title = burnt_captions.cover_document(scene.plan, whole.start_time, whole.end_time, faces, scene.cut.own_face)
    picture = still(scene.clip, replace(result.cut, captions=title), scene.cover.frame)
    bucket.upload(key, picture, "image/jpeg")
