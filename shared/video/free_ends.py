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


def note_filtered(ledger: SceneLedger, seen: VertexAiTask, reason: str, *, blocked: bool) -> None:
    """Note that the safety filter withheld the clip of the order `seen`, for `reason`.

    `blocked` says that the prompt itself was refused: the same words would be again, so the next try rephrases them.
    """
    withheld = max(UNCHANGED_ATTEMPTS, seen.withheld + 1) if blocked else seen.withheld + 1
    noted = {"status": "filtered", "error": reason[:REASON_LIMIT], "withheld": withheld, **_NO_ORDER}
    if ledger.note(seen.sequence, seen, **noted):
        metrics.emit(SCENES_FILTERED, 1)


def note_failure(ledger: SceneLedger, seen: VertexAiTask, reason: str) -> None:
    """Note that Veo failed in passing to make the clip of the order `seen`, for `reason`: it can be ordered again."""
    ledger.note(seen.sequence, seen, status="pending", error=reason[:REASON_LIMIT], **_NO_ORDER)
