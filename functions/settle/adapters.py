"""Settle's conversations: the execution, the record, and the event bus.

Touches Step Functions, DynamoDB and EventBridge; every write of the record is conditional on what was seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.settle.core import CLAIM_SECONDS, being_told
from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.errors import EventsUnavailable, TableUnavailable
from shared.video.ending import NOT_FOUND, Ended, Ending
from shared.video.events import DETAIL_TYPES, SOURCE, VideoEnded
from shared.video.record import EndNotice, VideoRecord, legible

# Free, or not known to be sent by this very call, or by another that no longer runs.
_MAY_TELL = (
    "ai_generation_data.generation_id = :generation AND (attribute_not_exists(ai_generation_data.notice)"
    " OR ai_generation_data.notice.execution_arn <> :arn"
    " OR (ai_generation_data.notice.is_sent = :no AND (ai_generation_data.notice.#by = :by"
    " OR ai_generation_data.notice.since < :alive)))"
)


def describe(execution_arn: str) -> tuple[Ended, str]:
    """Return how the execution stands, and its input; an unknown one has neither."""
    client = clients.stepfunctions()
    try:
        reply = client.describe_execution(executionArn=execution_arn)
    except client.exceptions.ExecutionDoesNotExist:
        return Ended(NOT_FOUND), ""
    return Ended(reply["status"], reply.get("error", ""), reply.get("cause", "")), reply.get("input", "")


def send(event: VideoEnded) -> None:
    """Put the event on the account's default bus; raise EventsUnavailable when it was not taken."""
    entry: Any = {
        "EventBusName": "default",
        "Source": SOURCE,
        "DetailType": DETAIL_TYPES[event.status],
        "Detail": event.model_dump_json(exclude_none=True),
    }
    try:
        reply = clients.events().put_events(Entries=[entry])
    except (ClientError, BotoCoreError) as error:
        raise EventsUnavailable("EventBridge could not be reached or refused the event.") from error
    if reply["FailedEntryCount"]:
        raise EventsUnavailable(f"EventBridge rejected the event ({reply['Entries'][0].get('ErrorCode', '')}).")


@dataclass(frozen=True)
class EndingTable:
    """The `video_metadata` table; every method raises TableUnavailable when it is busy or out of reach.

    `now` is the clock, in Unix seconds.
    """

    name: str
    now: Callable[[], float] = time.time

    def get(self, video_id: str) -> VideoRecord | None:
        """Return the record, or None."""
        item = self._call("get_item", video_id, ConsistentRead=True).get("Item")
        return legible(dict(item)) if item else None

    def end(self, video_id: str, ending: Ending) -> bool:
        """Write the end of a generation; return False when it went on or ended meanwhile."""
        return self._update(video_id, ending.expression, ending.condition, ending.values, ending.names)

    def take_on(self, event: VideoEnded, execution_arn: str, by: str) -> bool:
        """Take on telling of this execution's end; return False when it is told already, or no longer of interest.

        Raises EventsUnavailable while another call is at it, because that one may still die.
        """
        now = self.now()
        notice = EndNotice(execution_arn=execution_arn, by=by, since=now).model_dump(mode="json")
        values: dict[str, Any] = {":notice": notice, ":arn": execution_arn, ":by": by, ":no": False}
        values |= {":generation": event.generation_id, ":alive": now - CLAIM_SECONDS}
        if self._update(event.video_id, "SET ai_generation_data.notice = :notice", _MAY_TELL, values, {"#by": "by"}):
            return True
        if being_told(self.get(event.video_id), event.generation_id, execution_arn):
            raise EventsUnavailable("Another call is sending the event; whether it was sent will be known later.")
        return False

    def confirm(self, video_id: str, by: str) -> None:
        """Write that the event was sent."""
        mine = "ai_generation_data.notice.#by = :by"
        expression = "SET ai_generation_data.notice.is_sent = :yes"
        self._update(video_id, expression, mine, {":yes": True, ":by": by}, {"#by": "by"})

    def release(self, video_id: str, by: str) -> None:
        """Write that the event was not sent, so that another call may; a repetition of this one may have sent it."""
        mine = "ai_generation_data.notice.#by = :by AND ai_generation_data.notice.is_sent = :no"
        self._update(video_id, "REMOVE ai_generation_data.notice", mine, {":by": by, ":no": False}, {"#by": "by"})

    def drop(self, video_id: str, before: float) -> bool:
        """Delete the record if it is a tombstone and was before `before`, Unix time; return whether it was."""
        values = {":before": attribute_value(before)}
        try:
            self._call(
                "delete_item",
                video_id,
                ConditionExpression="deleted_at <= :before",
                ExpressionAttributeValues=values,
            )
        except clients.dynamodb().exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _update(
        self, video_id: str, expression: str, condition: str, values: dict[str, Any], names: dict[str, str]
    ) -> bool:
        change: dict[str, Any] = {
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {name: attribute_value(value) for name, value in values.items()},
            **({"ExpressionAttributeNames": names} if names else {}),
        }
        try:
            self._call("update_item", video_id, **change)
        except clients.dynamodb().exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _call(self, operation: str, video_id: str, **arguments: Any) -> dict[str, Any]:
        client = clients.dynamodb()
        try:
            return getattr(client, operation)(TableName=self.name, Key={"video_id": {"S": video_id}}, **arguments)
        except client.exceptions.ConditionalCheckFailedException:
            raise
        except (ClientError, BotoCoreError) as error:
            raise TableUnavailable("The table of videos is busy or could not be reached.") from error
