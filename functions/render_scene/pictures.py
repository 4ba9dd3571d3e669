"""The pictures that are made beside a scene: what its last frame shows, and the video's cover where that is its frame.

Reads the looks from the bucket and writes the pictures there; runs ffmpeg in the folder of the clip.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from functions.render_scene.adapters import fetch_looks, last_frame, render, still
from functions.render_scene.core import Cut, last_frame_key
from functions.render_scene.framing.finder import FaceFinder, cut_by_faces
from shared.aws.bucket import Bucket
from shared.build.posting import covers
from shared.captions import burnt_captions
from shared.captions.face import Face
from shared.film.plan import Plan


@dataclass(frozen=True)
class SceneToRender:
    """A scene of the plan to render: of the clip, or picture, at its key, which is in a file, to its own."""

    plan: Plan
    cut: Cut
    clip_key: str
    rendered_key: str
    clip: Path
    find_faces: FaceFinder

    @cached_property
    def cut_by_faces(self) -> Cut:
        """The cut, by the faces that are in the clip; they are looked for when it is wanted, and once."""
        return cut_by_faces(self.cut, self.clip, self.find_faces)


def store_video(scene: SceneToRender, bucket: Bucket) -> None:
    """Render the scene, unless it is there; raise RenderFailed."""
    if not bucket.holds(scene.rendered_key):
        fetch_looks(scene.plan, scene.cut, bucket, scene.clip.parent)
        bucket.upload(scene.rendered_key, render(scene.clip, scene.cut_by_faces), "video/mp4")


def store(scene: SceneToRender, faces: Collection[Face], bucket: Bucket) -> None:
    """Make what of the pictures there is to make of the clip, and is not there; raise RenderFailed."""
    frame_key = last_frame_key(scene.plan, scene.cut, scene.clip_key)
    if frame_key and not bucket.holds(frame_key):
        bucket.upload(frame_key, last_frame(scene.clip, scene.cut), "image/png")
    frame = covers.frame_of(scene.plan)
    if frame is None or frame.sequence != scene.cut.sequence:
        return
    cover_key = covers.key_of(scene.plan, frame, scene.rendered_key)
    if not bucket.holds(cover_key):
        fetch_looks(scene.plan, scene.cut, bucket, scene.clip.parent)
        whole = scene.plan.scene(scene.cut.sequence)
        title = burnt_captions.cover_document(scene.plan, whole.start_time, whole.end_time, faces, scene.cut.own_face)
        bucket.upload(
            cover_key, still(scene.clip, replace(scene.cut_by_faces, captions=title), frame.frame), "image/jpeg"
        )
