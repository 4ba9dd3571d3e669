"""Settle: make the record of an ended execution truthful, and tell of the end exactly once.

Called by the state machine before it ends and by a rule after it ended; touches the record, the execution and the bus.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.settle import adapters, core
from functions.settle.adapters import Table
from shared import env
from shared.errors import EventsUnavailable
from shared.events import VideoEnded, ended
from shared.log import logger
from shared.repair import ending, repair


def settle(call: core.Call, table: Table) -> str:
    """Return what was done: nothing, told, or repaired and told; raise TableUnavailable or EventsUnavailable."""
    arn = call.detail.executionArn
    how, given = adapters.described(arn)
    job = core.job_of(given)
    record = table.get(job.video_id) if job else None
    data = core.generation_of(record, job, arn) if job else None
    if record is None or data is None:
        return "nothing"
    done = "told"
    why = repair(data, how)
    if record.ai_generation_status == "processing" and why:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        done = "repaired and told" if table.end(record.video_id, ending(data, "failed", why, now)) else done
        record = table.get(record.video_id)
    event = ended(record, arn) if record else None
    return done if event and _tell(event, call, table) else "nothing"


def _tell(event: VideoEnded, call: core.Call, table: Table) -> bool:
    if not table.take_on(event, call.detail.executionArn, call.id):
        return False
    try:
        adapters.send(event)
    except EventsUnavailable:
        table.release(event.video_id, call.id)
        raise
    table.confirm(event.video_id, call.id)
    return True


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return what was done, for an execution status change or the state machine's call in the same shape."""
    call = core.Call.model_validate(event)
    done = settle(call, Table(env.text("TABLE_NAME")))
    logger().info("settled", extra={"done": done, "execution": call.detail.executionArn.rsplit(":", 1)[-1]})
    return {"done": done}
