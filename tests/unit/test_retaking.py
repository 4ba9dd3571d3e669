"""A retake from the command line buys for the scene that is named alone, unless somebody agrees to more."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from local.client.plan.api import TaggedPlan
from local.client.plan.retaking import agree_to_others
from shared.errors import InvalidRequest
from shared.http.plan_responses import PlanShown
from tests.unit.api_calls import make_api
from tests.unit.cloud_fixtures import VIDEO
from tests.unit.test_api_plan import record_for_review, record_of_video, store


@dataclass
class Caller:
    """Somebody at a terminal, or nobody."""

    is_there: bool = True
    answer: bool = True
    questions: list[str] = field(default_factory=list[str])

    def agrees(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer

    def edit(self, text: str) -> str:
        return text


def plan_now() -> TaggedPlan:
    return TaggedPlan(PlanShown.model_validate(make_api()("GET", f"/ai-video/{VIDEO}/plan").body).plan, '"1"')


def agree(plan: TaggedPlan, person: Caller) -> None:
    agree_to_others(person, plan, plan.scene("1"), "clip", None)


def test_a_retake_where_nothing_else_is_missing_asks_nobody(cloud: None) -> None:
    store(record_of_video())
    caller = Caller()
    agree(plan_now(), caller)
    assert caller.questions == []


def test_a_retake_that_buys_for_other_scenes_tells_the_price_and_asks(cloud: None) -> None:
    store(record_for_review())
    plan = plan_now()
    caller = Caller()
    agree(plan, caller)
    (question,) = caller.questions
    assert f"${plan.retake_usd(plan.scene('1'), 'clip'):.2f}" in question
    with pytest.raises(InvalidRequest, match="Nothing was bought"):
        agree(plan, Caller(answer=False))
    with pytest.raises(InvalidRequest, match="--yes"):
        agree(plan, Caller(is_there=False))
