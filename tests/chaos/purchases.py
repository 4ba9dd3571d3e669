"""Whether what was sold to a video is what its runs were to buy: no other kind, no more than announced, nothing twice.

Values only; touches nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from local.emulators.ledger import CLIP, PICTURE, TEXT, Entry
from shared.choices.words import Goal
from shared.video.record import GenerationData, VertexAiTask, VideoRecord
from shared.video.take import TakeKind

# The least amount in USD by which a purchase may differ from its announcement: amounts have six digits.
_CENT = 1e-5
# What is sold as a take of which kind, and what a run to each goal may order.
_KINDS: Mapping[str, TakeKind] = {CLIP: "clip", PICTURE: "still"}
_ORDERS: Mapping[Goal, str] = {"stills": PICTURE, "video": CLIP}


def of_video(video: str, sales: Iterable[Entry]) -> list[Entry]:
    """Return the clips and pictures that were sold to the video, charged or not; `sales` are those of any videos."""
    return [sale for sale in sales if sale.video == video.lower() and sale.what != TEXT]


def besides(video: str, goals: Sequence[Goal], sales: Iterable[Entry]) -> list[str]:
    """Return a sentence for each sale to the video that none of the goals of its runs asks for, charged or not."""
    kinds = {_ORDERS.get(goal, "") for goal in goals}
    return [
        f"{sale.what} bought on the way to {goals[-1]}" for sale in of_video(video, sales) if sale.what not in kinds
    ]


def against_announcement(record: VideoRecord, announced_usd: float | None, sold_usd: float) -> list[str]:
    """Return a sentence if a run has bought more than was announced, or if it has reached its goal, anything else.

    What was announced in an answer that never came nobody knows. Of a run that broke off, a part may be bought.
    """
    if announced_usd is None:
        return []
    is_there = record.ai_generation_status in ("completed", "awaiting_review")
    is_as_announced = abs(sold_usd - announced_usd) < _CENT if is_there else sold_usd < announced_usd + _CENT
    return [] if is_as_announced else [f"{announced_usd} USD was announced, and {sold_usd} bought"]


def charged_twice(data: GenerationData, sales: list[Entry]) -> list[str]:
    """Return a sentence for each scene whose `sales`, all charged, are more than were ordered for it."""
    if _is_cut_anew(data):
        return _more_than_ordered(data, sales)
    times = Counter((sale.scene, sale.what) for sale in sales)
    tasks = {task.sequence: task for task in data.vertex_ai_tasks}
    return [
        f"the {what} of scene {scene} was charged {count} times"
        for (scene, what), count in times.items()
        if count > max(1, _orders(data, tasks.get(scene), _KINDS[what]))
    ]


def _is_cut_anew(data: GenerationData) -> bool:
    """Return whether scenes are no longer where they were: a sale names the place that its scene had then."""
    scenes = [task.scene for task in data.vertex_ai_tasks]
    is_in_order = scenes == [f"s{number}" for number in range(1, len(scenes) + 1)]
    return not is_in_order or any(take.scene not in scenes for take in data.takes.values())


def _more_than_ordered(data: GenerationData, sales: list[Entry]) -> list[str]:
    """Return a sentence for each kind of sale of which there are more than all scenes together were ordered."""
    times = Counter(sale.what for sale in sales)
    takes = Counter(take.kind for take in data.takes.values())
    under_way = Counter(task.kind for task in data.vertex_ai_tasks if not task.take)
    again = sum(task.reorder_count + bool(task.doubtful_usd) for task in data.vertex_ai_tasks)
    earlier = bool(data.earlier_doubtful_usd)
    return [
        f"{count} of {what} were charged"
        for what, count in times.items()
        if count > takes[_KINDS[what]] + under_way[_KINDS[what]] + again + earlier
    ]


def _orders(data: GenerationData, task: VertexAiTask | None, kind: TakeKind) -> int:
    """Return how often a take of the kind was ordered for the task's scene: a person may have had it made anew."""
    if task is None:
        return 0
    takes = sum(take.scene == task.scene and take.kind == kind for take in data.takes.values())
    # Of the other kind than the latest run's there may be one besides of which nobody knows if it is charged.
    return max(1 + task.reorder_count, takes) if task.kind == kind else takes + bool(task.doubtful_usd)
