"""The routes of runs: how a generation goes on from what is there, to any goal.

Touches the table, the bucket and the state machine through the services.
"""

from __future__ import annotations

from collections.abc import Sequence

from functions.api import core
from functions.api.build import launch, limits, plans, view
from functions.api.build.next_run import continued_options, next_run, runnable
from functions.api.build.plans import OpenPlan
from functions.api.build.run_order import RunHeaders, RunOrder, message_of
from functions.api.build.run_tasks import RunWishes
from functions.api.build.translation import translation_to_buy
from functions.api.core import User
from functions.api.services import Services, now_text
from shared.build import edits, orders
from shared.build.own_takes import with_own_takes
from shared.choices.words import Goal
from shared.client_values import plain_line
from shared.http.plan_responses import RunStarted
from shared.http.refusals import NothingToMake, NotResumable, SceneNotFound
from shared.http.requests import NewTake, Resume, StartRun
from shared.http.responses import VideoOutcome
from shared.video.ending import NOT_FOUND
from shared.video.record import GenerationData, VideoRecord


def start(
    services: Services, user: User, video_id: str, body: StartRun, headers: RunHeaders, *, is_counted: bool = False
) -> RunStarted:
    """POST /ai-video/{videoId}/runs: make what the plan needs for the goal and what is not there.

    Raises PlanChanged, and buys nothing, when the headers' tag is that of another revision. A start that `is_counted`
    already is not counted once more.
    """
    record = services.own_film_to_change(user, video_id)
    if earlier_run := _begun_already(services, record, headers):
        return earlier_run
    data = runnable(record)
    _require_something_to_make(services, record, data, body.goal)
    order = RunOrder(
        "The run has started.",
        body.goal,
        budget=body.budget,
        order_again=body.order_again,
        max_usd=body.max_usd,
        headers=headers,
        is_counted=is_counted,
    )
    return _start(services, user, record, data, order)


def _require_something_to_make(services: Services, record: VideoRecord, data: GenerationData, goal: Goal) -> None:
    """Raise NothingToMake for a plan that is there: such a run would only take the place of what is finished."""
    has_ended_well = record.ai_generation_status in ("completed", "awaiting_review")
    if goal == "plan" and has_ended_well and plans.find_plan(services.bucket, record, data):
        raise NothingToMake


def resume(services: Services, user: User, video_id: str, body: Resume, headers: RunHeaders) -> VideoOutcome:
    """POST /ai-video/{videoId}/resume: a run of a failed or cancelled generation, to the goal that it had."""
    record = services.own(user, video_id)
    if record.ai_generation_status not in ("failed", "cancelled"):
        record = services.own_film_to_change(user, video_id)
    if earlier_run := _begun_already(services, record, headers):
        return _acceptance(earlier_run)
    data = runnable(record, is_finished_of_use=False)
    order = RunOrder(
        "The generation has resumed.",
        data.goal,
        edits=_new_prompts(services, record, data, body),
        budget=body.budget,
        order_again=body.order_again,
        headers=headers,
    )
    return _acceptance(_start(services, user, record, data, order))


def _acceptance(run: RunStarted) -> VideoOutcome:
    return VideoOutcome(message=run.message, video_id=run.video_id, status="processing")


def retake(
    services: Services, user: User, video_id: str, scene_id: str, body: NewTake, *, headers: RunHeaders
) -> RunStarted:
    """POST /ai-video/{videoId}/scenes/{sceneId}/takes: an edit of the plan and a run in one."""
    record = services.own_film_to_change(user, video_id)
    if earlier_run := _begun_already(services, record, headers):
        return earlier_run
    data = runnable(record)
    plans.require_scene(plans.open_plan(services.bucket, record, data).plan, scene_id)
    kind = body.kind or orders.KINDS.get(data.goal, "clip")
    edit = edits.Retake(op="retake", scene=scene_id, prompt=body.prompt, model=body.model, kind=kind)
    goal: Goal = "video" if kind == "clip" else "stills"
    order = RunOrder(
        f"Scene {scene_id} is made anew.",
        goal,
        edits=[edit],
        budget=body.budget,
        order_again=body.order_again,
        max_usd=body.max_usd,
        headers=headers,
    )
    return _start(services, user, record, data, order)


