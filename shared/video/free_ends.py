"""Orders that ended without a clip and a charge, noted once: withheld by the safety filter, or failed in passing.

Touches the record by conditional writes, and the metric of what was withheld. Such a task has no order any more: its
`attempt` is 0 and its `task_id` empty, so nothing that reads it later takes the clip for one that may be charged.
"""

from __future__ import annotations

from shared.observability import metrics
from shared.observability.metric_names import SCENES_FILTERED
from shared.video.record import VertexAiTask
from shared.video.scene_ledger import SceneLedger

# The filter of finished clips errs at random, so the first try is repeated with the same prompt before it is rephrased.
UNCHANGED_ATTEMPTS = 2
# Characters of a provider's reason that the record keeps.
REASON_LIMIT = 500
_NO_ORDER = {"task_id": "", "attempt": 0}


def note_filtered(ledger: SceneLedger, snapshot: VertexAiTask, reason: str, *, is_prompt_blocked: bool) -> None:
    """Note that the safety filter withheld the clip of the order `snapshot`, for `reason`.

    `is_prompt_blocked` says that the prompt itself was refused: the same words would be again, so they are rephrased.
    """
    withheld = max(UNCHANGED_ATTEMPTS, snapshot.withheld + 1) if is_prompt_blocked else snapshot.withheld + 1
    attributes = {"state": "filtered", "error": reason[:REASON_LIMIT], "withheld": withheld, **_NO_ORDER}
    if ledger.note(snapshot.sequence, snapshot, **attributes):
        metrics.emit(SCENES_FILTERED, 1)


def note_failure(ledger: SceneLedger, snapshot: VertexAiTask, reason: str) -> None:
    """Note a passing failure of Veo to make the clip of `snapshot`, for `reason`; it may be ordered again."""
    ledger.note(snapshot.sequence, snapshot, state="pending", error=reason[:REASON_LIMIT], **_NO_ORDER)
