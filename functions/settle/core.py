"""What settle decides: whether a record is still this execution's, and whether it tells what was spent.

Values only; touches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared.aws.dynamodb import Condition, Update
from shared.video.costs import costs, is_charged
from shared.video.record import GenerationData, VideoRecord

# A call of settle lives no longer than its function may run (cdk/functions.py); what it took on is then free again.
CLAIM_SECONDS = 60.0
# What was begun has to be over before the function's time is.
RESERVE_MILLISECONDS = 15_000


class Which(BaseModel):
    """The part of an execution status change that matters here."""

    model_config = ConfigDict(frozen=True)

    executionArn: str  # noqa: N815 - as EventBridge writes it


class SettleCall(BaseModel):
    """What settle is called with: EventBridge's event, or the state machine's own call in the same shape.

    `id` is the same when the same call is repeated.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    detail: Which


class Tick(BaseModel):
    """EventBridge's event of a schedule: it is time to sweep."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["Scheduled Event"] = Field(alias="detail-type")


_ASKED: TypeAdapter[SettleCall | Tick] = TypeAdapter(SettleCall | Tick)


class JobInput(BaseModel):
    """The part of an execution's input that matters here."""

    model_config = ConfigDict(frozen=True)

    video_id: str
    generation_id: str


def parse(event: dict[str, Any]) -> SettleCall | Tick:
    """Return what settle is called for; pydantic's ValidationError when the event is none of ours."""
    return _ASKED.validate_python(event)


def is_late(remaining_milliseconds: Callable[[], int]) -> bool:
    """Return whether a call that has so much time to live must begin nothing more."""
    return remaining_milliseconds() < RESERVE_MILLISECONDS


def job_of(execution_input: str) -> JobInput | None:
    """Return whose execution it is by its input, or None when the input is not one of ours."""
    try:
        return JobInput.model_validate_json(execution_input)
    except ValidationError:
        return None


def generation_of(record: VideoRecord | None, job: JobInput, execution_arn: str) -> GenerationData | None:
    """Return the record's generation if it is this execution's; one started by hand has no execution of its own."""
    data = record.ai_generation_data if record else None
    mine = data and data.generation_id == job.generation_id and data.execution_arn in ("", execution_arn)
    return data if mine else None


def is_over(record: VideoRecord) -> bool:
    """Return whether the record's latest run is over, at its end or at a review."""
    return record.ai_generation_status not in (None, "uploading", "processing")


def being_told(record: VideoRecord | None, generation_id: str, execution_arn: str) -> bool:
    """Return whether the telling of this execution's end was taken on, and is not known to be done."""
    data = record.ai_generation_data if record else None
    if data is None or data.generation_id != generation_id or data.notice is None:
        return False
    return data.notice.execution_arn == execution_arn and not data.notice.is_sent


def correction(record: VideoRecord) -> Update | None:
    """Return the update that a record which is final needs to tell what was spent, or None when it tells it.

    The machine's own sum lacks the clips of scenes whose results it never saw.
    """
    data = record.ai_generation_data
    if data is None or record.ai_generation_status in (None, "processing"):
        return None
    now = costs(data)
    wrong = bool(data.failure) and data.failure.charged != is_charged(data)
    if now == data.cost_breakdown and not wrong:
        return None
    sets: dict[str, Any] = {"ai_generation_data.cost_breakdown": now.model_dump(mode="json")}
    if wrong:
        sets["ai_generation_data.failure.charged"] = is_charged(data)
    clauses = ["ai_generation_status = :status", "ai_generation_data.execution_arn = :arn"]
    names = {"#generation_id": data.generation_id} if data.generation_id in (record.versions or {}) else {}
    if names:
        sets["versions.#generation_id.cost_usd"] = now.total
        clauses.append("attribute_exists(versions.#generation_id)")
    values = {"status": record.ai_generation_status, "arn": data.execution_arn}
    return Update(sets=sets, where=Condition(" AND ".join(clauses), values), names=names)
