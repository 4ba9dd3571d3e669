"""What to write into a record whose execution ended without a word: one decision for the API and the settle function.

Values only; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.errors import ExecutionEnded
from shared.video.costs import costs, is_charged
from shared.video.earlier_records import UNDER_WAY_EARLIER
from shared.video.public_record import STEPS, Failure, GenerationStatus
from shared.video.record import GenerationData

NOT_FOUND = "NOT_FOUND"
_GOING_ON = ("RUNNING", "PENDING_REDRIVE")
_WORDS = {
    "ABORTED": "The execution was stopped from outside.",
    "TIMED_OUT": "The execution ran into its time limit.",
    NOT_FOUND: "The execution does not exist any more, or never did.",
}


@dataclass(frozen=True)
class Ended:
    """What DescribeExecution says: the status (NOT_FOUND when it knows none), and error and cause if there are any."""

    status: str
    error: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Ending:
    """An update of the record that ends its generation, and the condition under which it may be made.

    `values` are plain JSON values by placeholder, `names` attribute names by placeholder.
    """

    expression: str
    condition: str
    values: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict[str, str])


def repair(data: GenerationData, outcome: Ended) -> Failure | None:
    """Return the failure that a record which still says `processing` must get, or None while the execution goes on.

    An execution that failed by itself keeps its error's name and cause; any other end is ExecutionEnded.
    """
    if outcome.status in _GOING_ON:
        return None
    if outcome.status == "FAILED" and outcome.error:
        return failure(data, outcome.error, outcome.cause or "Step Functions gave no reason.")
    words = _WORDS.get(outcome.status, f"The execution ended as {outcome.status} and did not say why.")
    return failure(data, ExecutionEnded.__name__, f"{words} {outcome.cause}".strip())


def failure(data: GenerationData, error: str, message: str) -> Failure:
    """Return a failure of the step that is under way, or else of the first that is not done."""
    under_way = [step.step for step in data.processing_steps if step.status == "processing"]
    pending = [step.step for step in data.processing_steps if step.status == "pending"]
    step = (*under_way, *pending, STEPS[0])[0]
    return Failure(step=step, error=error, message=message, charged=is_charged(data))


def ending(data: GenerationData, status: GenerationStatus, why: Failure, now: str) -> Ending:
    """Return the update that ends the generation `data` by `status`, if it still is as it was seen.

    `why` is kept for the status "failed"; a step that is under way is marked with its message; the costs are summed up
    anew. `now` is ISO 8601.
    """
    sets = ["ai_generation_status = :status", "updated_at = :now", "ai_generation_data.cost_breakdown = :cost"]
    clauses = ["ai_generation_status = :processing", "ai_generation_data.generation_id = :generation"]
    clauses.append("ai_generation_data.execution_arn = :arn")
    values: dict[str, Any] = {":status": status, ":now": now, ":processing": "processing"}
    values |= {":generation": data.generation_id, ":arn": data.execution_arn}
    values[":cost"] = costs(data).model_dump(mode="json")
    if status == "failed":
        sets.append("ai_generation_data.failure = :failure")
        values[":failure"] = why.model_dump(mode="json", exclude_none=True)
    under_way = [index for index, step in enumerate(data.processing_steps) if step.status == "processing"]
    for path in (f"ai_generation_data.processing_steps[{index}]" for index in under_way):
        sets += [f"{path}.#step = :failed", f"{path}.error_message = :message", f"{path}.completed_at = :now"]
        clauses.append(f"{path}.#step IN (:processing, :as_earlier)")
        values |= {":failed": "failed", ":as_earlier": UNDER_WAY_EARLIER, ":message": why.message}
    names = {"#step": "status"} if under_way else {}
    return Ending(f"SET {', '.join(sets)}", " AND ".join(clauses), values, names)
