"""What a scene needs besides its plan is paid from the budget: a clip ordered anew, a plan's money, another prompt."""

from __future__ import annotations

from typing import Any, cast

import pytest

from functions.generate_scene.handler import Deps, run
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.budget.account_names import PLAN
from shared.budget.accounts import Limits, Spending
from shared.contracts import GenerateSceneIn
from shared.errors import BudgetExceeded, Superseded
from shared.video.public_record import Reason
from shared.video.record import from_item, to_item
from shared.video.scene_ledger import SceneLedger
from tests.fakes import NO_QUOTA
from tests.unit.cloud_fixtures import BUCKET, GENERATION, PLAN_KEY, TABLE, VIDEO, create_keys_table, record, store
from tests.unit.test_generate_scene import FakeModel, FakePlanner

KEYS = "keys"
# Two clips of 4 s.
PLANNED = 0.8


@pytest.fixture(autouse=True)
def accounts(cloud: None) -> None:
    create_keys_table(KEYS)


def spending(most: float) -> Spending:
    return Spending(KEYS, Limits(most, 100, 100))


def order(veo: FakeModel, most: float) -> str:
    deps = Deps(Bucket(BUCKET), TABLE, lambda _name: veo, FakePlanner(), 900, spending(most), NO_QUOTA)
    request = GenerateSceneIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="user1", plan_key=PLAN_KEY, sequence=1, attempt=1
    )
    return run(request, deps).operation_name


def usd_spent() -> float:
    key = {"id": {"S": f"spent#generation#{GENERATION}"}}
    item = clients.dynamodb().get_item(TableName=KEYS, Key=key).get("Item", {})
    return float(item.get("spent", {}).get("N", "0"))


def test_a_planned_clip_needs_nothing_more() -> None:
    store(record())
    spending(PLANNED).set_aside("user1", GENERATION, None, PLAN, PLANNED)
    assert order(FakeModel(["operations/1"]), PLANNED) == "operations/1"
    assert usd_spent() == pytest.approx(PLANNED)


def test_a_clip_that_is_ordered_anew_is_set_aside_once() -> None:
    store(record(reorder_count=1))
    spending(2).set_aside("user1", GENERATION, None, PLAN, PLANNED)
    order(FakeModel(["operations/1"]), 2)
    assert usd_spent() == pytest.approx(PLANNED + 0.4)


def test_a_clip_that_is_ordered_anew_stays_within_the_budget() -> None:
    store(record(reorder_count=1))
    spending(PLANNED).set_aside("user1", GENERATION, None, PLAN, PLANNED)
    veo = FakeModel([])
    with pytest.raises(BudgetExceeded):
        order(veo, PLANNED)
    assert veo.orders == []
    assert SceneLedger(TABLE, VIDEO, GENERATION).read(1).status == "pending"


def test_a_plan_whose_money_was_given_back_sets_it_aside_again() -> None:
    store(record())
    order(FakeModel(["operations/1"]), 2)
    assert usd_spent() == pytest.approx(PLANNED)


@pytest.mark.parametrize("change", [{"ai_generation_status": "cancelled"}, {"ai_generation_data": None}])
def test_no_other_prompt_is_asked_for_once_the_generation_was_cancelled_or_replaced(change: dict[str, Any]) -> None:
    video = record(state="filtered", withheld=2, reason=Reason(code="SceneFiltered", message="codes: 2"))
    store(video)
    spending(2).set_aside("user1", GENERATION, None, PLAN, PLANNED)

    def end(params: dict[str, Any], **_more: object) -> None:
        # After the money was set aside and the record looked at, and before the request is noted.
        if "doubtful_usd" in params["ExpressionAttributeNames"].values():
            clients.dynamodb().put_item(TableName=TABLE, Item=to_item(video.model_copy(update=change)))

    clients.dynamodb().meta.events.register("provide-client-params.dynamodb.UpdateItem", cast("Any", end))
    veo = FakeModel([])
    with pytest.raises(Superseded):
        order(veo, 2)
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {})
    data = from_item(item).ai_generation_data
    tasks = data.vertex_ai_tasks if data else []
    assert ([task for task in tasks if task.doubtful_usd or task.rephrasing_usd], veo.orders) == ([], [])
    assert usd_spent() == pytest.approx(PLANNED)
