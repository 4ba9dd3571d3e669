"""What a generation has cost so far, and what it may have cost besides: one arithmetic for the API and for settle.

Values only; touches nothing. All amounts are in USD.
"""

from __future__ import annotations

from shared.choices.words import Resolution
from shared.errors import SceneFiltered, VeoFailed
from shared.film.plan import Plan
from shared.models import video_models
from shared.video.public_record import CostBreakdown
from shared.video.record import GenerationData, VertexAiTask

# Failures that say that nothing was charged for the clip, and whose operation is of no more use.
FREE_FAILURES = (VeoFailed.__name__, SceneFiltered.__name__)


def costs(data: GenerationData) -> CostBreakdown:
    """Return what was spent so far, with the clips that are there while others are still being made."""
    breakdown = data.cost_breakdown
    # Takes count also where no scene shows them any more; a record of an earlier version has none.
    clips = max(
        breakdown.video_generation,
        sum(task.cost_usd for task in data.vertex_ai_tasks),
        sum(take.usd for take in data.takes.values()),
    )
    transcription = max(breakdown.transcription, data.transcription_usd)
    planning = max(breakdown.scene_generation, sum(data.planning_answers.values()))
    rephrasings = data.earlier_rephrasing_usd + sum(task.rephrasing_usd for task in data.vertex_ai_tasks)
    rephrasing = max(breakdown.rephrasing, rephrasings)
    parts = {"transcription": transcription, "scene_generation": planning}
    parts |= {"rephrasing": rephrasing, "video_generation": clips}
    parts["total"] = sum(parts.values())
    under_way = any(step.status == "processing" for step in data.processing_steps)
    parts["undecided"] = 0 if under_way else doubtful(data)
    return breakdown.model_copy(update={name: round(usd, 6) for name, usd in parts.items()})


def clip_price(plan: Plan, sequence: int) -> float:
    """Return what a delivered clip of the scene costs; nothing where an own picture is shown."""
    scene = plan.scene(sequence)
    if scene.shows_picture:
        return 0
    model = video_models.model(plan.model_of(scene))
    return video_models.clip_cost(model, scene.veo_seconds, plan.options.resolution)


def planned_cost(plan: Plan) -> float:
    """Return what all clips of the plan cost."""
    return round(sum(clip_price(plan, scene.sequence) for scene in plan.scenes), 6)


def unordered_cost(plan: Plan, data: GenerationData) -> float:
    """Return what the clips cost of the scenes that have none, and for which none is, or may be, charged.

    One that is ordered anew is paid for by itself.
    """
    tasks = {task.sequence: task for task in data.vertex_ai_tasks}
    scenes = [scene.sequence for scene in plan.scenes if _is_unordered(tasks.get(scene.sequence))]
    return round(sum(clip_price(plan, sequence) for sequence in scenes), 6)


def _is_unordered(task: VertexAiTask | None) -> bool:
    return task is None or not (task.video_url or task.reorder_count or is_undecided(task))


def is_undecided(task: VertexAiTask) -> bool:
    """Return whether a clip was ordered of which nobody knows yet if it is charged."""
    if task.video_url:
        return False
    has_failed = task.state == "failed" and task.attempt > 0 and task.reason.code not in FREE_FAILURES
    return has_failed or task.state in ("submitting", "generating")


def has_charge(task: VertexAiTask) -> bool:
    """Return whether anything was bought for the task's scene, or may have been."""
    return bool(task.cost_usd or task.rephrasing_usd or task.doubtful_usd) or is_undecided(task)


def outlay(data: GenerationData) -> float:
    """Return what was spent at most: clips and answers of an unknown fate count as bought."""
    return round(costs(data).total + doubtful(data), 6)


def planning_outlay(data: GenerationData) -> float:
    """Return what was spent at most on asking the planning model for the plan."""
    return round(sum(data.planning_answers.values()) + sum(data.planning_doubtful.values()), 6)


def doubtful(data: GenerationData) -> float:
    """Return what may have been charged besides what is known to be."""
    clips = sum(may_be_charged(data, task) for task in data.vertex_ai_tasks)
    return round(data.earlier_doubtful_usd + clips + sum(data.planning_doubtful.values()), 6)


def may_be_charged(data: GenerationData, task: VertexAiTask) -> float:
    """Return what clips and rephrasings of the task may have cost of which nobody knows if they are charged."""
    return round(task.doubtful_usd + (_price(data, task) if is_undecided(task) else 0), 6)


def is_charged(data: GenerationData) -> bool:
    """Return whether anything was bought, or may have been."""
    return outlay(data) > 0


def _price(data: GenerationData, task: VertexAiTask) -> float:
    if task.price_usd:
        return task.price_usd
    # A record of an earlier version says no price.
    model = video_models.MODELS.get(data.model)
    if model is None:
        return data.planned_video_cost
    scenes = data.scene_beats.scenes if data.scene_beats else []
    durations = [scene.duration for scene in scenes if scene.sequence == task.sequence]
    seconds = min(durations[0] if durations else model.longest, model.longest)
    # Older records name none.
    resolution: Resolution = "1080p" if data.options.get("resolution") == "1080p" else "720p"
    return video_models.clip_cost(model, video_models.billed_seconds(model, seconds), resolution)
