"""The tasks of a plan's scenes at the start of a run: which take is shown, which order stays, what is ordered anew.

Values only; touches nothing. Nothing that was paid for is ordered again but by a person's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared import media_keys
from shared.build.orders import KINDS, need, orders_wanted, stock_of, take_to_show, takes_of
from shared.choices.words import Goal
from shared.contracts import Options
from shared.errors import ClipUnusable, OperationLost, SubmitOutcomeUnknown
from shared.film.plan import Plan, PlannedScene
from shared.http.refusals import SceneMayBeBought
from shared.video.costs import FREE_FAILURES, is_undecided, may_be_charged
from shared.video.public_record import Reason
from shared.video.record import GenerationData, VertexAiTask, prompt_to_keep
from shared.video.take import TakeKind

Attributes = dict[str, Any]
# The clip is ordered (again), waited for, or cut (again); an attempt of 0 lets the first order be attempt 1.
WAIT: Attributes = {"state": "generating", "reason": Reason(), "deadline": 0}
ORDER: Attributes = {
    **WAIT,
    "state": "pending",
    "attempt": 0,
    "rephrased_for": 0,
    "withheld": 0,
    "task_id": "",
    "video_url": "",
    "take": "",
}
CUT: Attributes = {"state": "clip_ready", "reason": Reason()}
_BEING_MADE = "its clip is being made as it was planned before, and will be charged."


@dataclass(frozen=True)
class RunWishes:
    """What a run is asked for: its goal, by which options and which revision of the plan, under which ARN.

    `order_again` says that clips which may have been bought are ordered once more; takes lie in the `bucket`; `call` is
    the call with an idempotency key that asks for it, "" without one.
    """

    goal: Goal
    options: Options
    plan_name: str
    execution_arn: str
    bucket: str
    order_again: bool
    call: str = ""


def scene_of(task: VertexAiTask) -> str:
    """Return the id of the task's scene; a record of an earlier version names its place only."""
    return task.scene or f"s{task.sequence}"


@dataclass(frozen=True)
class NextTasks:
    """The tasks of a plan's scenes at the start of a run."""

    plan: Plan
    data: GenerationData
    wishes: RunWishes

    def tasks(self) -> list[VertexAiTask]:
        """Return one task per scene; raise SceneMayBeBought."""
        return [self._task(scene) for scene in self.plan.scenes]

    def _task(self, scene: PlannedScene) -> VertexAiTask:
        earlier = next((task for task in self.data.vertex_ai_tasks if scene_of(task) == scene.id), None)
        kind = KINDS.get(self.wishes.goal, earlier.kind if earlier else "clip")
        if earlier and earlier.kind != kind:
            earlier = self._other_kind(earlier, scene, kind)
        base = (earlier or VertexAiTask(kind=kind)).model_copy(update={"sequence": scene.sequence, "scene": scene.id})
        name = take_to_show(self.plan, scene, kind, stock_of(self.data))
        if name:
            return base.model_copy(update=self._of_take(scene, kind, name, base))
        if self.wishes.goal not in KINDS:
            return base
        return base.model_copy(update=self._change(base, scene, kind))

    def _other_kind(self, earlier: VertexAiTask, scene: PlannedScene, kind: TakeKind) -> VertexAiTask:
        """Return the scene's task for pictures of another kind than it had: what may be charged stays counted."""
        if is_undecided(earlier) and not self.wishes.order_again:
            raise SceneMayBeBought(f"Scene {earlier.sequence}: {doubt(earlier) or _BEING_MADE}")
        takes = self.data.takes
        return VertexAiTask(
            kind=kind,
            prompt=prompt_to_keep(scene.vertex_ai_prompt),
            rephrasing_usd=earlier.rephrasing_usd,
            doubtful_usd=may_be_charged(self.data, earlier),
            reorder_count=sum(not takes[name].image_id for name in takes_of(scene, kind, takes)),
        )

    def _of_take(self, scene: PlannedScene, kind: TakeKind, name: str, task: VertexAiTask) -> Attributes:
        """Return what a task is whose take is there: it is only cut."""
        takes = self.data.takes
        key = media_keys.take(self.plan.video_id, self.plan.generation_id, name, takes[name].kind)
        is_same = task.take == name
        usd = sum(takes[each].usd for each in takes_of(scene, kind, takes))
        attributes = {
            "take": name,
            # Whatever order it came of: there is nothing to order.
            "attempt": max(task.attempt, 1),
            "video_url": f"s3://{self.wishes.bucket}/{key}",
            "order": takes[name].order,
            "first_frame": takes[name].first_frame,
            "prompt": task.prompt if is_same else prompt_to_keep(scene.vertex_ai_prompt),
            "rephrased_for": task.rephrased_for if is_same else 0,
            "cost_usd": max(task.cost_usd, round(usd, 6)),
        }
        if is_undecided(task):
            # What was ordered, and is not wanted any more, stays counted.
            attributes["doubtful_usd"] = may_be_charged(self.data, task)
        return {**CUT, **attributes}

    def _change(self, task: VertexAiTask, scene: PlannedScene, kind: TakeKind) -> Attributes:
        """Return what must change in a task whose take is missing; an order stays unless it is of no more use."""
        is_other = self._is_of_no_use(task, scene, kind)
        why = doubt(task) or (_BEING_MADE if is_other and task.state == "generating" else "")
        if why and not self.wishes.order_again:
            raise SceneMayBeBought(f"Scene {task.sequence}: {why}")
        prompt = {"prompt": prompt_to_keep(scene.vertex_ai_prompt)}
        if is_other or why:
            return _anew(self.data, task) | prompt
        if task.state == "generating":
            return {"deadline": 0}
        if task.state == "failed":
            return _after_failure(task)
        if task.state in ("completed", "clip_ready") and not task.video_url:
            return ORDER | prompt
        # A prompt that was rephrased was paid for.
        return prompt if task.state == "pending" and not task.rephrased_for else {}

    def _is_of_no_use(self, task: VertexAiTask, scene: PlannedScene, kind: TakeKind) -> bool:
        """Return whether what the task has, or has ordered, is not what the scene shows, or too short for it."""
        if task.take in self.data.takes:
            return True
        if task.state == "generating" and 0 < task.ordered_seconds < need(self.plan, scene, kind).seconds:
            return True
        return bool(task.order) and task.order not in orders_wanted(self.plan, scene, kind, stock_of(self.data))


def _anew(data: GenerationData, task: VertexAiTask) -> Attributes:
    """Return what orders a scene's clip anew; an earlier one that is, or may be, charged stays in the account."""
    is_bought = bool(task.video_url) or is_undecided(task)
    return {
        **ORDER,
        "reorder_count": task.reorder_count + is_bought,
        "doubtful_usd": may_be_charged(data, task),
        "price_usd": 0,
    }


def _after_failure(task: VertexAiTask) -> Attributes:
    if task.video_url:
        return CUT
    return WAIT if task.task_id and task.reason.code not in FREE_FAILURES else ORDER


def doubt(task: VertexAiTask) -> str:
    """Return why ordering the clip again might pay twice; nothing when it would not."""
    if task.state == "submitting":
        return "its clip was being ordered when the generation ended; it may have been bought."
    if task.state != "failed":
        return ""
    if task.reason.code == ClipUnusable.__name__:
        return "its clip was paid for and cannot be used."
    if task.reason.code == OperationLost.__name__:
        return "its clip may have been charged and cannot be fetched any more."
    # A claim that was given back has its attempt back too.
    if task.reason.code == SubmitOutcomeUnknown.__name__ or (task.attempt and not task.task_id):
        return "its clip may have been bought."
    return ""
