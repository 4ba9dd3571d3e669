"""What a generation has cost so far, and what it may have cost besides: one arithmetic for the API and for settle.

Values only; touches nothing. All amounts are in USD.
"""

from __future__ import annotations

from shared import veo_models
from shared.errors import SceneFiltered, VeoFailed
from shared.record import CostBreakdown, GenerationData, VertexAiTask

# Failures that say that nothing was charged for the clip.
_FREE = (VeoFailed.__name__, SceneFiltered.__name__)


def costs(data: GenerationData) -> CostBreakdown:
    """Return what was spent so far, with the clips that are there while others are still being made."""
    kept = data.cost_breakdown
    clips = max(kept.video_generation, sum(task.cost_usd for task in data.vertex_ai_tasks))
    planning = max(kept.scene_generation, sum(data.planning_answers.values()))
    rephrasing = max(kept.rephrasing, sum(task.rephrasing_usd for task in data.vertex_ai_tasks))
    spent = {"scene_generation": planning, "rephrasing": rephrasing, "video_generation": clips}
    spent["total"] = kept.transcription + sum(spent.values())
    return kept.model_copy(update={name: round(usd, 6) for name, usd in spent.items()})


def undecided(task: VertexAiTask) -> bool:
    """Return whether a clip was ordered of which nobody knows yet if it is charged."""
    if task.video_url:
        return False
    failed = task.status == "failed" and task.attempt > 0 and task.error.partition(":")[0] not in _FREE
    return failed or task.status in ("submitting", "generating")


def outlay(data: GenerationData) -> float:
    """Return what was spent at most: clips of an unknown fate count as bought."""
    return round(costs(data).total + sum(_price(data, task) for task in data.vertex_ai_tasks if undecided(task)), 6)


def charged(data: GenerationData) -> bool:
    """Return whether anything was bought, or may have been."""
    return outlay(data) > 0


def _price(data: GenerationData, task: VertexAiTask) -> float:
    model = veo_models.MODELS.get(data.model)
    if model is None:
        return data.planned_video_cost
    scenes = data.scene_beats.scenes if data.scene_beats else []
    known = [scene.duration for scene in scenes if scene.sequence == task.sequence]
    longest = model.clip_seconds[-1]
    return veo_models.clip_cost(model, veo_models.billed_seconds(model, min(known[0] if known else longest, longest)))
