"""What is bought for a generation, in its record: claim a scene's clip, note what became of it, note planning's price.

Touches the DynamoDB table; every write is conditional on what was seen, so two runs of a stage never both win.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from shared.aws.attribute_values import plain_values
from shared.aws.dynamodb import Condition, ConditionLost, Item, Table, Update
from shared.errors import Superseded
from shared.video.public_record import STATUS_OF, TaskState
from shared.video.record import GenerationData, VertexAiTask, from_item
from shared.video.record_table import RecordTable
from shared.video.take import Take

_TRANSCRIPTION = "ai_generation_data.transcription_usd"
_DOUBTFUL = "ai_generation_data.planning_doubtful.#request"
_RUNS = "ai_generation_status = :processing"
_TASK = "ai_generation_data.vertex_ai_tasks[{index}]"
_TAKE = "ai_generation_data.takes.#take"
# What tells one state of a task from another; of two orders with the same attempt, the claim.
_SEEN = {"state", "attempt", "claim"}
_AS_SEEN = "{path}.{name} = :{name}"
# An earlier version wrote the state as the status; no state is called as the status of another one.
_SEEN_AS = {"state": "({path}.state = :state OR {path}.status = :state)"}


@dataclass(frozen=True)
class SceneLedger:
    """What one generation buys, as its record tells it: clips in `vertex_ai_tasks`, planning in `planning_…`."""

    table: str
    video_id: str
    generation_id: str

    def read(self, sequence: int) -> VertexAiTask:
        """Return the scene's task; raise Superseded when the record is not this generation's, or not running."""
        return self.running().vertex_ai_tasks[sequence - 1]

    def running(self) -> GenerationData:
        """Return the generation's data; raise Superseded when the record is not this generation's, or not running."""
        return self._own("processing")

    def change(self, sequence: int, snapshot: VertexAiTask, **attributes: object) -> bool:
        """Set the task's attributes if it still is as `snapshot` and the generation runs; return whether they stand."""
        return self._set(sequence, snapshot, attributes, _RUNS)

    def note(self, sequence: int, snapshot: VertexAiTask, **attributes: object) -> bool:
        """Set the task's attributes if it still is as `snapshot`, even if the generation was cancelled meanwhile.

        For facts about what was bought: a later execution of the same generation builds on them.
        """
        return self._set(sequence, snapshot, attributes)

    def deliver(self, sequence: int, snapshot: VertexAiTask, take: Take, location: str, usd: float) -> bool:
        """Note that the scene's picture was delivered, and is a take from now on, if its task still is as `snapshot`.

        It lies at `location`, an s3:// URL, and is called by the order's claim; `usd` is what all of the scene's takes
        have cost. Return whether it is noted; also where the generation was cancelled meanwhile.
        """
        attributes: dict[str, object] = {"state": "clip_ready", "video_url": location, "take": snapshot.claim}
        attributes["cost_usd"] = usd
        takes = {_TAKE: take.model_dump(mode="json")}
        return self._set(sequence, snapshot, attributes, more=takes, names={"#take": snapshot.claim})

    def check(self) -> None:
        """Raise Superseded when the record is not this generation's, or not running."""
        self.running()

    def transcribing(self, usd: float) -> bool:
        """Note that a transcription of `usd` may be bought from now on; return whether that was not noted before.

        Raises Superseded when the generation ended.
        """
        update = Update(sets={_TRANSCRIPTION: usd}, where=self._mine(_RUNS))
        earlier = plain_values(self._change(update, "ALL_OLD")).get("ai_generation_data", {})
        return earlier.get("transcription_usd") != usd

    def transcription_refused(self) -> None:
        """Note that no transcription was bought, also where its price was already told at the generation's end."""
        sets = {_TRANSCRIPTION: 0, "ai_generation_data.cost_breakdown.transcription": 0}
        self._items.update(self.video_id, Update(sets=sets, where=self._mine()))

    def planning(self) -> GenerationData:
        """Return what the record says of this generation; raise Superseded when it is another's, or gone."""
        return self._own()

    def plan_request(self, request: str, usd: float) -> None:
        """Note that the planning model is about to be asked, which may cost `usd`.

        Raises Superseded as `planning`, and when the generation is over: nothing more is bought for it.
        """
        self._change(Update(sets={_DOUBTFUL: usd}, where=self._mine(_RUNS), names={"#request": request}))

    def plan_spared(self, request: str) -> None:
        """Note that a request to the planning model was surely not charged; raise Superseded as `planning`."""
        self._change(Update(removes=[_DOUBTFUL], where=self._mine(), names={"#request": request}))

    def plan_answered(self, request: str, answer: str, usd: float) -> None:
        """Note that the planning model's answer was charged at `usd`, once; raise Superseded as `planning`."""
        sets = {"ai_generation_data.planning_answers.#answer": usd}
        names = {"#request": request, "#answer": answer}
        self._change(Update(sets=sets, removes=[_DOUBTFUL], where=self._mine(), names=names))

    def _own(self, status: str | None = None) -> GenerationData:
        """Return the generation's data; raise Superseded when the record is another's, gone, or not of the `status`."""
        item = self._items.get(self.video_id)
        record = from_item(item) if item else None
        data = record.ai_generation_data if record else None
        is_own = data and data.generation_id == self.generation_id
        if not (record and data and is_own and status in (None, record.ai_generation_status)):
            raise Superseded("The record no longer belongs to this execution.")
        return data

    def _set(
        self,
        sequence: int,
        snapshot: VertexAiTask,
        attributes: dict[str, object],
        *clauses: str,
        more: Mapping[str, object] = MappingProxyType({}),
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> bool:
        path = _TASK.format(index=sequence - 1)
        attributes = _with_status(attributes)
        snapshot_values = {name: value for name, value in snapshot.model_dump(include=_SEEN).items() if value != ""}
        same = [_SEEN_AS.get(name, _AS_SEEN).format(path=path, name=name) for name in snapshot_values]
        sets = {f"{path}.{name}": value for name, value in attributes.items()} | dict(more)
        update = Update(sets=sets, where=self._mine(*same, *clauses, **snapshot_values), names=names)
        return self._items.update(self.video_id, update) or self._stand(sequence, attributes)

    def _stand(self, sequence: int, attributes: dict[str, object]) -> bool:
        """Return whether the task has these attributes: a write whose answer was lost is repeated, and then refused."""
        with suppress(Superseded):
            task = self._own().vertex_ai_tasks[sequence - 1].model_dump()
            return all(task.get(name) == value for name, value in attributes.items())
        return False

    def _mine(self, *clauses: str, **values: object) -> Condition:
        """Return the condition that the record is this generation's and all clauses hold."""
        known_values = {"generation": self.generation_id, **values}
        if _RUNS in clauses:
            known_values["processing"] = "processing"
        return Condition(" AND ".join(("ai_generation_data.generation_id = :generation", *clauses)), known_values)

    def _change(self, update: Update, returns: str = "NONE") -> Item:
        try:
            return self._items.change(self.video_id, update, returns)
        except ConditionLost as error:
            raise Superseded("The record no longer belongs to this execution.") from error

    @property
    def _items(self) -> Table:
        return RecordTable(self.table).items


def _with_status(attributes: dict[str, object]) -> dict[str, object]:
    """Return the attributes with the customer's word for the state, if they hold one."""
    state = attributes.get("state")
    return attributes if state is None else {**attributes, "status": STATUS_OF[cast("TaskState", state)]}
