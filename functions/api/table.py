"""The `video_metadata` table as the API reads and changes it: every change is conditional on what was seen.

Touches DynamoDB; a table that asks to slow down or cannot be reached is TableUnavailable.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.api.resume import Continuation
from shared.aws import clients
from shared.aws.attribute_values import attribute_value
from shared.errors import TableUnavailable
from shared.video.ending import Ending
from shared.video.record import GenerationData, VideoRecord, legible, stored_attributes, to_item
from shared.video.tombstones import tombstone

_BUSY = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "InternalServerError")
_IDLE = "attribute_exists(video_id) AND (attribute_not_exists(#status) OR #status <> :processing)"
_KEPT = "attribute_not_exists(deleting_since) AND attribute_not_exists(deleted_at)"
_STATUS = {"#status": "ai_generation_status"}
# A tombstone loses against a late note at most this often.
TRIES = 5


@dataclass(frozen=True)
class Page:
    """A part of a user's list; `after` is the position of its last record when there are more."""

    records: list[VideoRecord]
    after: tuple[str, str] | None


@dataclass(frozen=True)
class VideoTable:
    """The `video_metadata` table and its index that lists a user's videos by time."""

    name: str
    index: str

    def put(self, record: VideoRecord) -> None:
        """Write a new record."""
        with _meaning():
            clients.dynamodb().put_item(
                TableName=self.name, Item=to_item(record), ConditionExpression="attribute_not_exists(video_id)"
            )

    def get(self, video_id: str) -> VideoRecord | None:
        """Return the record, or None; of a deleted video there is none, whatever stays in its place."""
        item = self._item(video_id)
        return legible(item) if item and "deleted_at" not in item else None

    def page(self, user_id: str, limit: int, after: tuple[str, str] | None) -> Page:
        """Return at most `limit` of the user's records, newest first, beginning after the position `after`."""
        place = {"user_id": {"S": user_id}, "created_at": {"S": after[0]}, **_key(after[1])} if after else None
        arguments: Any = {
            "TableName": self.name,
            "IndexName": self.index,
            "KeyConditionExpression": "user_id = :user",
            "ExpressionAttributeValues": {":user": {"S": user_id}},
            "ScanIndexForward": False,
            "Limit": limit,
            **({"ExclusiveStartKey": place} if place else {}),
        }
        with _meaning():
            reply = clients.dynamodb().query(**arguments)
        last = reply.get("LastEvaluatedKey")
        position = (last["created_at"].get("S", ""), last["video_id"].get("S", "")) if last else None
        return Page([legible(dict(item)) for item in reply["Items"]], position)

    def begin(self, video_id: str, data: GenerationData, metadata: Mapping[str, str] | None, now: str) -> bool:
        """Write a generation's start; return False when another one runs or the video is being deleted."""
        sets = "ai_generation_data = :data, #status = :processing, ai_project_type = :kind, updated_at = :now"
        values: dict[str, Any] = {
            ":data": stored_attributes(data),
            ":processing": "processing",
            ":kind": "ai_generated",
        }
        if metadata is not None:
            sets = f"{sets}, metadata = :metadata"
            values = {**values, ":metadata": dict(metadata)}
        return self._update(video_id, f"SET {sets}", f"{_IDLE} AND {_KEPT}", {**values, ":now": now}, _STATUS)

    def resume(self, record: VideoRecord, data: GenerationData, change: Continuation, now: str) -> bool:
        """Write that `data`, the generation seen, goes on by `change`; return False when it has changed meanwhile."""
        values: dict[str, Any] = {
            ":processing": "processing",
            ":seen": record.ai_generation_status,
            ":arn_seen": data.execution_arn,
            ":arn": change.execution_arn,
            ":run": change.run,
            ":options": change.options.model_dump(mode="json", exclude_none=True),
            ":steps": [step.model_dump(mode="json") for step in change.steps],
            ":now": now,
        }
        names = {**_STATUS, "#d": "ai_generation_data", "#run": "run"}
        sets = ["#status = :processing", "updated_at = :now", "#d.execution_arn = :arn"]
        sets += ["#d.#run = :run", "#d.options = :options", "#d.processing_steps = :steps"]
        conditions = ["#status = :seen", "#d.execution_arn = :arn_seen", _KEPT]
        for index, attributes in change.tasks.items():
            # One clause per task: an expression has at most 4096 characters, and a film up to 40 scenes.
            names |= {"#v": "vertex_ai_tasks", "#s": "state", "#o": "status", "#r": "rephrasing_usd"}
            task = data.vertex_ai_tasks[index]
            values[f":t{index}"] = task.model_copy(update=attributes).model_dump(mode="json")
            values |= {f":s{index}": task.state, f":r{index}": task.rephrasing_usd}
            sets.append(f"#d.#v[{index}] = :t{index}")
            # What may change after the end, by the stopped execution's last call, and must not be written over; an
            # earlier version wrote the state as the status.
            at = f"#d.#v[{index}]"
            seen_name = f":s{index}"
            conditions.append(f"({at}.#s = {seen_name} OR {at}.#o = {seen_name}) AND NOT {at}.#r > :r{index}")
        expression = f"SET {', '.join(sets)} REMOVE #d.failure"
        return self._update(record.video_id, expression, " AND ".join(conditions), values, names)

    def end(self, video_id: str, ending: Ending) -> bool:
        """Write the end of a generation; return False when it went on or ended meanwhile."""
        return self._update(video_id, ending.expression, ending.condition, ending.values, ending.names)

    def mark_arrived(self, video_id: str, etag: str, now: str, copy: str = "") -> bool:
        """Write that the recording was seen in the bucket, and the key of its `copy` if there is one.

        Return False when another recording was seen before, or the video is deleted.
        """
        sets = "SET uploaded_at = :now, recording_etag = :etag"
        same = "(attribute_not_exists(recording_etag) OR recording_etag IN (:none, :etag))"
        values = {":now": now, ":etag": etag, ":none": ""}
        if copy:
            sets = f"{sets}, recording_copy = :copy"
            values[":copy"] = copy
        there = "attribute_exists(video_id) AND attribute_not_exists(deleted_at)"
        return self._update(video_id, sets, f"{there} AND {same}", values, {})

    def close(self, video_id: str, now: str) -> bool:
        """Write that the video is being deleted, so that nothing starts; return False while a generation runs."""
        values = {":now": now, ":processing": "processing"}
        return self._update(video_id, "SET deleting_since = :now", _IDLE, values, _STATUS)

    def bury(self, video_id: str, now: float) -> None:
        """Write a tombstone in the record's place, `now` in Unix time; whatever was noted until then is kept in it.

        Raises TableUnavailable when the record changes too fast.
        """
        for _ in range(TRIES):
            item = self._item(video_id)
            if item is None or "deleted_at" in item or self._replace(item, tombstone(legible(item), now)):
                return
        raise TableUnavailable("The video is changing too fast to be deleted; try again.")

    def _replace(self, item: dict[str, Any], record: VideoRecord) -> bool:
        """Write the record in place of the item; return False when its generation has changed meanwhile."""
        # No index takes an empty text for a key.
        values = {name: value for name, value in to_item(record).items() if value != {"S": ""}}
        data = item.get("ai_generation_data")
        same = "ai_generation_data = :data" if data else "attribute_not_exists(ai_generation_data)"
        value_map: Any = {"ExpressionAttributeValues": {":data": data}} if data else {}
        try:
            with _meaning():
                clients.dynamodb().put_item(
                    TableName=self.name,
                    Item=values,
                    ConditionExpression=f"attribute_exists(deleting_since) AND {same}",
                    **value_map,
                )
        except clients.dynamodb().exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _item(self, video_id: str) -> dict[str, Any] | None:
        with _meaning():
            reply = clients.dynamodb().get_item(TableName=self.name, Key=_key(video_id), ConsistentRead=True)
        return dict(reply["Item"]) if "Item" in reply else None

    def _update(
        self, video_id: str, expression: str, condition: str, values: dict[str, Any], names: dict[str, str]
    ) -> bool:
        change: Any = {
            "TableName": self.name,
            "Key": _key(video_id),
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {name: attribute_value(value) for name, value in values.items()},
            **({"ExpressionAttributeNames": names} if names else {}),
        }
        try:
            with _meaning():
                clients.dynamodb().update_item(**change)
        except clients.dynamodb().exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(video_id: str) -> dict[str, Any]:
    return {"video_id": {"S": video_id}}


@contextmanager
def _meaning() -> Generator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _BUSY:
            raise TableUnavailable("The table of videos is busy.") from error
        raise
    except BotoCoreError as error:
        raise TableUnavailable("The table of videos could not be reached.") from error
