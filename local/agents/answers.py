"""What the tools hand on to the API, and what of its answers to an agent.

Values only; touches nothing.
"""

from __future__ import annotations

from local.agents.agreement import Body
from local.client.plan.api import TaggedPlan
from shared.http.requests import Choices


def choices_body(choices: Choices | None) -> Body:
    """Return what was chosen, and nothing else."""
    if choices is None:
        return {}
    return choices.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def plan_body(plan: TaggedPlan) -> Body:
    """Return the plan with its etag, and without the caption document and its font, which are for a renderer."""
    body = plan.view.model_dump(mode="json", by_alias=True, exclude={"caption_document", "caption_font"})
    return {"plan": body, "etag": plan.tag}
