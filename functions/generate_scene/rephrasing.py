"""Another prompt for a scene whose clip the safety filter withheld: asked for, paid for and noted once.

Touches what its ports touch: the record (conditional writes), the accounts and the planning model.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pydantic import BaseModel, field_validator

from functions.generate_scene.core import REPHRASE, SceneOrder
from shared.aws.dynamodb import TABLE_ERRORS
from shared.budget import pricing
from shared.budget.accounts import Spending
from shared.errors import Superseded
from shared.models.planner import Planner
from shared.video.free_ends import UNCHANGED_ATTEMPTS
from shared.video.record import VertexAiTask, prompt_to_keep
from shared.video.scene_ledger import SceneLedger


class RephraseReply(BaseModel):
    """The planning model's answer to a filtered prompt: a prompt that the video model would take."""

    prompt: str

    @field_validator("prompt")
    @classmethod
    def _fits(cls, prompt: str) -> str:
        # Checked here and not in the schema, whose limits on length OpenAI's strict mode does not know.
        if not prompt.strip():
            raise ValueError("The rephrased prompt is empty.")
        return prompt_to_keep(prompt.strip())


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
class Rephrasing:
    """The prompts of one scene's orders, and who pays for those that the planning model writes."""

    order: SceneOrder
    ledger: SceneLedger
    planner: Planner
    spending: Spending

    def prompt(self) -> tuple[str, float]:
        """Return the prompt of this order and the USD that rephrasing the scene has cost by then.

        A new one is kept before anything is ordered with it, so that an order put off does not pay for it again.
        Raises BudgetExceeded when the budget, or a day's limit, has no room for asking.
        """
        task = self.order.task
        if task.withheld < (1 if task.rephrased_for else UNCHANGED_ATTEMPTS):
            return task.prompt if task.rephrased_for else self.order.scene.vertex_ai_prompt, task.rephrasing_usd
        most = pricing.rephrased_ceiling(self.planner.model)
        bill = RephraseBill(self.ledger, task, most, task.rephrasing_usd, task.doubtful_usd)
        earlier_prompt = task.prompt if task.rephrased_for else self.order.scene.vertex_ai_prompt
        document = {"task": "rephrase", "prompt": earlier_prompt, "reason": task.reason.message}
        with self._set_aside(bill):
            reply = self.planner.ask(REPHRASE, document, RephraseReply, bill)
        self.ledger.note(task.sequence, task, prompt=reply.prompt, rephrased_for=self.order.attempt, withheld=0)
        return reply.prompt, bill.usd

    @contextmanager
    def _set_aside(self, bill: RephraseBill) -> Generator[None]:
        """Set aside the most that rephrasing can cost while the model is asked; keep what it has cost, or may have."""
        task = self.order.task
        most = pricing.rephrasing_ceiling(self.planner.model)
        what = f"scene {task.sequence}, try {self.order.attempt}"
        # What a run that died while it asked may have cost stays set aside, and all the rest with it.
        is_new = not self.spending.has_set_aside(self.order.plan.generation_id, what)
        self.spending.hold(self.order.who, self.order.budget, what, most, self.ledger.check)
        try:
            yield
        finally:
            cost = bill.usd - task.rephrasing_usd + bill.doubtful - task.doubtful_usd
            with suppress(*TABLE_ERRORS):
                self.spending.settle(self.order.who, what, most, cost if is_new else most)
