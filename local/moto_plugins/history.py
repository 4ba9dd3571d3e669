"""Read what an execution did: its own history with those of its scenes, which are executions of their own.

Asks Step Functions by the client it is given; touches nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any


def of_job(client: Any, arn: str) -> list[dict[str, Any]]:
    """Return the events of an execution and of the executions that its Maps started, by time."""
    events = [event for each in executions_of_job(client, arn) for event in of_one(client, each)]
    # The ids of each history begin anew, so events of one moment keep the order of their history.
    return sorted(events, key=itemgetter("timestamp"))


def executions_of_job(client: Any, arn: str) -> Iterator[str]:
    """Yield the ARNs of an execution and of the executions that its Maps started."""
    yield arn
    for run in client.list_map_runs(executionArn=arn)["mapRuns"]:
        for row in client.list_executions(mapRunArn=run["mapRunArn"])["executions"]:
            yield row["executionArn"]


def of_one(client: Any, arn: str) -> Iterator[dict[str, Any]]:
    """Yield the events of one execution, oldest first."""
    for page in client.get_paginator("get_execution_history").paginate(executionArn=arn):
        yield from page["events"]
