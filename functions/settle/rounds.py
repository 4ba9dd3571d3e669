"""The same for many videos: several at once, none kept from it by another that fails, and none begun too late.

Touches what is done touches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from shared.errors import ReelwrightError, SweepUnfinished
from shared.observability.log import logger

# A video is some dozen requests, one after another, which take the service's time and little of the processor's.
AT_ONCE = 8

Duty = tuple[str, Callable[[], None]]


def never() -> bool:
    """Return that it is not too late: for callers who have all the time that they need."""
    return False


def do_all(duties: Sequence[Duty], is_late: Callable[[], bool]) -> list[str]:
    """Do what there is to do for each video, and return their ids; nothing is begun once `is_late` says so.

    Raises the first failure, SweepUnfinished where it was too late for some; whoever calls again does what is left.
    """
    # The first alone: it makes the clients, which boto3 does not make in several threads at once.
    failures = [_attempt(is_late, duty) for duty in duties[:1]]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        failures += workers.map(partial(_attempt, is_late), duties[1:])
    for failure in failures:
        if failure:
            raise failure
    return [video_id for video_id, _ in duties]


def _attempt(is_late: Callable[[], bool], duty: Duty) -> ReelwrightError | None:
    video_id, act = duty
    if is_late():
        return SweepUnfinished("There was no time for all videos; the next call goes on.")
    try:
        act()
    except ReelwrightError as error:
        logger().warning("not settled", extra={"video_id": video_id, "error": type(error).__name__})
        return error
    return None
