"""A plan as a person at the terminal reads it: a table of its scenes with prices, its takes, and how to go on.

Values only; touches nothing. Prices are list prices in USD.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from local.client.plan.api import TaggedPlan
from shared.choices.words import Goal
from shared.http.plan_responses import NextGoal, PlanView, Purchase, SceneShown, TakeShown
from shared.http.views import GenerationView, VideoView

FILMS = {"plan": "The plan", "draft": "The draft", "stills": "The video of stills", "video": "The video"}


def money(usd: float) -> str:
    """Return an amount in USD, to the cent and, below one, as exactly as it is sold."""
    return f"${usd:.2f}" if usd >= 1 or round(usd, 2) == round(usd, 4) else f"${usd:.4f}"


def table(plan: TaggedPlan) -> Table:
    """Return the plan's scenes, a row each: number, seconds, words, what is shown, model, and what is still to buy."""
    view = plan.view
    grid = Table(
        "",
        "seconds",
        "words",
        "shows",
        "model",
        "to buy",
        title=f"{view.title or view.theme or 'Plan'} ({view.style}, {view.seconds:.1f} s, revision {view.revision})",
        title_justify="left",
    )
    prices = {purchase.scene: purchase.usd for purchase in plan.next("video").buys}
    for scene in view.scenes:
        grid.add_row(
            str(scene.sequence),
            f"{scene.start:.1f} – {scene.end:.1f}",
            Text(scene.text),
            Text(scene.prompt or scene.description) + _held_note(scene),
            Text(scene.model, overflow="fold"),
            money(prices[scene.id]) if scene.id in prices else _own(scene),
        )
    return grid


def _own(scene: SceneShown) -> str:
    """Return what own picture the scene has, if it has one."""
    return f"own {scene.picture.use}".replace("_", " ") if scene.picture else ""


def _held_note(scene: SceneShown) -> str:
    """Return what is said of a scene whose chosen take is too short."""
    return f" (its take is {scene.held_seconds:.1f} s too short: the last frame is held)" if scene.held_seconds else ""


def prices(plan: TaggedPlan) -> str:
    """Return what a run to each goal would cost."""
    goals: Sequence[Goal] = ("draft", "stills", "video")
    costs = [f"{goal} {_price(plan.next(goal))}" for goal in goals]
    return f"Still to pay, at list price: {', '.join(costs)}."


def _price(step: NextGoal) -> str:
    if step.is_made:
        return "made already"
    return money(step.usd) if step.usd else "free"


def outlook(record: VideoView, plan: TaggedPlan, commands: tuple[str, str] | None) -> Iterator[str]:
    """Yield what a run that ended before the video has cost, what the rest would, and how to go on, if that can be."""
    data = record.ai_generation_data or GenerationView()
    yield f"{FILMS[data.goal]} is ready. {spending(data)} {prices(plan)}"
    if commands:
        yield f"Change it with `{commands[0]}`; make the video with `{commands[1]}`."
    else:
        yield "It is not kept; with --keep it can be edited, and gone on with, by `reelwright edit` and `run`."


def spending(data: GenerationView) -> str:
    """Return what the generation has cost so far."""
    return f"So far {money(data.cost_breakdown.total)}."


def cost(data: GenerationView, earlier_usd: float) -> str:
    """Return what the generation of a finished video has cost: since the command began, and with what it had before."""
    total = data.cost_breakdown.total
    if not earlier_usd:
        return f"It cost {money(total)}, at list price."
    usd = round(total - earlier_usd, 6)
    return f"This cost {money(usd) if usd > 0 else 'nothing'}; the video has cost {money(total)} in all, at list price."


def purchases(buys: Sequence[Purchase], usd: float, numbers: dict[str, int]) -> str:
    """Return what a run buys; `numbers` are the places of the scenes, by id."""
    if not buys:
        return "This buys nothing."
    kinds = {kind: list(group) for kind, group in groupby(sorted(buys, key=_kind), _kind)}
    what = " and ".join(f"{len(group)} {kind if len(group) == 1 else _plural(kind)}" for kind, group in kinds.items())
    names = ", ".join(str(numbers.get(each.scene, each.scene)) for each in buys if each.scene)
    of_scenes = f" (scene {names})" if names else ""
    return f"This buys {what}{of_scenes} for {money(usd)}."


def numbers(view: PlanView) -> dict[str, int]:
    """Return the place of each scene, by its id."""
    return {scene.id: scene.sequence for scene in view.scenes}


def take_rows(view: PlanView) -> list[tuple[str, ...]]:
    """Return a row for each take: scene, id, kind, model, length, price, when it was made (UTC), if it is shown."""
    rows = [_take_row(f"scene {scene.sequence}", take) for scene in view.scenes for take in scene.takes]
    return rows + [_take_row(f"was {take.scene}", take) for take in view.other_takes]


def post_blocks(view: PlanView) -> list[str]:
    """Return what is pasted on each platform: its name, the title where it has one, and the text."""
    return ["\n".join(filter(None, (f"== {post.platform}", post.title, post.text))) for post in view.publish.posts]


def _take_row(place: str, take: TakeShown) -> tuple[str, ...]:
    moment = take.created_at[:16].replace("T", " ")
    seconds = f"{take.seconds:.1f} s" if take.seconds else "-"
    mark = "shown" if take.is_shown else ""
    return place, take.id, take.kind, take.model or "(your own)", seconds, money(take.usd), moment, mark


def _kind(purchase: Purchase) -> str:
    return purchase.kind


def _plural(kind: str) -> str:
    return f"{kind}s"
