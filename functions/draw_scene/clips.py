"""What scenes show that are drawn: a clip is made once, and known by the digest of what it shows; a still is bought.

Touches what its ports touch, and a folder that it removes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from functions.draw_scene.adapters import draft, whole_still
from functions.draw_scene.core import draft_order
from functions.draw_scene.image_model import FindImageModel
from functions.draw_scene.purchase import StillPurchase
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget.accounts import Spending
from shared.build.continuity import picture_key
from shared.build.orders import own_take
from shared.contracts import DrawSceneIn, DrawSceneOut
from shared.film.plan import Plan
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class SceneClip:
    """One scene's clip and everything that making it needs."""

    request: DrawSceneIn
    plan: Plan
    bucket: Bucket

    def own(self) -> DrawSceneOut | None:
        """Return the own picture that the scene shows instead of anything drawn, or None; it costs nothing."""
        scene = self.plan.scene(self.request.sequence)
        if scene.picture is None or not own_take(scene, "still"):
            return None
        return DrawSceneOut(clip_key=picture_key(self.plan, scene, scene.picture))

    def draft(self) -> DrawSceneOut:
        """Return the clip of a drawn draft, which costs nothing; raise RenderFailed."""
        order = draft_order(self.plan, self.request.sequence)
        key = media_keys.drawn_clip(*self._ids, order.digest)
        self._make(key, lambda folder: draft(order.spec, order.sketch, folder))
        return DrawSceneOut(clip_key=key)

    def still(self, table: str, model: FindImageModel, spending: Spending) -> DrawSceneOut:
        """Return a still, which is bought unless it is there; raises what its purchase does, RenderFailed.

        ClipUnusable when what was bought is no picture.
        """
        ledger = SceneLedger(table, self.request.video_id, self.request.generation_id)
        task = ledger.read(self.request.sequence)
        who = self.request.user_id, self.request.budget_usd
        purchase = StillPurchase(self.plan, task, *who, ledger, self.bucket, model, spending)
        still = purchase.still()
        key = media_keys.take(*self._ids[:2], still.take, "still")
        # What was approved is what a clip can begin with.
        size = self.plan.clip_size
        self._make(media_keys.whole_still(key), lambda folder: whole_still(still.data, size, folder), "image/png")
        return DrawSceneOut(clip_key=key, cost_usd=still.cost_usd)

    def _make(self, key: str, write: Callable[[Path], Path], media_type: str = "video/mp4") -> None:
        """Store what `write` makes in a folder, unless an earlier run has."""
        if self.bucket.holds(key):
            return
        with tempfile.TemporaryDirectory() as folder:
            self.bucket.upload(key, write(Path(folder)), media_type)

    @property
    def _ids(self) -> tuple[str, str, int]:
        return self.request.video_id, self.request.generation_id, self.request.sequence
