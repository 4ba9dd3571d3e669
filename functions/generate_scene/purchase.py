"""The purchase of one clip: claim the scene, order, and note the operation, so that no rerun orders again.

Touches what its ports touch: the record (conditional writes), the accounts, the bucket, the planning model and the
video model.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.generate_scene.core import SceneOrder
from functions.generate_scene.rephrasing import Rephrasing
from shared import media_keys
from shared.aws.bucket import Bucket
from shared.budget.account_names import PLAN
from shared.budget.accounts import Spending
from shared.budget.clip_money import hold_clips
from shared.contracts import GenerateSceneOut
from shared.errors import ReelwrightError, SceneFiltered, SubmitOutcomeUnknown
from shared.models.clip_request import ClipRequest
from shared.models.planner import Planner
from shared.models.port import Done, Handle, VideoModel
from shared.quota.turn_table import TurnTable
from shared.video.costs import clip_price
from shared.video.free_ends import note_delay, note_end, note_filtered, note_turn
from shared.video.public_record import Reason
from shared.video.record import VertexAiTask, prompt_to_keep
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class ClipPurchase:
    """One order and everything that placing it needs; `patience` is how long a clip may take, in seconds."""

    order: SceneOrder
    ledger: SceneLedger
    bucket: Bucket
    model: VideoModel
    planner: Planner
    patience: int
    spending: Spending
    turns: TurnTable
    now: Callable[[], float] = time.time

    def place(self) -> GenerateSceneOut:
        """Order the clip, once, and return the operation that makes it; a blocked prompt has no operation.

        An order whose turn is not yet, by the provider's quota, is not placed: what is returned says how long it waits.
        Raises BudgetExceeded before anything is bought, and SubmitOutcomeUnknown when another run holds the claim or
        the order may have been accepted.
        """
        prompt, rephrasing_usd = Rephrasing(self.order, self.ledger, self.planner, self.spending).prompt()
        request = self.model.request(self.order.brief(prompt))
        self._set_aside()
        # The last thing before the claim: whoever has a turn uses it at once.
        if seconds := self.turns.wait(request.model, self.order.user_id, self.order.name):
            return self._put_off(seconds, rephrasing_usd)
        claim = self._claim(prompt, request)
        handle = self._submit(claim, request)
        if handle is None:
            deadline = deadline_after(self.now(), self.patience)
            return GenerateSceneOut(operation_name="", deadline=deadline, cost_usd=rephrasing_usd, ready=True)
        deadline = self._note(claim, handle)
        has_ended = self._keep_ending(claim, handle)
        return GenerateSceneOut(operation_name=handle.name, deadline=deadline, cost_usd=rephrasing_usd, ready=has_ended)

    def _put_off(self, seconds: int, rephrasing_usd: float) -> GenerateSceneOut:
        """Note until when the order waits for its turn, and return for how long."""
        deadline = deadline_after(self.now(), seconds)
        note_turn(self.ledger, self.order.task, deadline)
        return GenerateSceneOut(
            status="waiting", operation_name="", deadline=deadline, cost_usd=rephrasing_usd, wait_seconds=seconds
        )

    def _set_aside(self) -> None:
        """Set aside what the plan has not: a clip that a person ordered anew, or a plan whose money was given back."""
        plan = self.order.plan
        task = self.order.task
        if not self.spending.has_set_aside(plan.generation_id, PLAN):
            hold_clips(self.spending, self.order.who, self.order.budget, plan, self.ledger)
        if task.reorder_count:
            price = clip_price(plan, task.sequence)
            what = f"scene {self.order.scene.id}, order {task.reorder_count + 1}"
            self.spending.hold(self.order.who, self.order.budget, what, price, self.ledger.check)

    def _claim(self, prompt: str, request: ClipRequest) -> VertexAiTask:
        """Return the scene's task as this run alone has claimed it; raise SubmitOutcomeUnknown when another has."""
        task = self.order.task
        attributes = {"state": "submitting", "attempt": self.order.attempt, "claim": uuid.uuid4().hex[:12]}
        first_frame = self.order.first_frame(prompt)
        what = {
            "prompt": prompt_to_keep(prompt),
            "digest": request.digest,
            "scene": self.order.scene.id,
            "order": self.order.wants,
            "first_frame": first_frame.name if first_frame else "",
            "price_usd": request.usd,
            "ordered_model": request.model,
            "ordered_seconds": request.seconds,
            "created_at": _stamp(self.now()),
            "task_id": "",
            "delivery": "",
        }
        if not self.ledger.change(task.sequence, task, **attributes, **what):
            raise SubmitOutcomeUnknown(f"Another run is ordering scene {task.sequence}.")
        return task.model_copy(update=attributes)

    def _submit(self, claim: VertexAiTask, request: ClipRequest) -> Handle | None:
        """Return what the order is called, or None when its prompt is blocked."""
        try:
            return self.model.submit(request)
        except SceneFiltered as filtered_error:
            note_filtered(self.ledger, claim, str(filtered_error), is_prompt_blocked=True)
            return None
        except SubmitOutcomeUnknown:
            # The claim stays: whoever runs next must see that this clip may have been bought.
            raise
        except ReelwrightError as error:
            note_delay(self.ledger, self.order.task, claim, error)
            raise

    def _note(self, claim: VertexAiTask, handle: Handle) -> float:
        """Note what the order is called and return the deadline of its clip, in Unix seconds."""
        what = f"Scene {claim.sequence} was ordered as {handle.name}"
        deadline = deadline_after(self.now(), self.patience)
        attributes = {
            "state": "generating",
            "task_id": handle.name,
            "deadline": deadline,
            "reason": Reason().model_dump(),
            "delivery": self._delivery(claim) if isinstance(handle.ending, Done) else "",
        }
        try:
            is_noted = self.ledger.note(claim.sequence, claim, **attributes)
        except ReelwrightError as error:
            # Said here and now: a retry would find the claim only, and not the name of what was bought.
            raise SubmitOutcomeUnknown(f"{what}, which was not noted.") from error
        if not is_noted:
            raise SubmitOutcomeUnknown(f"{what}, but the record had changed.")
        return deadline

    def _keep_ending(self, claim: VertexAiTask, handle: Handle) -> bool:
        """Keep what the answer to the order has brought; return whether it has, or whether the clip is being made.

        It is noted before, so that a clip that cannot be stored is one that was bought, and is looked for again.
        Raises what `note_end` does, and StorageUnavailable.
        """
        if handle.ending is None:
            return False
        if isinstance(handle.ending, Done):
            self.bucket.write_bytes(self._delivery(claim), self.model.fetch(handle.ending), "video/mp4")
        else:
            note_end(self.ledger, claim.model_copy(update={"state": "generating"}), handle.ending)
        return True

    def _delivery(self, claim: VertexAiTask) -> str:
        """Return the key of the take that the claim's clip becomes: it was paid for, so it lives with the video."""
        plan = self.order.plan
        return media_keys.take(plan.video_id, plan.generation_id, claim.claim, "clip")


def earlier_order(ledger: SceneLedger, task: VertexAiTask, patience: int, now: float) -> GenerateSceneOut:
    """Return the order of `task` that an earlier run placed; of a resumed one, waiting begins to count again."""
    deadline = task.deadline
    if task.state == "generating" and not deadline:
        deadline = deadline_after(now, patience)
        ledger.change(task.sequence, task, deadline=deadline)
    ready = task.state != "generating"
    return GenerateSceneOut(operation_name=task.task_id, deadline=deadline, cost_usd=task.rephrasing_usd, ready=ready)


def deadline_after(now: float, patience: int) -> float:
    """Return when waiting for a clip ends that is ordered `now`, both in Unix seconds."""
    return round(now + patience, 3)


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
