"""Every gateway to a table makes the same of the same error of DynamoDB: one table of errors, held against each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import EndpointConnectionError

from functions.api.build.next_run import next_run
from functions.api.build.run_tasks import RunWishes
from functions.api.once import KeyedRequest, Once
from functions.api.pace import StartRate
from functions.api.table import VideoTable
from functions.settle.adapters import EndingTable
from shared.aws import clients
from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, Update, kind_of, write_all
from shared.budget.account_changes import account_table
from shared.budget.account_names import PLAN, PLANNING, TRANSCRIPTION
from shared.budget.accounts import Limits, Spending
from shared.budget.refunds import Refunds
from shared.contracts import FIRST_PLAN, Options
from shared.errors import PermissionMissing, RecordRejected, ReelwrightError, TableUnavailable
from shared.video.ending import ending
from shared.video.events import VideoEnded
from shared.video.public_record import Failure
from shared.video.record import GenerationData, VertexAiTask
from shared.video.record_table import RecordTable
from shared.video.scene_ledger import SceneLedger
from shared.video.take import Take
from shared.video.tombstones import VideoLists
from tests.contract import asl
from tests.unit.cloud_fixtures import GENERATION, TABLE, VIDEO, create_keys_table, record, store

WORDS = "Item size to update has exceeded the maximum allowed size"
# By DynamoDB's code, and of a cancelled transaction its reasons: the HTTP status and what every gateway makes of it.
ERRORS: list[tuple[str, int, type[ReelwrightError]]] = [
    ("AccessDeniedException", 400, PermissionMissing),
    ("ResourceNotFoundException", 400, PermissionMissing),
    ("UnrecognizedClientException", 400, PermissionMissing),
    ("MissingAuthenticationTokenException", 400, PermissionMissing),
    ("IncompleteSignatureException", 400, PermissionMissing),
    ("ValidationException", 400, RecordRejected),
    ("SerializationException", 400, RecordRejected),
    ("ItemCollectionSizeLimitExceededException", 400, RecordRejected),
    ("ProvisionedThroughputExceededException", 400, TableUnavailable),
    ("ThrottlingException", 400, TableUnavailable),
    ("RequestLimitExceeded", 400, TableUnavailable),
    ("LimitExceededException", 400, TableUnavailable),
    ("ReplicatedWriteConflictException", 400, TableUnavailable),
    ("ExpiredTokenException", 400, TableUnavailable),
    ("InternalServerError", 500, TableUnavailable),
    ("ServiceUnavailable", 503, TableUnavailable),
]
REASONS: list[tuple[Sequence[str], type[ReelwrightError] | None]] = [
    (("None", "ConditionalCheckFailed"), None),
    (("ConditionalCheckFailed", "TransactionConflict"), TableUnavailable),
    (("None", "ThrottlingError"), TableUnavailable),
    (("ProvisionedThroughputExceeded", "ConditionalCheckFailed"), TableUnavailable),
    (("ValidationError", "ThrottlingError"), RecordRejected),
    (("ItemCollectionSizeLimitExceeded", "None"), RecordRejected),
]


@dataclass
class Wire:
    """DynamoDB's end of the wire, where one `operation` is answered with an error; moto answers the others.

    After the first `times`, if that is said, moto answers that one, too.
    """

    operation: str
    times: int | None = None
    status: int = 400
    body: bytes = b""

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        target: Any = request.headers["X-Amz-Target"]
        if not target.decode().endswith(f".{self.operation}") or self.times == 0:
            return None
        self.times = None if self.times is None else self.times - 1
        # moto is asked after this, and knows no such host.
        request.url = "http://nowhere.invalid/"
        raw: Any = SimpleNamespace(stream=lambda: iter([self.body]))
        return AWSResponse(request.url, self.status, HTTPHeaders(), raw)

    def answer(self, status: int, code: str, **details: Any) -> None:
        self.status = status
        kind = f"com.amazonaws.dynamodb.v20120810#{code}"
        self.body = json.dumps({"__type": kind, "message": WORDS, **details}).encode()


def wire_to(operation: str, times: int | None = None) -> Wire:
    wire = Wire(operation, times)
    clients.dynamodb().meta.events.register_first("before-send.dynamodb", cast("Any", wire))
    return wire


KEYS = "the-keys"
NOON = 1_800_000_000.0
FAILURE = Failure(step="transcription", error="x", message="y")
VIDEOS = VideoTable(TABLE, "user_id-created_at-index")
ENDINGS = EndingTable(TABLE)
LEDGER = SceneLedger(TABLE, VIDEO, GENERATION)
LISTS = VideoLists(KEYS)
SPENDING = Spending(KEYS, Limits(5, 5, 5), lambda: NOON)
REFUNDS = Refunds(KEYS, TABLE)
TASK = VertexAiTask(sequence=1)
ENDED = record().model_copy(update={"ai_generation_status": "failed"})
WHO = ("user1", GENERATION)
EVENT = VideoEnded(
    id="e",
    video_id=VIDEO,
    generation_id=GENERATION,
    user_id="user1",
    title="",
    status="failed",
    cost_usd=0,
    ended_at="",
)


def go_on() -> object:
    data = ENDED.ai_generation_data
    assert data
    wishes = RunWishes("video", Options(), FIRST_PLAN, "arn", "bucket", order_again=True)
    return VIDEOS.go_on(ENDED, data, next_run(data, None, wishes), "now")


def revise() -> object:
    data = ENDED.ai_generation_data
    assert data
    next_data = data.model_copy(update={"revision": 2, "plan_name": "0002-abcdefabcdef"})
    next_record = ENDED.model_copy(update={"ai_generation_data": next_data, "title": "Another"})
    return VIDEOS.revise(ENDED, data, next_record, "now")


def answer_once() -> object:
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 1000)
    return Once(KEYS).answer(KeyedRequest("user1", "k", {}), 60, context, dict)


# Each call of a gateway: the operation of DynamoDB that fails in it.
CALLS: list[tuple[str, Callable[[], object]]] = [
    ("GetItem", lambda: RecordTable(TABLE).get(VIDEO)),
    ("GetItem", lambda: VIDEOS.get(VIDEO)),
    ("PutItem", lambda: VIDEOS.put(record())),
    ("Query", lambda: VIDEOS.page("user1", 5, None)),
    ("UpdateItem", lambda: VIDEOS.begin(record(), GenerationData(), {"a": "b"}, "now")),
    ("UpdateItem", go_on),
    ("UpdateItem", revise),
    ("UpdateItem", lambda: VIDEOS.update(VIDEO, ending(GenerationData(), "cancelled", FAILURE, "now"))),
    ("UpdateItem", lambda: VIDEOS.mark_arrived(VIDEO, "etag", "now")),
    ("UpdateItem", lambda: VIDEOS.close(VIDEO, "now")),
    ("GetItem", lambda: VIDEOS.bury(VIDEO, 0)),
    ("PutItem", lambda: VIDEOS.bury(VIDEO, 0)),
    ("UpdateItem", lambda: ENDINGS.take_on(EVENT, "arn", "me")),
    ("UpdateItem", lambda: ENDINGS.confirm(VIDEO, "me")),
    ("UpdateItem", lambda: ENDINGS.release(VIDEO, "me")),
    ("DeleteItem", lambda: ENDINGS.drop(VIDEO, 0)),
    ("GetItem", lambda: LEDGER.read(1)),
    ("GetItem", LEDGER.check),
    ("GetItem", LEDGER.planning),
    ("UpdateItem", lambda: LEDGER.change(1, TASK, cost_usd=1)),
    ("UpdateItem", lambda: LEDGER.note(1, TASK, cost_usd=1)),
    ("UpdateItem", lambda: LEDGER.deliver(1, TASK, Take(scene="s1"), "s3://b/k", 1)),
    ("UpdateItem", lambda: LEDGER.transcribing(1)),
    ("UpdateItem", LEDGER.transcription_refused),
    ("UpdateItem", lambda: LEDGER.plan_request("r", 1)),
    ("UpdateItem", lambda: LEDGER.plan_spared("r")),
    ("UpdateItem", lambda: LEDGER.plan_answered("r", "a", 1)),
    ("GetItem", lambda: SPENDING.has_set_aside(GENERATION, PLAN)),
    ("TransactWriteItems", lambda: SPENDING.set_aside(*WHO, None, TRANSCRIPTION, 1)),
    ("TransactWriteItems", lambda: SPENDING.give_back(*WHO, PLAN, 1)),
    ("TransactWriteItems", lambda: SPENDING.settle(WHO, PLAN, 1, 0.5)),
    ("TransactWriteItems", lambda: SPENDING.settle_planning(*WHO, 0.5)),
    ("GetItem", lambda: REFUNDS.give_back(ENDED, 0)),
    ("TransactWriteItems", lambda: REFUNDS.give_back(ENDED, 0)),
    ("TransactWriteItems", lambda: REFUNDS.close(ENDED, 0.1)),
    ("UpdateItem", lambda: LISTS.add(VIDEO, 0)),
    ("GetItem", lambda: LISTS.read(0)),
    ("UpdateItem", lambda: LISTS.remove(VIDEO, 0)),
    ("UpdateItem", lambda: StartRate(KEYS, 5).count("user1")),
    ("PutItem", answer_once),
]


@pytest.fixture(autouse=True)
def tables(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The SDK's own tries come before any of this.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    clients.dynamodb.cache_clear()
    create_keys_table(KEYS)
    store(record())
    for what in (PLAN, PLANNING):
        SPENDING.set_aside(*WHO, None, what, 1)


@pytest.mark.parametrize(("operation", "call"), CALLS)
def test_every_gateway_makes_the_same_of_an_error(operation: str, call: Callable[[], object]) -> None:
    wire = wire_to(operation)
    for code, status, kind in ERRORS:
        wire.answer(status, code)
        with pytest.raises(kind, match=code) as failure:
            call()
        # Whoever is shown it is told neither the table's name nor what AWS said.
        assert not [word for word in (TABLE, KEYS, WORDS) if word in str(failure.value)], failure.value


@pytest.mark.parametrize(("reasons", "kind"), REASONS)
def test_a_cancelled_transaction_means_the_worst_of_its_reasons(
    reasons: Sequence[str], kind: type[ReelwrightError] | None
) -> None:
    parts = [RecordTable(TABLE).items.part(VIDEO, Condition("attribute_exists(video_id)"))]
    rows = [{"Code": reason} for reason in reasons]
    wire_to("TransactWriteItems").answer(400, "TransactionCanceledException", CancellationReasons=rows)
    if kind is None:
        assert not write_all(parts, "accounts")
        return
    with pytest.raises(kind):
        write_all(parts, "accounts")


def test_a_call_that_the_sdk_itself_refuses_or_cannot_make() -> None:
    videos = RecordTable(TABLE).items
    with pytest.raises(RecordRejected):
        videos.newest("", Condition("user_id = :user", {"user": "u"}), 5, None)
    unreachable = EndpointConnectionError(endpoint_url="https://x")
    assert kind_of(unreachable)[0] is TableUnavailable


def test_nothing_else_speaks_to_dynamodb_or_writes_its_expressions() -> None:
    files = [file for room in ("functions", "shared") for file in (asl.ROOT / room).rglob("*.py")]
    speakers = {
        str(file.relative_to(asl.ROOT))
        for file in files
        if re.search(r"[A-Za-z]Expression\b|ExpressionAttribute|clients\.dynamodb", file.read_text(encoding="utf-8"))
    }
    # Powertools speaks for itself, and what its errors mean is asked for like all others'.
    assert speakers == {"shared/aws/dynamodb.py", "functions/api/once.py"}


def test_names_are_placeholders_and_values_do_not_collide() -> None:
    update = Update(
        sets={"a.status[2].by": 1.5, "b.#data": {"x": []}},
        adds={"names": {"z", "y"}},
        deletes={"gone": set()},
        removes=["a.run"],
        where=Condition(
            "attribute_exists(a) AND NOT (size IN (:one, :two) OR contains(names, :one))", {"one": 1, "two": 2}
        ),
        names={"#data": "resp.1"},
    )
    arguments = update.arguments()
    names = arguments["ExpressionAttributeNames"]
    texts = [arguments["UpdateExpression"], arguments["ConditionExpression"]]
    plain_texts = [re.sub(r"#\w+", lambda match: names[match[0]], text) for text in texts]
    assert plain_texts == [
        "SET a.status[2].by = :v0, b.resp.1 = :v1 ADD names :v2 REMOVE a.run",
        "attribute_exists(a) AND NOT (size IN (:one, :two) OR contains(names, :one))",
    ]
    assert set(re.findall(r"#\w+", " ".join(texts))) == set(names)
    assert set(re.findall(r":\w+", " ".join(texts))) == set(arguments["ExpressionAttributeValues"])
    assert arguments["ExpressionAttributeValues"][":v2"] == {"SS": ["y", "z"]}


def test_a_write_that_meets_one_transaction_after_the_other_gives_up() -> None:
    wire = wire_to("UpdateItem")
    wire.answer(400, "TransactionConflictException")
    with pytest.raises(TableUnavailable, match="TransactionConflictException"):
        LEDGER.note(1, TASK, cost_usd=1)


def test_whoever_meets_another_transaction_at_an_item_is_counted_once_all_the_same() -> None:
    rows = [{"Code": reason} for reason in ("None", "None", "TransactionConflict")]
    wire = wire_to("TransactWriteItems", times=3)
    wire.answer(400, "TransactionCanceledException", CancellationReasons=rows)
    SPENDING.set_aside(*WHO, None, TRANSCRIPTION, 1)
    assert wire.times == 0
    accounts = (f"spent#generation#{GENERATION}", "spent#user#user1#2027-01-15", "spent#2027-01-15")
    table = account_table(KEYS)
    assert [plain_values(table.get(account) or {})["spent"] for account in accounts] == [3, 3, 3]