def _begun_already(services: Services, record: VideoRecord, headers: RunHeaders) -> RunStarted | None:
    """Return the acceptance of the latest run if this very call has begun it, which is started if it was not."""
    data = record.ai_generation_data
    if data is None or not headers.call or data.run_call != headers.call:
        return None
    # Only what could not be started at all is begun again.
    if record.ai_generation_status == "failed" and services.machine.describe(data.execution_arn).status == NOT_FOUND:
        return None
    launch.start_if_only_written(services, record, data)
    message = "The run was begun before, by this very call; nothing more is bought."
    return RunStarted(message=message, video_id=record.video_id, goal=data.goal, buys=[], usd=0)


def _new_prompts(
    services: Services, record: VideoRecord, data: GenerationData, body: Resume
) -> Sequence[edits.ChangeScene]:
    """Return the new prompts of a resumption as edits: a prompt that is sent back as it was is none."""
    if not body.scenes:
        return []
    plan = plans.open_plan(services.bucket, record, data).plan
    changes = list[edits.ChangeScene]()
    for change in body.scenes:
        if change.sequence > len(plan.scenes):
            raise SceneNotFound(f"There is no scene {change.sequence}; the plan has {len(plan.scenes)}.")
        scene = plan.scene(change.sequence)
        is_same = change.prompt in (scene.prompt, plain_line(scene.prompt), plain_line(scene.vertex_ai_prompt))
        if not is_same:
            changes.append(edits.ChangeScene(op="scene", scene=scene.id, prompt=change.prompt))
    return changes


def _with_edits(current: OpenPlan, changes: Sequence[edits.Edit], data: GenerationData) -> OpenPlan:
    return plans.apply_edits(current, changes, plans.bench_of(current, data)) if changes else current


def _start(services: Services, user: User, record: VideoRecord, data: GenerationData, order: RunOrder) -> RunStarted:
    """Write the plan's next revision if there are edits, then the run, and start it; a refusal writes nothing."""
    plans.require_match(services.bucket, record, data, order.headers.if_match)
    # A stop that was asked for and did not get through.
    services.machine.stop(data.execution_arn)
    find = plans.open_plan if order.edits else plans.find_plan
    current = find(services.bucket, record, data)
    data = with_own_takes(current.plan, data) if current else data
    next_plan = _with_edits(current, order.edits, data) if current else None
    plan = next_plan.plan if next_plan else None
    options = continued_options(data, plan, order.budget)
    plan_name = next_plan.name if next_plan else data.plan_name
    request = core.execution_input(record, services.bucket.name, data.generation_id, options)
    request = request.model_copy(update={"goal": order.goal, "plan_name": plan_name})
    arn = services.machine.execution_arn(request, data.run + 1)
    wishes = RunWishes(order.goal, options, plan_name, arn, services.bucket.name, order.order_again, order.headers.call)
    change = next_run(data, plan, wishes)
    missing = orders.needs(plan, order.goal, change.tasks) if plan else []
    translation = translation_to_buy(services, plan)
    translation_usd = sum(purchase.usd for purchase in translation)
    limits.require_room(data, options, missing, translation_usd)
    limits.require_within(order.max_usd, limits.most_usd(data, options, missing if plan else None, translation_usd))
    if not order.is_counted:
        services.pace.count(user[0])
    if next_plan and next_plan is not current:
        plans.store(services.bucket, record, data, next_plan)
    if not services.table.go_on(record, data, change, now_text()):
        raise NotResumable("The generation has changed in the meantime; load it again.")
    changes = {"execution_arn": arn, "run": change.run, "processing_steps": change.steps, "failure": None}
    launch.launch(services, record, data.model_copy(update=changes), request)
    return RunStarted(
        message=message_of(order, plan, missing, data),
        video_id=record.video_id,
        goal=order.goal,
        buys=[*view.purchases(missing), *translation],
        usd=round(orders.price(missing) + translation_usd, 6),
    )
