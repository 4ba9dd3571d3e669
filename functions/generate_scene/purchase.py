"""The purchase of one clip: claim the scene, order, and note the operation, so that no rerun orders again.

Touches what its ports touch: the record (conditional writes), the planning model and Veo.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel

from functions.generate_scene.adapters import Submit
from functions.generate_scene.core import REPHRASE, UNCHANGED_ATTEMPTS, order
from shared.contracts import Plan
from shared.errors import ReelwrightError, SubmitOutcomeUnknown
from shared.planner import Planner
from shared.record import VertexAiTask
from shared.scenes import SceneLedger
from shared.spending import Spending

# More than one rephrasing costs with any listed model.
REPHRASING_USD = 0.01


class RephraseReply(BaseModel):
    """The planning model's answer to a filtered prompt."""

    prompt: str


@dataclass(frozen=True)
class Purchase:
    """Everything a purchase needs; `patience` is how long a clip may take, in seconds."""

    ledger: SceneLedger
    submit: Submit
    planner: Planner
    patience: int
    spending: Spending | None = None
    now: Callable[[], float] = time.time

    def prompt(self, plan: Plan, task: VertexAiTask, attempt: int, user_id: str) -> tuple[str, float]:
        """Return the prompt for this attempt and the USD that finding it cost.

        Raises BudgetExceeded when the budget, or a day's limit, has no room for asking.
        """
        if attempt <= UNCHANGED_ATTEMPTS:
            return plan.scene(task.sequence).vertex_ai_prompt, 0
        if self.spending:
            who = user_id, plan.generation_id, plan.options.budget_usd
            self.spending.set_aside(*who, f"scene {task.sequence}, try {attempt}", REPHRASING_USD)
        document = {"task": "rephrase", "prompt": task.prompt, "reason": task.error}
        reply, cost = self.planner.ask(REPHRASE, document, RephraseReply)
        return reply.prompt, cost

    def order(self, plan: Plan, task: VertexAiTask, attempt: int, prompt: str) -> tuple[str, float]:
        """Claim, order and note; return the operation name and its deadline (Unix seconds).

        Raises SubmitOutcomeUnknown when another run holds the claim or the order may have been accepted.
        """
        claim = task.model_copy(update={"status": "submitting", "attempt": attempt})
        claimed = {"prompt": prompt, "created_at": _stamp(self.now()), "task_id": "", "claim": uuid.uuid4().hex}
        if not self.ledger.change(task.sequence, task, status="submitting", attempt=attempt, **claimed):
            raise SubmitOutcomeUnknown(f"Another run is ordering scene {task.sequence}.")
        name = self._submit(plan, task, claim, prompt)
        deadline = self._deadline()
        if not self.ledger.note(task.sequence, claim, status="generating", task_id=name, deadline=deadline, error=""):
            raise SubmitOutcomeUnknown(f"Scene {task.sequence} was ordered, but the record had changed meanwhile.")
        return name, deadline

    def found(self, task: VertexAiTask) -> float:
        """Return the deadline (Unix seconds) of an order that was placed; a resumed one begins to count again."""
        if task.deadline or task.status != "generating":
            return task.deadline
        deadline = self._deadline()
        self.ledger.change(task.sequence, task, deadline=deadline)
        return deadline

    def _deadline(self) -> float:
        return round(self.now() + self.patience, 3)

    def _submit(self, plan: Plan, task: VertexAiTask, claim: VertexAiTask, prompt: str) -> str:
        try:
            return self.submit(order(plan, plan.scene(task.sequence), prompt))
        except SubmitOutcomeUnknown:
            # The claim stays: whoever runs next must see that this clip may have been bought.
            raise
        except ReelwrightError as error:
            # Why a first order is put off stands in the record; a filtered one keeps the filter's words.
            why = task.error or type(error).__name__
            given_back = {"status": task.status, "attempt": task.attempt, "task_id": task.task_id, "error": why}
            self.ledger.note(task.sequence, claim, **given_back)
            raise


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
