"""What the next run of a generation makes: its scenes' takes as they are chosen, and what is left to order.

Values only; touches nothing. Nothing that was paid for is ordered again but by a person's decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.api.build.run_tasks import Attributes, NextTasks, RunWishes, scene_of
from shared.build import orders
from shared.build.orders import Need
from shared.choices.words import Goal
from shared.contracts import Options
from shared.errors import BudgetExceeded
from shared.film.plan import Plan
from shared.http.refusals import AlreadyProcessing, NotResumable
from shared.video.costs import may_be_charged, outlay
from shared.video.public_record import STEPS, ProcessingStep
from shared.video.record import GenerationData, VertexAiTask, VideoRecord
from shared.video.take import TAKE_KINDS

# What an edit of the plan may change of the options.
EDITABLE = ("style", "captions", "caption_style", "caption_language", "shape", "continuity", "model")


@dataclass(frozen=True)
class NextRun:
    """The next execution of a generation: its number, ARN, goal, options, steps and its scenes' tasks.

    `call` is the call with an idempotency key that begins it, "" without one.

    `earlier_*` are the costs of scenes that the plan has no more, in USD; without a plan there are no tasks yet.
    """

    run: int
    execution_arn: str
    call: str
    goal: Goal
    model: str
    options: Options
    plan_name: str
    revision: int
    steps: list[ProcessingStep]
    tasks: list[VertexAiTask]
    withheld: list[str]
    earlier_rephrasing_usd: float
    earlier_doubtful_usd: float

    def attributes(self) -> Attributes:
        """Return it as the record's generation holds it; tasks that are not there yet are left out."""
        values: Attributes = {
            "run": self.run,
            "execution_arn": self.execution_arn,
            "run_call": self.call,
            "goal": self.goal,
            "options": self.options.model_dump(mode="json", exclude_none=True),
            # Said beside the options too, as the customer's page has them.
            "style": self.options.style,
            "model": self.options.model or self.model,
            "plan_name": self.plan_name,
            "revision": self.revision,
            "processing_steps": [step.model_dump(mode="json") for step in self.steps],
            "withheld": self.withheld,
            "earlier_rephrasing_usd": self.earlier_rephrasing_usd,
            "earlier_doubtful_usd": self.earlier_doubtful_usd,
        }
        tasks = [task.model_dump(mode="json") for task in self.tasks]
        return values | ({"vertex_ai_tasks": tasks} if tasks else {})


def require_idle(record: VideoRecord) -> None:
    """Raise AlreadyProcessing while a generation of the video runs."""
    if record.ai_generation_status == "processing":
        raise AlreadyProcessing


def runnable(record: VideoRecord, *, is_finished_of_use: bool = True) -> GenerationData:
    """Return the generation that can have another run; raise AlreadyProcessing or NotResumable when there is none.

    One that is finished, or waits for a review, can have one unless only what broke off is of use.
    """
    data = record.ai_generation_data
    require_idle(record)
    if data is None or data.is_deleted or record.ai_generation_status is None:
        raise NotResumable("This video has no generation that could go on.")
    if not is_finished_of_use and record.ai_generation_status not in ("failed", "cancelled"):
        raise NotResumable("This video has no failed or cancelled generation.")
    return data


def made_goal(record: VideoRecord, data: GenerationData) -> Goal | None:
    """Return the goal of what the latest run has made of the plan's current revision, or None."""
    preview = data.preview
    if record.ai_generation_status == "completed":
        return "video" if data.final_revision == data.revision else None
    if record.ai_generation_status == "awaiting_review" and preview and preview.revision == data.revision:
        return preview.goal
    return None


def continued_options(data: GenerationData, plan: Plan | None, budget: float | None) -> Options:
    """Return the options of the generation's next run, with a new `budget` in USD if there is one.

    Raises BudgetExceeded when the generation has cost more than that already, or may have.
    """
    options = Options.model_validate(data.options)
    if plan is not None:
        options = options.model_copy(update={name: getattr(plan.options, name) for name in EDITABLE})
    if budget is None:
        return options
    if budget < outlay(data):
        raise BudgetExceeded(
            f"The generation has cost up to {outlay(data):.4f} USD already, which the budget includes; "
            f"choose one above that instead of {budget:g} USD."
        )
    return options.model_copy(update={"budget_usd": budget})


def next_run(data: GenerationData, plan: Plan | None, wishes: RunWishes) -> NextRun:
    """Return the next run of a generation as it is wished for, by a revision of its plan if there is one.

    Raises SceneMayBeBought when a clip's order has an unknown outcome, or its clip is unusable, unless it is ordered
    again.
    """
    tasks = NextTasks(plan, data, wishes).tasks() if plan else []
    scene_ids = {task.scene for task in tasks}
    others = [task for task in data.vertex_ai_tasks if plan and scene_of(task) not in scene_ids]
    return NextRun(
        run=data.run + 1,
        execution_arn=wishes.execution_arn,
        call=wishes.call,
        goal=wishes.goal,
        model=data.model,
        options=wishes.options,
        plan_name=wishes.plan_name,
        revision=plan.revision if plan else data.revision,
        steps=[ProcessingStep(step=step) for step in STEPS],
        tasks=tasks,
        withheld=_withheld(data, plan),
        earlier_rephrasing_usd=_sum(data.earlier_rephrasing_usd, *(task.rephrasing_usd for task in others)),
        earlier_doubtful_usd=_sum(data.earlier_doubtful_usd, *(may_be_charged(data, task) for task in others)),
    )


def _withheld(data: GenerationData, plan: Plan | None) -> list[str]:
    """Return the digests of what was withheld for good and a scene still wants: the others count for nothing."""
    stock = orders.stock_of(data)
    if plan is None:
        return sorted(stock.withheld)
    wanted_orders = {
        order
        for scene in plan.scenes
        for kind in TAKE_KINDS
        for order in orders.orders_wanted(plan, scene, kind, stock)
    }
    return sorted(stock.withheld & wanted_orders)


def needs(data: GenerationData, plan: Plan, goal: Goal) -> list[Need]:
    """Return what a run to the goal would buy, clips of an unknown fate once more included."""
    wishes = RunWishes(goal, plan.options, "", "", "", order_again=True)
    return orders.needs(plan, goal, NextTasks(plan, data, wishes).tasks())


def _sum(*amounts: float) -> float:
    return round(sum(amounts), 6)
