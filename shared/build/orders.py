"""What a run to a goal makes: which takes a scene has, which one is chosen, what is missing and what that costs.

Values only; touches nothing. One decision for the price that is announced, for what is set aside, and for what is
bought.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.choices.words import Goal
from shared.errors import ClipUnusable, SceneFiltered
from shared.film.picture_choices import OWN_TAKE
from shared.film.plan import Plan, PlannedScene
from shared.models import video_models
from shared.models.picture_request import picture_request, still_brief
from shared.models.request_body import canonical
from shared.video.record import GenerationData, VertexAiTask
from shared.video.take import Take, TakeKind

Takes = Mapping[str, Take]
# What a scene needs for a film of that goal; a draft is drawn, and a plan needs nothing.
KINDS: Mapping[Goal, TakeKind] = {"stills": "still", "video": "clip"}
# The states of tasks whose take is still to be ordered.
TO_ORDER = ("pending", "filtered")
# What a clip of a chain begins with: where the scene before it ends, whatever that shows by then.
CHAINED = "chain"


@dataclass(frozen=True)
class Need:
    """A take that is missing: of which scene, by which model, of how many seconds, for how many USD."""

    scene: PlannedScene
    kind: TakeKind
    model: str
    seconds: int
    usd: float


@dataclass(frozen=True)
class Stock:
    """The takes of a generation that can be shown, by id, and the digests of what the safety filter has withheld."""

    takes: Takes
    withheld: frozenset[str] = frozenset()


def stock_of(data: GenerationData) -> Stock:
    """Return what a generation has; a take that turned out to be no video is none."""
    failed_tasks = [task for task in data.vertex_ai_tasks if task.state == "failed"]
    unusable = {task.take for task in failed_tasks if task.reason.code == ClipUnusable.__name__}
    filtered_orders = (task.order for task in failed_tasks if task.reason.code == SceneFiltered.__name__ and task.order)
    takes = {name: take for name, take in data.takes.items() if name not in unusable}
    return Stock(takes, frozenset((*data.withheld, *filtered_orders)))


def beginning(plan: Plan, scene: PlannedScene, stock: Stock) -> str:
    """Return what the plan wants a clip of the scene to begin with: CHAINED, a still by its id, or nothing given."""
    own = scene.picture
    if own:
        # An own first frame goes before any continuity; no model takes one beside a reference.
        return f"{OWN_TAKE}{own.digest}" if own.begins_clip else ""
    continuity = plan.options.continuity
    if continuity == "none" or not video_models.model(plan.model_of(scene)).first_frame:
        return ""
    if continuity == "chain":
        return CHAINED if scene.sequence > 1 else ""
    return take_to_show(plan, scene, "still", stock)


def orders_wanted(plan: Plan, scene: PlannedScene, kind: TakeKind, stock: Stock) -> tuple[str, ...]:
    """Return the digests of what the plan wants of a take of the scene: the first is ordered, all of them serve."""
    if kind == "still":
        return (order_digest(plan, scene, kind),)
    order = order_digest(plan, scene, kind, beginning(plan, scene, stock))
    # What became the first scene of a chain was bought as a part of it.
    is_first_of_chain = plan.options.continuity == "chain" and scene.sequence == 1
    return (order, order_digest(plan, scene, kind, CHAINED)) if is_first_of_chain else (order,)


def order_digest(plan: Plan, scene: PlannedScene, kind: TakeKind, begins_with: str = "") -> str:
    """Return the digest of such a take, but for its length, in hexadecimal; a clip may begin with a given picture."""
    options = plan.options
    body = {
        "kind": kind,
        "model": plan.model_of(scene) if kind == "clip" else still_brief(plan, scene.sequence).model,
        "prompt": scene.vertex_ai_prompt,
        "negative_prompt": plan.negative_prompt,
        "frame": [options.aspect_ratio, options.resolution],
        "asked": scene.retake if kind == "clip" else scene.redraw,
    }
    if begins_with:
        body["begins_with"] = begins_with
    if scene.picture and scene.references:
        body["references"] = [scene.picture.digest]
    return hashlib.sha256(canonical(body).encode()).hexdigest()[:16]


def known_prompts(plan: Plan, scene: PlannedScene, takes: Takes, names: Iterable[str]) -> dict[str, str]:
    """Return by which prompts takes of the scene were made, by their ids: what is known, and of `names` what follows.

    A take that is what the plan wants now was made by the prompt that the scene has now.
    """
    stock = Stock(takes)
    current_names = [
        name
        for name in names
        if name in takes and takes[name].order in orders_wanted(plan, scene, takes[name].kind, stock)
    ]
    return {**scene.prompts, **dict.fromkeys(current_names, scene.prompt)}


def own_take(scene: PlannedScene, kind: TakeKind) -> str:
    """Return the id of the own picture that the scene shows in place of a take of the kind, "" where it shows none.

    What a clip shall begin with is the scene's still, too: none is drawn for it.
    """
    own = scene.picture
    stands_for_it = own is not None and (own.is_shown or (kind == "still" and own.begins_clip))
    return own.take_id(scene.id) if own and stands_for_it else ""


def takes_of(scene: PlannedScene, kind: TakeKind, takes: Takes) -> list[str]:
    """Return the ids of the scene's takes, newest first."""
    own = [name for name, take in takes.items() if take.scene == scene.id and take.kind == kind]
    return sorted(own, key=lambda name: takes[name].created_at, reverse=True)


