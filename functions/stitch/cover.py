"""The cover that was chosen for a video, which its scene's rendering has made.

Reads it from the bucket into a folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from functions.stitch import core
from shared.aws.bucket import Bucket
from shared.build.posting import covers
from shared.film.plan import Plan


def lay_out(plan: Plan, scene_keys: Sequence[str], work: Path, bucket: Bucket) -> None:
    """Lay the plan's cover, where one was chosen, into the folder `work` as the film's poster."""
    if frame := covers.frame_of(plan):
        bucket.download(covers.key_of(plan, frame, scene_keys[frame.sequence - 1]), work / core.POSTER)
