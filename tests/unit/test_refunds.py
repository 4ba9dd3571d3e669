"""What a generation set aside and did not spend is given back, once, and set aside anew when it is resumed."""

from __future__ import annotations

import pytest

from shared.aws import clients
from shared.budget.accounts import Limits, Spending
from shared.budget.refunds import Refunds
from shared.errors import BudgetExceeded, TableUnavailable
from shared.video.public_record import CostBreakdown
from shared.video.record import VideoRecord
from tests.unit.cloud_fixtures import GENERATION, TABLE, create_keys_table, record, store
from tests.unit.test_spending import put_as_an_earlier_version_did

KEYS = "keys"
NOON = 1_800_000_000.0
DAY = 86_400
TODAY = "2027-01-15"
TOMORROW = "2027-01-16"
REFUNDS = Refunds(KEYS, TABLE)


@pytest.fixture(name="video")
def failed_generation_of_a_plan_of_three_dollars(cloud: None) -> VideoRecord:
    create_keys_table(KEYS)
    set_aside(3)
    video = record().model_copy(update={"ai_generation_status": "failed"})
    store(video)
    return video


def set_aside(usd: float, what: str = "plan", budget: float | None = 3, now: float = NOON) -> None:
    Spending(KEYS, Limits(50, 5, 8), lambda: now).set_aside("user1", GENERATION, budget, what, usd)


def account_totals(day: str = TODAY) -> tuple[float, float, float]:
    """Return what the accounts of the generation, the user and the deployment hold."""
    ids = (f"spent#generation#{GENERATION}", f"spent#user#user1#{day}", f"spent#{day}")
    items = [clients.dynamodb().get_item(TableName=KEYS, Key={"id": {"S": each}}).get("Item", {}) for each in ids]
    first, second, third = (float(item.get("spent", {}).get("N", "0")) for item in items)
    return first, second, third


def test_what_was_not_spent_is_given_back_once(video: VideoRecord) -> None:
    assert REFUNDS.give_back(video, 0.8) == pytest.approx(2.2)
    assert account_totals() == pytest.approx((0.8, 0.8, 0.8))
    assert REFUNDS.give_back(video, 0.8) == 0
    assert account_totals() == pytest.approx((0.8, 0.8, 0.8))


def test_what_is_free_again_can_be_spent_on_another_video(video: VideoRecord) -> None:
    others = Spending(KEYS, Limits(50, 5, 8), lambda: NOON)
    with pytest.raises(BudgetExceeded):
        others.set_aside("user1", "other", None, "plan", 4)
    REFUNDS.give_back(video, 0.8)
    others.set_aside("user1", "other", None, "plan", 4)


def test_a_resumed_run_sets_the_rest_aside_again_within_the_budget(video: VideoRecord) -> None:
    REFUNDS.give_back(video, 0.8)
    for _ in range(2):
        set_aside(2.2)
    assert account_totals() == pytest.approx((3, 3, 3))
    assert REFUNDS.give_back(video, 2.0) == pytest.approx(1.0)
    assert account_totals() == pytest.approx((2, 2, 2))


def test_a_run_that_is_resumed_tomorrow_draws_on_tomorrow(video: VideoRecord) -> None:
    REFUNDS.give_back(video, 0.8)
    set_aside(2.2, now=NOON + DAY)
    assert account_totals(TODAY)[1:] == pytest.approx((0.8, 0.8))
    assert account_totals(TOMORROW) == pytest.approx((3, 2.2, 2.2))
    REFUNDS.give_back(video, 1.0)
    assert account_totals(TOMORROW) == pytest.approx((1.0, 0.2, 0.2))


@pytest.mark.parametrize("aside", [0.01, 1.44])
def test_what_was_set_aside_besides_the_plan_counts_once(video: VideoRecord, aside: float) -> None:
    for what in ("transcription", "scene 1, try 3"):
        set_aside(aside / 2, what, budget=None)
    assert REFUNDS.give_back(video, 0.8 + aside) == pytest.approx(2.2)
    assert account_totals() == pytest.approx((0.8 + aside,) * 3)
    set_aside(2.2, budget=None)
    assert account_totals() == pytest.approx((3 + aside,) * 3)


def test_no_more_than_the_plans_own_is_given_back(video: VideoRecord) -> None:
    set_aside(0.5, "transcription", budget=None)
    assert REFUNDS.give_back(video, 0.0) == pytest.approx(3)
    assert account_totals() == pytest.approx((0.5, 0.5, 0.5))


def test_a_generation_that_goes_on_meanwhile_keeps_everything(video: VideoRecord) -> None:
    store(video.model_copy(update={"ai_generation_status": "processing"}))
    assert REFUNDS.give_back(video, 0.8) == 0
    assert account_totals() == pytest.approx((3, 3, 3))


@pytest.mark.parametrize("outlay", [3.0, 3.5])
def test_what_was_spent_is_not_given_back(video: VideoRecord, outlay: float) -> None:
    assert REFUNDS.give_back(video, outlay) == 0
    assert account_totals() == pytest.approx((3, 3, 3))


