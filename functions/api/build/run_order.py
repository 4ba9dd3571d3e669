"""What a run is asked for, and the sentence that tells what it does.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace

from shared.build import continuity, edits, orders
from shared.choices.words import Goal
from shared.film.plan import Plan
from shared.video.record import GenerationData


@dataclass(frozen=True)
class RunHeaders:
    """What a call's headers say of its run: the tag of the revision that is meant, and `call`, by its key, or ""."""

    if_match: str | None = None
    call: str = ""


@dataclass(frozen=True)
class RunOrder:
    """What a run is asked for, and the sentence that says so: its goal, edits of the plan that come first, a new budget
    in USD, whether clips that may have been bought are ordered again, the most that the run itself may buy for, in USD,
    what the call's headers say, and whether the start is counted already.
    """

    message: str
    goal: Goal
    _: KW_ONLY
    edits: Sequence[edits.Edit] = ()
    budget: float | None = None
    order_again: bool = False
    max_usd: float | None = None
    headers: RunHeaders = RunHeaders()
    is_counted: bool = False


def message_of(order: RunOrder, plan: Plan | None, missing: Sequence[orders.Need], data: GenerationData) -> str:
    """Return the sentence that says what the run does, and which scenes keep a clip that another's has left behind."""
    if plan is None:
        return order.message
    edited_ids = {edit.scene for edit in order.edits if isinstance(edit, edits.Retake)}
    others = [need for need in missing if need.scene.id not in edited_ids]
    if edited_ids and others:
        order = replace(order, message=f"{order.message} {_also_bought(others)}")
    if order.goal != "video":
        return order.message
    kept_scenes = continuity.kept_after(plan, {need.scene.id for need in missing}, orders.stock_of(data))
    if not kept_scenes:
        return order.message
    names = ", ".join(kept_scenes)
    return f"{order.message} The clips that follow stay, and begin where the earlier ones ended: {names}."


def _also_bought(others: Sequence[orders.Need]) -> str:
    """Return the sentence that says which scenes a retake buys takes of besides, because they have none."""
    kind = f"{others[0].kind}s" if len(others) > 1 else f"a {others[0].kind}"
    scenes = "scenes" if len(others) > 1 else "scene"
    return f"It also buys {kind} of {scenes} {', '.join(need.scene.id for need in others)}, which lack one."
