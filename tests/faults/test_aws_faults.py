"""Whatever S3, DynamoDB and Secrets Manager answer around an order: it is placed once, and its failure has a name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.emulators.faults import Fault
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import CONFLICT_PAUSES
from shared.budget.accounts import Limits, Spending
from shared.errors import (
    PermissionMissing,
    RecordingUnreadable,
    ReelwrightError,
    StorageUnavailable,
    SubmitOutcomeUnknown,
    TableUnavailable,
)
from tests.faults.conftest import Wire
from tests.unit.api_calls import KEYS
from tests.unit.cloud_fixtures import BUCKET, TABLE, create_keys_table

# The SDK tries twice: a fault that shows itself twice reaches the stage.
LASTING = 2
BUSY = ("throttle", "unavailable", "hang_up")
REFUSED = ("access_denied", "not_found")


def error_of(call: object, *arguments: object) -> str:
    """Return the name of the error that a call ends with."""
    assert callable(call)
    with pytest.raises(ReelwrightError) as failure:
        call(*arguments)
    return type(failure.value).__name__


def over(wire: Wire) -> Wire:
    """Return the services without their faults: a refusal is not repeated by the SDK."""
    wire.aws.faults.clear()
    return wire


@pytest.mark.parametrize("kind", [*BUSY, *REFUSED])
def test_every_use_of_the_bucket_names_its_failure(wire: Wire, tmp_path: Path, kind: str) -> None:
    bucket = Bucket(BUCKET)
    file = tmp_path / "file"
    file.write_text("content")
    uses = (
        (bucket.read_text, "a"),
        (bucket.write_text, "a", "text"),
        (bucket.write_bytes, "a", b"bytes", "video/mp4"),
        (bucket.download, "a", tmp_path / "copy"),
        (bucket.upload, "a", file, "video/mp4"),
        (bucket.holds, "a"),
        (bucket.sizes, "a/"),
        (bucket.media_type, "a"),
        (bucket.copy_seen, "a", '"etag"', "b"),
        (bucket.delete_below, "a/"),
    )
    error_kind = StorageUnavailable if kind in BUSY else RecordingUnreadable
    for use, *arguments in uses:
        wire.aws.faults.clear()
        wire.aws.faults.add(Fault(kind, "s3", LASTING))
        assert error_of(use, *arguments) == error_kind.__name__, use


def test_a_slow_bucket_is_waited_for(wire: Wire) -> None:
    wire.aws.faults.add(Fault("slow", "s3", seconds=1))
    assert wire.deliver(wire.generate()).status == "done"


@pytest.mark.parametrize("kind", [*BUSY, *REFUSED])
def test_a_plan_that_cannot_be_read_orders_nothing(wire: Wire, kind: str) -> None:
    wire.aws.faults.add(Fault(kind, "s3", LASTING, match="/plans/"))
    assert error_of(wire.generate) in ("StorageUnavailable", "RecordingUnreadable")
    assert (wire.clip_count(), wire.task().state) == (0, "pending")
    assert wire.deliver(over(wire).generate()).status == "done"
    assert wire.clip_count() == 1


@pytest.mark.parametrize("kind", [*BUSY, "hang_up_after", "access_denied"])
def test_a_clip_that_could_not_be_stored_is_stored_at_the_next_look(wire: Wire, kind: str) -> None:
    order = wire.generate()
    wire.aws.faults.add(Fault(kind, "s3", LASTING, match="PUT \n/takes/"))
    assert error_of(wire.deliver, order) in ("StorageUnavailable", "RecordingUnreadable")
    reply = over(wire).deliver(order)
    assert (reply.status, reply.cost_usd, wire.clip_count()) == ("done", pytest.approx(0.4), 1)


@pytest.mark.parametrize("kind", ["throttle", "unavailable", "hang_up"])
def test_a_claim_that_cannot_be_written_orders_nothing(wire: Wire, kind: str) -> None:
    wire.aws.faults.add(Fault(kind, "dynamodb", LASTING, match="UpdateItem\nsubmitting"))
    with pytest.raises(TableUnavailable):
        wire.generate()
    assert wire.clip_count() == 0
    assert wire.deliver(wire.generate()).status == "done"
    assert wire.clip_count() == 1


def test_a_claim_whose_answer_was_lost_is_known_again(wire: Wire) -> None:
    wire.aws.faults.add(Fault("hang_up_after", "dynamodb", match="UpdateItem\nsubmitting"))
    assert wire.deliver(wire.generate()).status == "done"
    assert wire.clip_count() == 1


def test_a_claim_that_another_run_won_orders_nothing(wire: Wire) -> None:
    wire.aws.faults.add(Fault("conditional", "dynamodb", match="UpdateItem\nsubmitting"))
    with pytest.raises(SubmitOutcomeUnknown):
        wire.generate()
    assert wire.clip_count() == 0


def test_a_note_whose_answer_was_lost_is_known_again(wire: Wire) -> None:
    wire.aws.faults.add(Fault("hang_up_after", "dynamodb", match="UpdateItem\ngenerating"))
    order = wire.generate()
    assert wire.generate() == order
    assert wire.clip_count() == 1


@pytest.mark.parametrize("write", ["submitting", "generating", "clip_ready"])
def test_a_write_that_meets_a_transaction_on_the_record_is_made_after_it(wire: Wire, write: str) -> None:
    wire.aws.faults.add(Fault("conflict", "dynamodb", len(CONFLICT_PAUSES), match=f"UpdateItem\n{write}"))
    order = wire.generate()
    assert wire.deliver(order).status == "done"
    assert (wire.clip_count(), wire.aws.faults.waiting(write)) == (1, [])


def test_money_that_meets_a_transaction_on_an_account_is_set_aside_after_it(wire: Wire) -> None:
    create_keys_table(KEYS)
    spending = Spending(KEYS, Limits(50, 5, 8))
    wire.aws.faults.add(Fault("conflict", "dynamodb", len(CONFLICT_PAUSES), match="TransactWriteItems"))
    spending.set_aside("u", "g", None, "plan", 1)
    assert (spending.has_set_aside("g", "plan"), wire.aws.faults.waiting("")) == (True, [])
    wire.aws.faults.add(Fault("conflict", "dynamodb", len(CONFLICT_PAUSES) + 1, match="TransactWriteItems"))
    with pytest.raises(TableUnavailable, match="TransactionConflict"):
        spending.set_aside("u", "g", None, "planning", 1)
    assert not spending.has_set_aside("g", "planning")


@pytest.mark.parametrize("kind", ["throttle", "unavailable", "hang_up", "access_denied"])
def test_an_operation_that_could_not_be_noted_is_never_ordered_again(wire: Wire, kind: str) -> None:
    wire.aws.faults.add(Fault(kind, "dynamodb", LASTING, match="UpdateItem\ngenerating"))
    with pytest.raises(SubmitOutcomeUnknown, match=r"projects/.*/operations/"):
        wire.generate()
    with pytest.raises(SubmitOutcomeUnknown):
        over(wire).generate()
    assert wire.clip_count() == 1


@pytest.mark.parametrize("kind", ["throttle", "unavailable", "hang_up"])
def test_a_delivery_that_could_not_be_noted_is_noted_at_the_next_look(wire: Wire, kind: str) -> None:
    order = wire.generate()
    wire.aws.faults.add(Fault(kind, "dynamodb", LASTING, match="UpdateItem\nclip_ready"))
    with pytest.raises(TableUnavailable):
        wire.deliver(order)
    assert wire.deliver(order).cost_usd == pytest.approx(wire.task().cost_usd) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("throttle", StorageUnavailable), ("hang_up", StorageUnavailable), ("access_denied", PermissionMissing)],
)
def test_a_secret_that_cannot_be_read_orders_nothing(wire: Wire, kind: str, error: type[ReelwrightError]) -> None:
    wire.aws.faults.add(Fault(kind, "secretsmanager", LASTING))
    with pytest.raises(error):
        wire.generate()
    assert (wire.clip_count(), wire.task().state) == (0, "pending")
    assert wire.deliver(over(wire).generate()).status == "done"


@pytest.mark.parametrize("operation", ["get_item", "put_item", "transact_write_items"])
def test_only_a_write_with_a_condition_of_its_own_can_fail_for_one(wire: Wire, operation: str) -> None:
    key = {"video_id": {"S": "conditions"}}
    condition = "attribute_exists(nothing)"
    calls: dict[str, dict[str, object]] = {
        "get_item": {"TableName": TABLE, "Key": key},
        "put_item": {"TableName": TABLE, "Item": key},
        "transact_write_items": {
            "TransactItems": [{"ConditionCheck": {"TableName": TABLE, "Key": key, "ConditionExpression": condition}}]
        },
    }
    wire.aws.faults.add(Fault("conditional", "dynamodb"))
    # moto cancels the transaction by itself, since its condition does not hold.
    with suppress(ClientError):
        getattr(clients.dynamodb(), operation)(**calls[operation])
    assert len(wire.aws.faults.waiting("")) == 1
