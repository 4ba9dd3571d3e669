"""What is bought for a generation, in its record: claim a scene's clip, note what became of it, note planning's price.

Touches the DynamoDB table; every write is conditional on what was seen, so two runs of a stage never both win.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import clients
from shared.aws.attribute_values import attribute_value, plain_values
from shared.errors import PermissionMissing, Superseded, TableUnavailable
from shared.video.public_record import STATUS_OF, TaskState
from shared.video.record import GenerationData, VertexAiTask, from_item

_TRANSCRIPTION = "SET ai_generation_data.transcription_usd = :usd"
_TASK = "ai_generation_data.vertex_ai_tasks[{index}]"
# What tells one state of a task from another; of two orders with the same attempt, the claim.
_SEEN = {"state", "attempt", "claim"}
_AS_SEEN = "{path}.#{name} = :seen_{name}"
# An earlier version wrote the state as the status; no state is called as the status of another one.
_SEEN_AS = {"state": "({path}.#state = :seen_state OR {path}.#status = :seen_state)"}


@dataclass(frozen=True)
class SceneLedger:
    """What one generation buys, as its record tells it: clips in `vertex_ai_tasks`, planning in `planning_…`."""

    table: str
    video_id: str
    generation_id: str

    def read(self, sequence: int) -> VertexAiTask:
        """Return the scene's task; raise Superseded when the record is not this generation's, or not running."""
        return self._running().vertex_ai_tasks[sequence - 1]

    def change(self, sequence: int, snapshot: VertexAiTask, **attributes: object) -> bool:
        """Set the task's attributes if it still is as `snapshot` and the generation runs; return whether they stand."""
        running = " AND ai_generation_status = :processing"
        return self._set(sequence, snapshot, attributes, running, {"processing": "processing"})

    def note(self, sequence: int, snapshot: VertexAiTask, **attributes: object) -> bool:
        """Set the task's attributes if it still is as `snapshot`, even if the generation was cancelled meanwhile.

        For facts about what was bought: a later execution of the same generation builds on them.
        """
        return self._set(sequence, snapshot, attributes, "", {})

    def check(self) -> None:
        """Raise Superseded when the record is not this generation's, or not running."""
        self._running()

    def transcribing(self, usd: float) -> bool:
        """Note that a transcription of `usd` may be bought from now on; return whether that was not noted before.

        Raises Superseded when the generation ended.
        """
        values: dict[str, object] = {"usd": usd, "generation": self.generation_id, "processing": "processing"}
        try:
            reply = self._call(
                "update_item",
                UpdateExpression=_TRANSCRIPTION,
                ConditionExpression=(
                    "ai_generation_data.generation_id = :generation AND ai_generation_status = :processing"
                ),
                ExpressionAttributeValues={f":{name}": attribute_value(value) for name, value in values.items()},
                ReturnValues="ALL_OLD",
            )
        except ConditionLost as error:
            raise Superseded("The record no longer belongs to this execution.") from error
        before = plain_values(reply.get("Attributes", {})).get("ai_generation_data", {})
        return before.get("transcription_usd") != usd

    def transcription_refused(self) -> None:
        """Note that no transcription was bought, also where its price was already told at the generation's end."""
        values: dict[str, object] = {"usd": 0, "generation": self.generation_id}
        sets = f"{_TRANSCRIPTION}, ai_generation_data.cost_breakdown.transcription = :usd"
        self._update(sets, "ai_generation_data.generation_id = :generation", set(), values)

    def planning(self) -> GenerationData:
        """Return what the record says of this generation; raise Superseded when it is another's, or gone."""
        item = self._call("get_item", ConsistentRead=True).get("Item")
        data = from_item(item).ai_generation_data if item else None
        if not (data and self._owns(data)):
            raise Superseded("The record no longer belongs to this execution.")
        return data

    def plan_request(self, request: str, usd: float) -> None:
        """Note that the planning model is about to be asked, which may cost `usd`.

        Raises Superseded as `planning`, and when the generation is over: nothing more is bought for it.
        """
        values: dict[str, object] = {":usd": usd, ":processing": "processing"}
        self._note_planning(
            "SET {doubtful} = :usd", request, values, condition=" AND ai_generation_status = :processing"
        )

    def plan_spared(self, request: str) -> None:
        """Note that a request to the planning model was surely not charged; raise Superseded as `planning`."""
        self._note_planning("REMOVE {doubtful}", request, {})

    def plan_answered(self, request: str, answer: str, usd: float) -> None:
        """Note that the planning model's answer was charged at `usd`, once; raise Superseded as `planning`."""
        change = "SET ai_generation_data.planning_answers.#answer = :usd REMOVE {doubtful}"
        self._note_planning(change, request, {":usd": usd}, {"#answer": answer})

    def _note_planning(
        self,
        change: str,
        request: str,
        values: dict[str, object],
        names: dict[str, str] | None = None,
        condition: str = "",
    ) -> None:
        try:
            self._call(
                "update_item",
                UpdateExpression=change.format(doubtful="ai_generation_data.planning_doubtful.#request"),
                ConditionExpression=f"ai_generation_data.generation_id = :generation{condition}",
                ExpressionAttributeNames={"#request": request, **(names or {})},
                ExpressionAttributeValues={
                    name: attribute_value(value)
                    for name, value in (values | {":generation": self.generation_id}).items()
                },
            )
        except ConditionLost as error:
            raise Superseded("The record no longer belongs to this execution.") from error

    def _running(self) -> GenerationData:
        item = self._call("get_item", ConsistentRead=True).get("Item")
        record = from_item(item) if item else None
        data = record.ai_generation_data if record else None
        if not (record and data and record.ai_generation_status == "processing" and self._owns(data)):
            raise Superseded("The record no longer belongs to this execution.")
        return data

    def _set(
        self,
        sequence: int,
        snapshot: VertexAiTask,
        attributes: dict[str, object],
        more: str,
        running_values: dict[str, object],
    ) -> bool:
        path = _TASK.format(index=sequence - 1)
        attributes = _with_status(attributes)
        sets = ", ".join(f"{path}.#{name} = :{name}" for name in attributes)
        conditions = {name: value for name, value in snapshot.model_dump(include=_SEEN).items() if value != ""}
        condition = " AND ".join(_SEEN_AS.get(name, _AS_SEEN).format(path=path, name=name) for name in conditions)
        values: dict[str, object] = {**attributes, **{f"seen_{name}": value for name, value in conditions.items()}}
        is_written = self._update(
            f"SET {sets}",
            f"{condition} AND ai_generation_data.generation_id = :generation{more}",
            {*conditions, *attributes, "status"},
            {**values, "generation": self.generation_id, **running_values},
        )
        return is_written or self._stand(sequence, attributes)

    def _stand(self, sequence: int, attributes: dict[str, object]) -> bool:
        """Return whether the task has these attributes: a write whose answer was lost is repeated, and then refused."""
        item = self._call("get_item", ConsistentRead=True).get("Item")
        data = from_item(item).ai_generation_data if item else None
        if not (data and self._owns(data)):
            return False
        task = data.vertex_ai_tasks[sequence - 1].model_dump()
        return all(task.get(name) == value for name, value in attributes.items())

    def _owns(self, data: GenerationData) -> bool:
        return data.generation_id == self.generation_id

    def _update(self, expression: str, condition: str, names: set[str], values: dict[str, object]) -> bool:
        try:
            self._call(
                "update_item",
                UpdateExpression=expression,
                ConditionExpression=condition,
                **({"ExpressionAttributeNames": {f"#{name}": name for name in names}} if names else {}),
                ExpressionAttributeValues={f":{name}": attribute_value(value) for name, value in values.items()},
            )
        except ConditionLost:
            return False
        return True

    def _call(self, operation: str, **arguments: object) -> dict[str, Any]:
        call = getattr(clients.dynamodb(), operation)
        try:
            return call(TableName=self.table, Key={"video_id": {"S": self.video_id}}, **arguments)
        except ClientError as error:
            raise _meaning(error) from error
        except BotoCoreError as error:
            raise TableUnavailable("The record could not be reached.") from error


def _with_status(attributes: dict[str, object]) -> dict[str, object]:
    """Return the attributes with the customer's word for the state, if they hold one."""
    state = attributes.get("state")
    return attributes if state is None else {**attributes, "status": STATUS_OF[cast("TaskState", state)]}


class ConditionLost(Exception):
    """The record no longer is what was seen."""


_MEANINGS: dict[str, type[Exception]] = {
    "ConditionalCheckFailedException": ConditionLost,
    "AccessDeniedException": PermissionMissing,
    "ResourceNotFoundException": PermissionMissing,
}


def _meaning(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    return _MEANINGS.get(code, TableUnavailable)(f"The record could not be written ({code}).")
