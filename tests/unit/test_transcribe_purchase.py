"""A transcription is set aside before it is ordered, kept when it was bought, and given back when it surely was not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.transcribe.adapters import starter
from functions.transcribe.purchase import TranscriptionPurchase
from shared.aws import clients
from shared.aws.transcribe_request import TranscriptionOrder
from shared.budget.accounts import Limits, Spending
from shared.contracts import TranscribeIn
from shared.errors import BudgetExceeded, ReelwrightError, Superseded, TranscriptionFailed, TranscriptionThrottled
from shared.video.costs import costs, is_charged, outlay
from shared.video.record import GenerationData, from_item
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO, create_keys_table, record, store
from tests.unit.test_metrics import emitted_metrics, values

if TYPE_CHECKING:
    from mypy_boto3_transcribe.client import TranscribeServiceClient

KEYS = "keys"
NOON = 1_800_000_000.0
ACCOUNTS = (f"spent#generation#{GENERATION}", "spent#user#user1#2027-01-15", "spent#2027-01-15")
USD = 1.44
JOB = TranscriptionOrder("reelwright-v-g", "ai-temp/v/g/sound.flac", "ai-temp/v/g/transcript.json", None)


@pytest.fixture(autouse=True)
def tables(cloud: None) -> None:
    create_keys_table(KEYS)
    store(record())


class Service:
    """Amazon Transcribe, which does what it is told to at each order; it sees what is set aside by then."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.aside: list[tuple[float, ...]] = []

    def start_transcription_job(self, **_request: Any) -> None:
        self.aside.append(account_totals())
        if error := self.answers.pop(0):
            raise error


def order(service: Service, budget: float | None = None, user_day: float = 5) -> None:
    request = TranscribeIn(
        video_id=VIDEO, generation_id=GENERATION, user_id="user1", recording_key="uploads/r.mp3", budget_usd=budget
    )
    spending = Spending(KEYS, Limits(50, user_day, 8), lambda: NOON)
    start = starter(cast("TranscribeServiceClient", service), "media", "arn:aws:iam::1:role/r")
    TranscriptionPurchase(start, TABLE, spending).order(request, JOB, USD)


def account_totals() -> tuple[float, ...]:
    items = [clients.dynamodb().get_item(TableName=KEYS, Key={"id": {"S": each}}).get("Item", {}) for each in ACCOUNTS]
    return tuple(float(item.get("spent", {}).get("N", "0")) for item in items)


def data() -> GenerationData:
    item = clients.dynamodb().get_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}}).get("Item", {})
    generation = from_item(dict(item)).ai_generation_data
    assert generation
    return generation


def refusal(code: str, status: int = 400) -> ClientError:
    meta: Any = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": meta}, "StartTranscriptionJob")


def test_its_price_is_set_aside_before_it_is_ordered_and_stands_in_the_costs() -> None:
    service = Service(None)
    order(service)
    assert service.aside == [(USD, USD, USD)]
    assert (costs(data()).transcription, costs(data()).total, outlay(data())) == (USD, USD, USD)
    assert is_charged(data())


@pytest.mark.parametrize("limit", [{"budget": 1.43}, {"user_day": 1.43}])
def test_over_a_limit_nothing_is_ordered_and_nothing_set_aside(limit: dict[str, float]) -> None:
    service = Service()
    with pytest.raises(BudgetExceeded, match=r"This costs 1\.4400 USD .* it was not bought"):
        order(service, **limit)
    assert (service.aside, account_totals(), is_charged(data())) == ([], (0, 0, 0), False)


@pytest.mark.parametrize(
    ("error", "error_kind"),
    [
        (refusal("BadRequestException"), TranscriptionFailed),
        (refusal("LimitExceededException", 429), TranscriptionThrottled),
    ],
)
def test_what_was_refused_is_given_back_and_set_aside_anew_by_the_next_try(
    error: Exception, error_kind: type[ReelwrightError]
) -> None:
    service = Service(error, None)
    with pytest.raises(error_kind):
        order(service)
    assert (account_totals(), is_charged(data())) == ((0, 0, 0), False)
    order(service)
    assert service.aside == [(USD, USD, USD)] * 2
    assert account_totals() == (USD, USD, USD)


class Ending(Service):
    """Amazon Transcribe, refusing an order whose generation is cancelled meanwhile, and told to have paid for it."""

    def start_transcription_job(self, **request: Any) -> None:
        data_at_the_end = data().model_copy(update={"cost_breakdown": costs(data())})
        store(record().model_copy(update={"ai_generation_status": "cancelled", "ai_generation_data": data_at_the_end}))
        super().start_transcription_job(**request)


def test_what_is_refused_after_the_end_was_told_counts_no_longer() -> None:
    with pytest.raises(TranscriptionFailed):
        order(Ending(refusal("BadRequestException")))
    assert (account_totals(), costs(data()).total, is_charged(data())) == ((0, 0, 0), 0, False)


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://t"), refusal("InternalFailureException", 500)]
)
def test_what_may_have_been_bought_stays_set_aside(error: Exception) -> None:
    service = Service(error, None)
    with pytest.raises(TranscriptionThrottled):
        order(service)
    assert (account_totals(), outlay(data())) == ((USD, USD, USD), USD)
    order(service)
    assert account_totals() == (USD, USD, USD)


def cancel() -> None:
    store(record().model_copy(update={"ai_generation_status": "cancelled"}))


def delete() -> None:
    clients.dynamodb().delete_item(TableName=TABLE, Key={"video_id": {"S": VIDEO}})


@pytest.mark.parametrize("end", [cancel, delete])
def test_a_generation_that_is_over_orders_nothing_and_holds_nothing(end: Callable[[], None]) -> None:
    end()
    service = Service()
    with pytest.raises(Superseded):
        order(service)
    assert (service.aside, account_totals()) == ([], (0, 0, 0))


def test_what_was_ordered_before_the_end_stays_paid_for_when_it_is_ordered_again_after_it() -> None:
    order(Service(None))
    bought_data = data()
    store(record().model_copy(update={"ai_generation_status": "cancelled", "ai_generation_data": bought_data}))
    with pytest.raises(Superseded):
        order(Service())
    assert (account_totals(), outlay(data())) == ((USD, USD, USD), USD)


REFUSED = refusal("LimitExceededException", 429)
UNKNOWN = EndpointConnectionError(endpoint_url="https://t")


@pytest.mark.parametrize(
    "answers",
    [
        [None],
        [REFUSED],
        [REFUSED, REFUSED, None],
        [UNKNOWN],
        [UNKNOWN, None],
        # The first order may have been accepted, whatever the second is told.
        [UNKNOWN, REFUSED, None],
        # The same recording once more, in the default language: the first job heard too little to be charged for.
        [None, None],
        [None, REFUSED, None],
    ],
)
def test_the_metric_of_what_was_spent_is_what_the_accounts_and_the_record_hold(
    answers: list[Exception | None], capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(*answers)
    for answer in answers:
        with suppress(ReelwrightError) if answer else nullcontext():
            order(service)
    usd = sum(values(emitted_metrics(capsys), "UsdSpent"))
    assert account_totals() == (usd,) * 3
    assert usd == outlay(data()) == data().transcription_usd
    assert usd == (0 if answers == [REFUSED] else USD)