def test_a_generation_without_an_account_has_nothing_to_give_back(video: VideoRecord) -> None:
    data = video.ai_generation_data
    assert data
    other = data.model_copy(update={"generation_id": "unplanned"})
    assert REFUNDS.give_back(video.model_copy(update={"ai_generation_data": other}), 0.0) == 0


def test_a_table_that_is_away_is_a_matter_of_time(video: VideoRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    clients.dynamodb.cache_clear()
    with pytest.raises(TableUnavailable):
        REFUNDS.give_back(video, 0.8)


@pytest.mark.parametrize(("doubtful", "stays"), [({}, 0.0), ({"request": 0.01}, 0.01)])
def test_what_a_function_that_died_while_it_asked_left_set_aside_is_given_back(
    video: VideoRecord, doubtful: dict[str, float], stays: float
) -> None:
    REFUNDS.give_back(video, 0.0)
    set_aside(0.02, "planning", budget=None)
    data = video.ai_generation_data
    assert data
    interrupted_job = video.model_copy(
        update={"ai_generation_data": data.model_copy(update={"planning_doubtful": doubtful})}
    )
    store(interrupted_job)
    for given_back in (0.02 - stays, 0.0):
        assert REFUNDS.give_back(interrupted_job, stays) == pytest.approx(given_back)
        assert account_totals() == pytest.approx((stays,) * 3)


@pytest.mark.parametrize("what", ["plan", "planning"])
def test_what_a_function_that_died_between_two_accounts_has_set_aside_is_given_back(
    video: VideoRecord, what: str
) -> None:
    REFUNDS.give_back(video, 0.0)
    own = f"spent#generation#{GENERATION}"
    put_as_an_earlier_version_did(KEYS, [own], f"{GENERATION} {what}", 0.02)
    assert account_totals() == pytest.approx((0.02, 0, 0))
    assert REFUNDS.give_back(video, 0.0) == pytest.approx(0.02)
    assert account_totals() == pytest.approx((0, 0, 0))


@pytest.mark.parametrize("outlay", [0.8, 3.0])
def test_a_run_that_begins_before_it_was_given_back_gives_it_back_itself(video: VideoRecord, outlay: float) -> None:
    accounts = Spending(KEYS, Limits(50, 5, 8), lambda: NOON + DAY)
    data = video.ai_generation_data
    assert data
    changes = {"run": 2, "cost_breakdown": CostBreakdown(video_generation=outlay)}
    second_run = data.model_copy(update=changes)
    for _ in range(2):
        accounts.end_earlier_runs(("user1", GENERATION), second_run)
        assert account_totals() == pytest.approx((outlay,) * 3)
    set_aside(0.4, budget=None, now=NOON + DAY)
    # The run itself may be tried again, and the end of the earlier one come late.
    accounts.end_earlier_runs(("user1", GENERATION), second_run)
    store(video.model_copy(update={"ai_generation_status": "processing"}))
    assert REFUNDS.give_back(video, outlay) == 0
    assert account_totals(TOMORROW) == pytest.approx((outlay + 0.4, 0.4, 0.4))
    assert account_totals()[1:] == pytest.approx((outlay, outlay))


@pytest.mark.parametrize("lacking", [1, 2, 3], ids=["user's", "deployment's", "both"])
@pytest.mark.parametrize("way", ["end", "close", "next run"])
def test_what_stood_on_a_day_that_has_expired_is_given_back_where_it_still_is(
    video: VideoRecord, way: str, lacking: int
) -> None:
    days = (f"spent#user#user1#{TODAY}", f"spent#{TODAY}")
    for number, account in enumerate(days):
        if lacking & (number + 1):
            clients.dynamodb().delete_item(TableName=KEYS, Key={"id": {"S": account}})
    data = video.ai_generation_data
    assert data
    if way == "next run":
        changes = {"run": 2, "cost_breakdown": CostBreakdown(video_generation=0.8)}
        Spending(KEYS, Limits(50, 5, 8)).end_earlier_runs(("user1", GENERATION), data.model_copy(update=changes))
    else:
        give_back = REFUNDS.give_back if way == "end" else REFUNDS.close
        assert give_back(video, 0.8) == pytest.approx(2.2)
    assert account_totals() == pytest.approx((0.8, 0 if lacking & 1 else 0.8, 0 if lacking & 2 else 0.8))
    items = clients.dynamodb().scan(TableName=KEYS)["Items"]
    assert len(items) == 3 - lacking.bit_count()


def test_what_an_earlier_run_has_set_aside_for_a_scene_is_nothing_that_a_later_one_may_spend(
    video: VideoRecord,
) -> None:
    again = "scene s1, order 2"
    set_aside(0.4, again, budget=None)
    data = video.ai_generation_data
    assert data
    Spending(KEYS, Limits(50, 5, 8)).end_earlier_runs(("user1", GENERATION), data.model_copy(update={"run": 2}))
    assert account_totals() == pytest.approx((0, 0, 0))
    set_aside(0.4, again, budget=None)
    assert account_totals() == pytest.approx((0.4, 0.4, 0.4))
