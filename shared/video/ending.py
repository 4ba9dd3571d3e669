"""What to write into a record whose execution ended without a word: one decision for the API and the settle function.

Values only; touches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.aws.dynamodb import Condition, Update
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


def ending(data: GenerationData, status: GenerationStatus, why: Failure, now: str) -> Update:
    """Return the update that ends the generation `data` by `status`, if it still is as it was seen.

    `why` is kept for the status "failed"; a step that is under way is marked with its message; the costs are summed up
    anew. `now` is ISO 8601.
    """
    sets: dict[str, Any] = {"ai_generation_status": status, "updated_at": now}
    sets["ai_generation_data.cost_breakdown"] = costs(data).model_dump(mode="json")
    if status == "failed":
        sets["ai_generation_data.failure"] = why.model_dump(mode="json", exclude_none=True)
    clauses = ["ai_generation_status = :processing", "ai_generation_data.generation_id = :generation"]
    clauses.append("ai_generation_data.execution_arn = :arn")
    values = {"processing": "processing", "generation": data.generation_id, "arn": data.execution_arn}
    under_way = [index for index, step in enumerate(data.processing_steps) if step.status == "processing"]
    for path in (f"ai_generation_data.processing_steps[{index}]" for index in under_way):
        sets |= {f"{path}.status": "failed", f"{path}.error_message": why.message, f"{path}.completed_at": now}
        clauses.append(f"{path}.status IN (:processing, :as_earlier)")
        values["as_earlier"] = UNDER_WAY_EARLIER
    return Update(sets=sets, where=Condition(" AND ".join(clauses), values))
