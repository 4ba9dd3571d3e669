"""What an agent's person agrees to before a tool buys: the price that is told first, and the sums that bind the API.

Touches the API, and buys nothing.
"""

from __future__ import annotations

from typing import Any

from local.api_client import ApiClient, ApiError
from local.client.plan import api as plan_api
from local.client.plan.api import path_of
from shared.choices.words import Goal
from shared.contracts import Options
from shared.http.refusals import PlanMissing
from shared.http.responses import VideoShown

AGAIN = "Nothing was started. Tell the price, and call again with confirm: true if it is agreed to."
Body = dict[str, Any]


def price_of_run(api: ApiClient, video_id: str, goal: Goal) -> Body:
    """Return what a run to the goal would buy, in USD, with the plan's etag; raises ApiError."""
    try:
        plan = plan_api.show(api, video_id)
    except ApiError as error:
        if error.code != PlanMissing.__name__:
            raise
        return {"started": False, "advice": f"It is not planned yet: maxUsd must cover all that it buys. {AGAIN}"}
    next_goal = plan.next(goal)
    return price(next_goal.usd, plan.tag) | {"buys": [each.model_dump(by_alias=True) for each in next_goal.buys]}


def price(usd: float, tag: str) -> Body:
    """Return the answer of a tool that has bought nothing yet."""
    return {"started": False, "usd": usd, "etag": tag, "advice": AGAIN}


def offer(api: ApiClient, path: str, wishes: Body) -> Body:
    """Return what the API tells at `path` of the price of the wishes: what it costs, and costs at most."""
    # Whoever only asks for the price need not say yet what they would pay.
    prices = api.call("POST", path, {name: value for name, value in wishes.items() if name != "budget"}).body
    rows = {name: value for name, value in prices.items() if name not in ("success", "withinBudget")}
    return {"started": False, **rows, "advice": AGAIN}


def sums(api: ApiClient, video_id: str, most_usd: float) -> Body:
    """Return the most that a run may buy for, in USD, and the generation's budget where it must rise for that.

    The person has agreed to this run; a budget that an earlier, smaller one began with would refuse it.
    """
    generation = VideoShown.model_validate(api.call("GET", path_of(video_id)).body).video.ai_generation_data
    run = {"maxUsd": most_usd}
    if generation is None:
        return run
    spent_usd = generation.cost_breakdown.total + generation.cost_breakdown.undecided
    budget_usd = Options.model_validate(generation.options).budget_usd
    needed_usd = round(spent_usd + most_usd, 6)
    return run if budget_usd is None or needed_usd <= budget_usd else run | {"budget": needed_usd}
