"""The purchase of one still: claim the scene, have it drawn once, store it, and note what it cost.

Touches what its ports touch: the record (conditional writes), the accounts, the bucket and the image model. A picture
is known by the digest of its request, so that whoever asks for the same again finds it and buys nothing.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass

from functions.draw_scene.image_model import FindImageModel
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import TABLE_ERRORS
from shared.budget.accounts import Spending
from shared.errors import ReelwrightError, SceneFiltered, SubmitOutcomeUnknown, Superseded
from shared.film.plan import Plan
from shared.models.picture_request import still_brief
from shared.models.port import Filtered
from shared.models.request_body import FrozenRequest, Picture
from shared.observability import metrics
from shared.observability.metric_names import SCENES_FILTERED, USD_SPENT
from shared.video.free_ends import note_delay
from shared.video.public_record import Reason
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger

# States of a scene of which no clip is ordered, or will be by an order that was placed.
_WITHOUT_CLIP = ("pending", "filtered", "failed")


@dataclass(frozen=True)
class Still:
    """A scene's picture: what it is known by, the prompt that it shows, its file, and USD that the scene has cost."""

    digest: str
    prompt: str
    data: bytes
    cost_usd: float


@dataclass(frozen=True)
class StillPurchase:
    """One still and everything that its purchase needs; `task` is the scene's as it stands in the record."""

    plan: Plan
    task: VertexAiTask
    user_id: str
    ledger: SceneLedger
    bucket: Bucket
    model: FindImageModel
    spending: Spending

    def still(self) -> Still:
        """Return the scene's picture, bought unless it is there.

        Raises BudgetExceeded before anything is bought; SceneFiltered when the picture is withheld; and
        SubmitOutcomeUnknown when another run holds the claim, or the picture may have been bought and is not there.
        """
        request = self.model().request(still_brief(self.plan, self.task.sequence, self.prompt))
        key = self._key(request)
        if self.bucket.holds(key):
            cost = self._note_earlier(request)
            return Still(request.digest, self.prompt, self.bucket.read_bytes(key), cost)
        self._require_no_order()
        picture = self._buy(request, key)
        return Still(request.digest, self.prompt, picture.data, self._total(request))

    @property
    def prompt(self) -> str:
        """The user's own prompt for the scene, else the plan's."""
        return self.task.own_prompt or self.plan.scene(self.task.sequence).vertex_ai_prompt

    def _require_no_order(self) -> None:
        """Raise SubmitOutcomeUnknown for a claim that a run has left, Superseded when the scene's clip was ordered."""
        if self.task.state == "submitting":
            raise SubmitOutcomeUnknown(
                f"Scene {self.task.sequence} was being bought when the stage stopped; it may be charged."
            )
        if self.task.state not in _WITHOUT_CLIP:
            raise Superseded(f"The clip of scene {self.task.sequence} was ordered already; no still is bought for it.")

    def _buy(self, request: FrozenRequest, key: str) -> Picture:
        who = (self.user_id, self.plan.generation_id)
        what = f"still of scene {self.task.sequence}, {request.digest[:16]}"
        self.spending.hold(who, self.plan.options.budget_usd, what, request.usd, self.ledger.check)
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
        self._store(claim, request, key, picture)
        return picture

    def _claim(self, request: FrozenRequest) -> VertexAiTask:
        """Return the scene's task as this run alone has claimed it; raise SubmitOutcomeUnknown when another has."""
        claim = {"state": "submitting", "attempt": self.task.attempt + 1, "claim": uuid.uuid4().hex}
        if not self.ledger.change(self.task.sequence, self.task, **claim, digest=request.digest):
            raise SubmitOutcomeUnknown(f"Another run is at scene {self.task.sequence}.")
        return self.task.model_copy(update=claim)

    def _draw(self, request: FrozenRequest) -> Picture:
        answer = self.model().draw(request)
        if isinstance(answer, Filtered):
            metrics.emit(SCENES_FILTERED, 1)
            raise SceneFiltered(answer.reason)
        return answer

    def _store(self, claim: VertexAiTask, request: FrozenRequest, key: str, picture: Picture) -> None:
        """Store what was bought and note it; in that order, so that a run that breaks off between them finds it."""
        try:
            self.bucket.write_bytes(key, picture.data, picture.media_type)
            is_noted = self._note(claim, request)
        except ReelwrightError as error:
            # Said here and now: a retry would find the claim only, if the picture could not be stored.
            raise SubmitOutcomeUnknown(
                f"The still of scene {claim.sequence} was drawn, and could not be stored and noted."
            ) from error
        if not is_noted:
            raise SubmitOutcomeUnknown(f"The still of scene {claim.sequence} was drawn, but the record had changed.")

    def _note(self, claim: VertexAiTask, request: FrozenRequest) -> bool:
        """Note what the picture of `claim` cost; the scene's clip is again as it was, and may be ordered."""
        task = self.task
        # Of a claim that a run has left nobody knows what was before.
        state = "pending" if task.state == "submitting" else task.state
        reason = task.reason if state == "filtered" else Reason()
        before = {"state": state, "attempt": claim.attempt - 1, "reason": reason.model_dump()}
        if not self.ledger.note(claim.sequence, claim, cost_usd=self._total(request), **before):
            return False
        metrics.emit(USD_SPENT, request.usd)
        return True

    def _note_earlier(self, request: FrozenRequest) -> float:
        """Return what the scene has cost; note it, if the run that stored its picture broke off before it could."""
        task = self.task
        if task.state != "submitting" or task.digest != request.digest:
            return task.cost_usd
        self._note(task, request)
        return self._total(request)

    def _total(self, request: FrozenRequest) -> float:
        return round(self.task.cost_usd + request.usd, 6)

    def _key(self, request: FrozenRequest) -> str:
        ids = (self.plan.video_id, self.plan.generation_id, self.task.sequence)
        return media_keys.still(*ids, request.digest)
