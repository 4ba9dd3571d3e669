"""Settle: make the record of an ended execution truthful, tell of the end exactly once, and sweep after deletions.

Called by the state machine before it ends, by a rule after it ended, and by a schedule; touches the record, the
execution, the bus, the accounts and the bucket.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from functions.settle import core
from functions.settle.adapters import EndingTable
from functions.settle.closer import Closer
from functions.settle.settler import Settler
from functions.settle.sweeper import Sweeper
from shared.aws.bucket import Bucket
from shared.budget.refunds import Refunds
from shared.observability.log import logger
from shared.settings import SettleSettings
from shared.video.tombstones import OF_ENDS, VideoLists

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@cache
def _settings() -> SettleSettings:
    return SettleSettings.read()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[str]]:
    """Return what was done, for an execution status change or the state machine's call in the same shape.

    For an event of the schedule, the videos that were swept, and those whose accounts were closed.
    """
    request = core.parse(event)
    settings = _settings()
    keys = settings.keys_table_name
    table = EndingTable(settings.table_name)
    bucket = Bucket(settings.media_bucket)
    refunds = Refunds(settings.accounts_table_name, table.name)
    ends = VideoLists(keys, OF_ENDS)
    if isinstance(request, core.Tick):
        is_late = partial(core.is_late, context.get_remaining_time_in_millis)
        try:
            closed_ids = Closer(ends, table, refunds, bucket, is_late=is_late).close()
        finally:
            # Neither keeps the other from its work.
            swept = Sweeper(VideoLists(keys), table, bucket, refunds, is_late=is_late).sweep()
        logger().info("swept", extra={"videos": len(swept), "closed": len(closed_ids)})
        return {"swept": swept, "closed": closed_ids}
    actions = Settler(table, refunds, bucket, ends).settle(request)
    logger().info("settled", extra={"done": actions, "execution": request.detail.executionArn.rsplit(":", 1)[-1]})
    return {"done": actions}
