"""The purchase of one clip: claim the scene, order, and note the operation, so that no rerun orders again.

Touches what its ports touch: the record (conditional writes), the planning model and Veo.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, field_validator

from functions.generate_scene.core import REPHRASE, order
from shared.budget import pricing
from shared.budget.accounts import PLAN, Spending
from shared.contracts import PROMPT_LIMIT
from shared.errors import ReelwrightError, SceneFiltered, SubmitOutcomeUnknown, Superseded, TableUnavailable
from shared.film.plan import Plan
from shared.models.planner import Planner
from shared.models.veo import Submit
from shared.video.costs import clip_price, planned_cost
from shared.video.free_ends import UNCHANGED_ATTEMPTS, note_filtered
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger


class RephraseReply(BaseModel):
    """The planning model's answer to a filtered prompt: a prompt that Veo would take."""

    prompt: str

    @field_validator("prompt")
    @classmethod
    def _fits(cls, prompt: str) -> str:
        # Checked here and not in the schema, whose limits on length OpenAI's strict mode does not know.
        if not prompt.strip():
            raise ValueError("The rephrased prompt is empty.")
        return prompt.strip()[:PROMPT_LIMIT]


@dataclass
class RephraseBill:
    """A scene's task as the bill for rephrasing its prompt: USD paid, and USD that nobody knows to be.

    `ceiling` is the most that one answer can cost.
    """

    ledger: SceneLedger
    task: VertexAiTask
    ceiling: float
    usd: float
    doubtful: float

    def asking(self, _request: str) -> None:
        """Note that the model is about to be asked; raise Superseded when the generation is over, or the scene's state.

        Nothing more is bought for it then.
        """
        self.doubtful = round(self.doubtful + self.ceiling, 6)
        costs = {"rephrasing_usd": self.usd, "doubtful_usd": self.doubtful}
        if not self.ledger.change(self.task.sequence, self.task, **costs):
            self.doubtful = round(self.doubtful - self.ceiling, 6)
            raise Superseded("The scene no longer is this execution's to order.")

    def note_free(self, _request: str) -> None:
        """Note that it was not charged."""
        self.doubtful = round(self.doubtful - self.ceiling, 6)
        self._note()

    def note_cost(self, _request: str, _answer: str, usd: float) -> None:
        """Note what the answer was charged at."""
        self.usd = round(self.usd + usd, 6)
        self.doubtful = round(self.doubtful - self.ceiling, 6)
        self._note()

    def _note(self) -> None:
        self.ledger.note(self.task.sequence, self.task, rephrasing_usd=self.usd, doubtful_usd=self.doubtful)


