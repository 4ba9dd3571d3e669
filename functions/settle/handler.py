"""Settle: make the record of an ended execution truthful, and tell of the end exactly once.

Called by the state machine before it ends and by a rule after it ended; touches the record, the execution, the bus and
the accounts.
"""

from __future__ import annotations

from typing import Any

from functions.settle import core
from functions.settle.adapters import Table
from functions.settle.settler import Settler
from shared import env
from shared.budget.refunds import Refunds
from shared.observability.log import logger


def handler(event: dict[str, Any], _context: object) -> dict[str, list[str]]:
    """Return what was done, for an execution status change or the state machine's call in the same shape."""
    call = core.Call.model_validate(event)
    videos = env.text("TABLE_NAME")
    done = Settler(Table(videos), Refunds(env.text("KEYS_TABLE_NAME"), videos)).settle(call)
    logger().info("settled", extra={"done": done, "execution": call.detail.executionArn.rsplit(":", 1)[-1]})
    return {"done": done}
