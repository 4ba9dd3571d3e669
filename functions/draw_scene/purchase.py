"""The purchase of one still: claim the scene, have it drawn once, store it, and note that it is a take.

Touches what its ports touch: the record (conditional writes), the accounts, the bucket and the image model.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from functions.draw_scene.image_model import FindImageModel
from functions.draw_scene.references import references
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import TABLE_ERRORS
from shared.budget.accounts import Spending
from shared.build.orders import order_digest
from shared.errors import ReelwrightError, SceneFiltered, SubmitOutcomeUnknown, Superseded
from shared.film.plan import Plan, PlannedScene
from shared.models.picture_request import still_brief
from shared.models.port import Filtered
from shared.models.request_body import FrozenRequest, Picture
from shared.observability import metrics
from shared.observability.metric_names import SCENES_FILTERED, USD_SPENT
from shared.provenance.mark import with_mark
from shared.video.free_ends import note_delay
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger
from shared.video.take import Take

# States of a scene of which no clip is ordered, or will be by an order that was placed; of one whose still is there.
_WITHOUT_CLIP = ("pending", "filtered", "failed")
_THERE = ("clip_ready", "completed")


@dataclass(frozen=True)
class Still:
    """A scene's picture: the take that it is, its file, and USD that its stills have cost."""

    take: str
    data: bytes
    cost_usd: float


@dataclass(frozen=True)
class StillPurchase:
    """One still and everything that its purchase needs; `task` is the scene's as it stands in the record.

    `budget` is the most that the generation may cost, in USD, if its user has said.
    """

    plan: Plan
    task: VertexAiTask
    user_id: str
    budget: float | None
    ledger: SceneLedger
    bucket: Bucket
    model: FindImageModel
    spending: Spending

    def still(self) -> Still:
        """Return the scene's picture, bought unless it is there.

        Raises BudgetExceeded before anything is bought; SceneFiltered when the picture is withheld; and
        SubmitOutcomeUnknown when another run holds the claim, or the picture may have been bought and is not there.
        """
        task = self.task
        if task.state == "submitting":
            self._recover()
            return self._read(task.claim, self._total())
        if task.state in _THERE:
            return self._read(task.take, task.cost_usd)
        if task.state not in _WITHOUT_CLIP:
            raise Superseded(f"The clip of scene {task.sequence} was ordered already; no still is bought for it.")
        return self._read(self._buy(), self._total())

    @property
    def _scene(self) -> PlannedScene:
        return self.plan.scene(self.task.sequence)

    @property
    def _request(self) -> FrozenRequest:
        own = references(self.plan, self._scene, self.bucket)
        return self.model().request(replace(still_brief(self.plan, self.task.sequence), references=own))

    def _read(self, take: str, cost: float) -> Still:
        return Still(take, self.bucket.read_bytes(self._key(take)), cost)

    def _recover(self) -> None:
        """Note the picture that a run has stored and not noted; raise SubmitOutcomeUnknown when there is none."""
        if not self.bucket.holds(self._key(self.task.claim)):
            raise SubmitOutcomeUnknown(
                f"Scene {self.task.sequence} was being bought when the stage stopped; it may be charged."
            )
        self._note(self.task)

    def _buy(self) -> str:
        """Return the id of the take that was bought."""
        request = self._request
        who = (self.user_id, self.plan.generation_id)
        what = f"still of scene {self._scene.id}, {self._order}"
        self.spending.hold(who, self.budget, what, request.usd, self.ledger.check)
        claim = self._claim(request)
        try:
            picture = self._draw(request)
        except SubmitOutcomeUnknown:
            # The claim stays, and the money: whoever runs next must see that this picture may have been bought.
            raise
        except ReelwrightError as error:
            note_delay(self.ledger, self.task, claim, error)
            with suppress(*TABLE_ERRORS):
                self.spending.settle(who, what, request.usd, 0)
            raise
        self._store(claim, picture)
        return claim.claim

    @property
    def _order(self) -> str:
        return order_digest(self.plan, self._scene, "still")

    def _claim(self, request: FrozenRequest) -> VertexAiTask:
        """Return the scene's task as this run alone has claimed it; raise SubmitOutcomeUnknown when another has."""
        claim = {"state": "submitting", "attempt": self.task.attempt + 1, "claim": uuid.uuid4().hex[:12]}
        what = {"digest": request.digest, "order": self._order, "price_usd": request.usd, "kind": "still"}
        what["scene"] = self._scene.id
        if not self.ledger.change(self.task.sequence, self.task, **claim, **what):
            raise SubmitOutcomeUnknown(f"Another run is at scene {self.task.sequence}.")
        return self.task.model_copy(update=claim)

    def _draw(self, request: FrozenRequest) -> Picture:
        answer = self.model().draw(request)
        if isinstance(answer, Filtered):
            metrics.emit(SCENES_FILTERED, 1)
            raise SceneFiltered(answer.reason)
        return answer

    def _store(self, claim: VertexAiTask, picture: Picture) -> None:
        """Store what was bought and note it; in that order, so that a run that breaks off between them finds it."""
        try:
            data = with_mark(picture.data, "trainedAlgorithmicMedia")
            self.bucket.write_bytes(self._key(claim.claim), data, picture.media_type)
            is_noted = self._note(claim)
        except ReelwrightError as error:
            # Said here and now: a retry would find the claim only, if the picture could not be stored.
            raise SubmitOutcomeUnknown(
                f"The still of scene {claim.sequence} was drawn, and could not be stored and noted."
            ) from error
        if not is_noted:
            raise SubmitOutcomeUnknown(f"The still of scene {claim.sequence} was drawn, but the record had changed.")

    def _note(self, claim: VertexAiTask) -> bool:
        """Note that the picture of `claim` is a take of the scene from now on; return whether it is noted."""
        request = self._request
        take = Take(
            scene=self._scene.id,
            kind="still",
            model=request.model,
            usd=request.usd,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            order=self._order,
        )
        location = f"s3://{self.bucket.name}/{self._key(claim.claim)}"
        if not self.ledger.deliver(claim.sequence, claim, take, location, self._total()):
            return False
        metrics.emit(USD_SPENT, request.usd)
        return True

    def _total(self) -> float:
        return round(self.task.cost_usd + self._request.usd, 6)

    def _key(self, take: str) -> str:
        return media_keys.take(self.plan.video_id, self.plan.generation_id, take, "still")