@dataclass(frozen=True)
class ClipPurchase:
    """Everything a purchase needs; `patience` is how long a clip may take, in seconds."""

    ledger: SceneLedger
    submit: Submit
    planner: Planner
    patience: int
    spending: Spending | None = None
    now: Callable[[], float] = time.time

    def prompt(self, plan: Plan, task: VertexAiTask, attempt: int, user_id: str) -> tuple[str, float]:
        """Return the prompt for this attempt and the USD that rephrasing the scene has cost by then.

        A new one is kept before anything is ordered with it, so that an order put off does not pay for it again.
        Raises BudgetExceeded when the budget, or a day's limit, has no room for asking.
        """
        own_or_planned = task.own_prompt or plan.scene(task.sequence).vertex_ai_prompt
        if task.withheld < (1 if task.rephrased_for else UNCHANGED_ATTEMPTS):
            return task.prompt if task.rephrased_for else own_or_planned, task.rephrasing_usd
        most = pricing.rephrased_ceiling(self.planner.model)
        bill = RephraseBill(self.ledger, task, most, task.rephrasing_usd, task.doubtful_usd)
        document = {"task": "rephrase", "prompt": task.prompt, "reason": task.error}
        with self._set_aside(plan, task, attempt, user_id, bill):
            reply = self.planner.ask(REPHRASE, document, RephraseReply, bill)
        self.ledger.note(task.sequence, task, prompt=reply.prompt, rephrased_for=attempt, withheld=0)
        return reply.prompt, bill.usd

    @contextmanager
    def _set_aside(
        self, plan: Plan, task: VertexAiTask, attempt: int, user_id: str, bill: RephraseBill
    ) -> Generator[None]:
        """Set aside the most that rephrasing can cost while the model is asked; keep what it has cost, or may have."""
        if self.spending is None:
            yield
            return
        most = pricing.rephrasing_ceiling(self.planner.model)
        what = f"scene {task.sequence}, try {attempt}"
        who = user_id, plan.generation_id
        # What a run that died while it asked may have cost stays set aside, and all the rest with it.
        is_new = not self.spending.has_set_aside(plan.generation_id, what)
        self.spending.hold(who, plan.options.budget_usd, what, most, self.ledger.check)
        try:
            yield
        finally:
            cost = bill.usd - task.rephrasing_usd + bill.doubtful - task.doubtful_usd
            with suppress(TableUnavailable):
                self.spending.settle(who, what, most, cost if is_new else most)

    def afford(self, plan: Plan, task: VertexAiTask, user_id: str) -> None:
        """Set aside what the plan has not: a clip that a person ordered anew, or a plan whose money was given back.

        Raises BudgetExceeded when the budget, or a day's limit, has no room for it.
        """
        if self.spending is None:
            return
        who = user_id, plan.generation_id
        budget = plan.options.budget_usd
        check = self.ledger.check
        if not self.spending.has_set_aside(plan.generation_id, PLAN):
            self.spending.hold(who, budget, PLAN, planned_cost(plan), check)
        if task.reorder_count:
            price = clip_price(plan, task.sequence)
            self.spending.hold(who, budget, f"scene {task.sequence}, order {task.reorder_count + 1}", price, check)

    def order(self, plan: Plan, task: VertexAiTask, attempt: int, prompt: str) -> tuple[str, float]:
        """Claim, order and note; return the operation name and its deadline (Unix seconds), or none if it is blocked.

        Raises SubmitOutcomeUnknown when another run holds the claim or the order may have been accepted.
        """
        mine = uuid.uuid4().hex
        claim = task.model_copy(update={"state": "submitting", "attempt": attempt, "claim": mine})
        claim_attributes = {"prompt": prompt, "created_at": _stamp(self.now()), "task_id": "", "claim": mine}
        if not self.ledger.change(task.sequence, task, state="submitting", attempt=attempt, **claim_attributes):
            raise SubmitOutcomeUnknown(f"Another run is ordering scene {task.sequence}.")
        try:
            name = self._submit(plan, task, claim, prompt)
        except SceneFiltered as filtered_error:
            note_filtered(self.ledger, claim, str(filtered_error), is_prompt_blocked=True)
            return "", self._deadline()
        deadline = self._deadline()
        try:
            is_noted = self.ledger.note(
                task.sequence, claim, state="generating", task_id=name, deadline=deadline, error=""
            )
        except ReelwrightError as error:
            # Said here and now: a retry would find the claim only, and not the name of what was bought.
            raise SubmitOutcomeUnknown(f"Scene {task.sequence} was ordered as {name}, which was not noted.") from error
        if not is_noted:
            raise SubmitOutcomeUnknown(f"Scene {task.sequence} was ordered as {name}, but the record had changed.")
        return name, deadline

    def restart_deadline(self, task: VertexAiTask) -> float:
        """Return the deadline (Unix seconds) of an order that was placed; a resumed one begins to count again."""
        if task.deadline or task.state != "generating":
            return task.deadline
        deadline = self._deadline()
        self.ledger.change(task.sequence, task, deadline=deadline)
        return deadline

    def _deadline(self) -> float:
        return round(self.now() + self.patience, 3)

    def _submit(self, plan: Plan, task: VertexAiTask, claim: VertexAiTask, prompt: str) -> str:
        try:
            return self.submit(order(plan, plan.scene(task.sequence), prompt))
        except (SubmitOutcomeUnknown, SceneFiltered):
            # The claim stays: whoever runs next must see that this clip may have been bought, or was refused.
            raise
        except ReelwrightError as error:
            # Why a first order is put off stands in the record; a filtered one keeps the filter's words.
            why = task.error or type(error).__name__
            given_back = {"state": task.state, "attempt": task.attempt, "task_id": task.task_id, "error": why}
            self.ledger.note(task.sequence, claim, **given_back)
            raise


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