def chosen_take(scene: PlannedScene, kind: TakeKind, takes: Takes) -> str:
    """Return the id of the take of the kind that a person chose for the scene, "" where they chose none."""
    return next((name for name in (scene.take, scene.still) if name in takes and takes[name].kind == kind), "")


def take_to_show(plan: Plan, scene: PlannedScene, kind: TakeKind, stock: Stock) -> str:
    """Return the id of the scene's take for a film: the one that a person chose, an own picture's, or the plan's.

    Where the safety filter has withheld what the plan wants, an earlier take stands in. Nothing is returned when none
    is there, or none is long enough.
    """
    takes = stock.takes
    if choice := chosen_take(scene, kind, takes):
        return choice
    if own := own_take(scene, kind):
        return own
    wanted_orders = orders_wanted(plan, scene, kind, stock)
    for name in takes_of(scene, kind, takes):
        if takes[name].order in wanted_orders and covers(takes[name], scene, plan):
            return name
    earlier_name = scene.earlier_take if kind == "clip" else scene.earlier_still
    earlier = takes.get(earlier_name)
    is_of_use = earlier is not None and earlier.kind == kind and covers(earlier, scene, plan)
    return earlier_name if wanted_orders[0] in stock.withheld and is_of_use else ""


def covers(take: Take, scene: PlannedScene, plan: Plan) -> bool:
    """Return whether the take is as long as the scene; a still is as long as it must be."""
    return take.kind == "still" or take.seconds + 1e-6 >= scene.frames / plan.frame_rate


def needs(plan: Plan, goal: Goal, tasks: Sequence[VertexAiTask]) -> list[Need]:
    """Return the takes that a run to the goal orders, by its scenes' tasks at its start, in the scenes' order."""
    kind = KINDS.get(goal)
    if kind is None:
        return []
    return [need(plan, plan.scene(task.sequence), kind) for task in tasks if task.state in TO_ORDER]


def need(plan: Plan, scene: PlannedScene, kind: TakeKind) -> Need:
    """Return what a new take of the scene is, and its price."""
    if kind == "still":
        request = picture_request(still_brief(plan, scene.sequence))
        return Need(scene, kind, request.model, 0, request.usd)
    spec = video_models.model(plan.model_of(scene))
    usd = video_models.clip_cost(spec, scene.veo_seconds, plan.options.resolution)
    return Need(scene, kind, spec.id, scene.veo_seconds, usd)


def price(missing: Sequence[Need]) -> float:
    """Return the USD that all of it costs."""
    return round(sum(each.usd for each in missing), 6)
