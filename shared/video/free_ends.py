"""Orders that ended without a clip and a charge, noted once: withheld, failed in passing, or never accepted.

Touches the record by conditional writes, and the metric of what was withheld. Such a task has no order any more: its
`attempt` is 0 and its `task_id` empty, so nothing that reads it later takes the clip for one that may be charged.
"""

from __future__ import annotations

from typing import Literal

from shared.errors import OperationLost, ReelwrightError, SceneFiltered, VeoFailed, VeoThrottled
from shared.models.port import Failed, Filtered, Lost
from shared.observability import metrics
from shared.observability.metric_names import SCENES_FILTERED
from shared.video.public_record import Reason
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger

# The filter of finished clips errs at random, so the first try is repeated with the same prompt before it is rephrased.
UNCHANGED_ATTEMPTS = 2
# Characters of a provider's reason that the record keeps.
REASON_LIMIT = 500
# Said of an order that was not placed yet, so that the provider's quota is kept.
WAITS_FOR_TURN = "The clip waits for its turn among all of its model."
_NO_ORDER = {"task_id": "", "attempt": 0}


def note_filtered(ledger: SceneLedger, snapshot: VertexAiTask, reason: str, *, is_prompt_blocked: bool) -> None:
    """Note that the safety filter withheld the clip of the order `snapshot`, for `reason`.

    `is_prompt_blocked` says that the prompt itself was refused: the same words would be again, so they are rephrased.
    """
    withheld = max(UNCHANGED_ATTEMPTS, snapshot.withheld + 1) if is_prompt_blocked else snapshot.withheld + 1
    why = _reason(SceneFiltered, reason)
    if ledger.note(snapshot.sequence, snapshot, state="filtered", reason=why, withheld=withheld, **_NO_ORDER):
        metrics.emit(SCENES_FILTERED, 1)


def note_failure(ledger: SceneLedger, snapshot: VertexAiTask, reason: str) -> None:
    """Note a passing failure of the model to make the clip of `snapshot`, for `reason`; it may be ordered again."""
    ledger.note(snapshot.sequence, snapshot, state="pending", reason=_reason(VeoFailed, reason), **_NO_ORDER)


def note_end(
    ledger: SceneLedger, snapshot: VertexAiTask, reading: Filtered | Failed | Lost
) -> Literal["filtered", "failed"]:
    """Note how the order `snapshot` ended without a clip, and return it in the state machine's word.

    Raises OperationLost, or VeoFailed for a failure that does not pass.
    """
    if isinstance(reading, Lost):
        raise OperationLost(reading.reason)
    if isinstance(reading, Filtered):
        note_filtered(ledger, snapshot, reading.reason, is_prompt_blocked=reading.is_prompt_blocked)
        return "filtered"
    if not reading.is_retriable:
        raise VeoFailed(reading.reason)
    note_failure(ledger, snapshot, reading.reason)
    return "failed"


def note_delay(ledger: SceneLedger, task: VertexAiTask, claim: VertexAiTask, error: ReelwrightError) -> None:
    """Note that the order of `claim` was not accepted because of `error`: the scene is again as `task` says."""
    # Why a first order is put off stands in the record; a filtered one keeps the filter's words.
    why = task.reason.model_dump() if task.reason.code else _reason(type(error), str(error))
    ledger.note(task.sequence, claim, state=task.state, attempt=task.attempt, task_id=task.task_id, reason=why)


def note_turn(ledger: SceneLedger, task: VertexAiTask, deadline: float) -> None:
    """Note that the order of `task` waits for its turn, until the Unix time `deadline`; what a filter said stays."""
    if task.reason.code in ("", VeoThrottled.__name__):
        why = _reason(VeoThrottled, WAITS_FOR_TURN)
        ledger.change(task.sequence, task, reason=why, deadline=deadline)


def _reason(kind: type[ReelwrightError], message: str) -> dict[str, str]:
    return Reason(code=kind.__name__, message=message[:REASON_LIMIT]).model_dump()
