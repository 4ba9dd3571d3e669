"""The `video_metadata` table as the API reads and changes it: every change is conditional on what was seen.

Touches DynamoDB; its errors are those of `shared.aws.dynamodb`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.api.build.next_run import NextRun
from shared.aws.dynamodb import Condition, Item, Stored, Update
from shared.errors import TableUnavailable
from shared.video import versions
from shared.video.public_record import GenerationStatus
from shared.video.record import GenerationData, VideoRecord, legible, stored_attributes, to_item
from shared.video.record_table import RecordTable
from shared.video.tombstones import tombstone

_IDLE = (
    "attribute_exists(video_id) AND (attribute_not_exists(ai_generation_status) OR ai_generation_status <> :processing)"
)
_STAYS = "attribute_not_exists(deleting_since) AND attribute_not_exists(deleted_at)"
_SAME_PLAN = "(attribute_not_exists(ai_generation_data.plan_name) OR ai_generation_data.plan_name = :plan)"
# Which revision of the plan there is, and which the finished video shows.
_REVISED = ("revision", "plan_name", "final_revision")
# Beside the plan, what an edit of it changes in the record.
_EDITED = ("title", "corrections")
_PROCESSING = {"processing": "processing"}
# Records that are read at once when all that a user has are gone through.
_PAGE = 100
# A tombstone loses against a late note at most this often.
TRIES = 5


@dataclass(frozen=True)
class Page:
    """A part of a user's list; `after` is the position of its last record when there are more."""

    records: list[VideoRecord]
    after: tuple[str, str] | None


@dataclass(frozen=True)
class VideoTable(RecordTable):
    """The `video_metadata` table and its index that lists a user's videos by time."""

    index: str

    def put(self, record: VideoRecord) -> None:
        """Write a new record; one that is there is this very one, written by a try whose answer was lost."""
        self.items.put(to_item(record), Condition("attribute_not_exists(video_id)"))

    def get(self, video_id: str) -> VideoRecord | None:
        """Return the record, or None; of a deleted video there is none, whatever stays in its place."""
        item = self.items.get(video_id)
        return legible(item) if item and "deleted_at" not in item else None

    def page(self, user_id: str, limit: int, after: tuple[str, str] | None) -> Page:
        """Return at most `limit` of the user's records, newest first, beginning after the position `after`."""
        place = (
            {"user_id": {"S": user_id}, "created_at": {"S": after[0]}, "video_id": {"S": after[1]}} if after else None
        )
        reply = self.items.newest(self.index, Condition("user_id = :user", {"user": user_id}), limit, place)
        last = reply.get("LastEvaluatedKey")
        position = (last["created_at"].get("S", ""), last["video_id"].get("S", "")) if last else None
        return Page([legible(item) for item in reply["Items"]], position)

    def made_of(self, parent: VideoRecord, is_one: Callable[[VideoRecord], bool]) -> list[VideoRecord]:
        """Return the records of its user's that are made of the video, newest first: none is older than its own."""
        since = {"user": parent.user_id, "since": parent.created_at or "0"}
        where = Condition("user_id = :user AND created_at >= :since", since)
        records: list[VideoRecord] = []
        place: Item | None = None
        while True:
            reply = self.items.newest(self.index, where, _PAGE, place)
            records += [legible(item) for item in reply["Items"]]
            place = reply.get("LastEvaluatedKey")
            if not place:
                return [record for record in records if is_one(record)]

    def begin(
        self,
        record: VideoRecord,
        data: GenerationData,
        metadata: Mapping[str, str] | None,
        now: str,
        former: Stored | None = None,
    ) -> bool:
        """Write a generation's start; return False when another one runs or the video is being deleted.

        So it does when the generation in whose place it is written is another than the `former`, if that is named. A
        video that was finished before versions were kept becomes one.
        """
        sets: dict[str, Any] = {"ai_generation_data": stored_attributes(data), "ai_generation_status": "processing"}
        sets |= {"ai_project_type": "ai_generated", "updated_at": now}
        if metadata is not None:
            sets["metadata"] = dict(metadata)
        where = Condition(f"{_IDLE} AND {_STAYS}", _PROCESSING)
        if record.versions is None:
            entries = versions.missing_entry(record)
            sets["versions"] = {name: version.model_dump(mode="json") for name, version in entries.items()}
            where = Condition(f"{where.text} AND NOT attribute_type(versions, :map)", {**_PROCESSING, "map": "M"})
        if former:
            where = Condition(f"{where.text} AND ai_generation_data = :former", {**where.values, "former": former})
        return self.update(record.video_id, Update(sets=sets, where=where))

    def put_back(
        self, video_id: str, search: GenerationData, former: GenerationData, status: GenerationStatus, *, now: str
    ) -> bool:
        """Write a generation in the place of the search that stood in front of it; False when that has changed."""
        sets = {"ai_generation_data": stored_attributes(former), "ai_generation_status": status, "updated_at": now}
        same_search = "ai_generation_data.execution_arn = :arn"
        where = Condition(f"{same_search} AND {_IDLE} AND {_STAYS}", {"arn": search.execution_arn, **_PROCESSING})
        return self.update(video_id, Update(sets=sets, where=where))

    def go_on(self, record: VideoRecord, data: GenerationData, change: NextRun, now: str) -> bool:
        """Write that `data`, the generation seen, goes on by `change`; return False when it has changed meanwhile."""
        sets: dict[str, Any] = {"ai_generation_status": "processing", "updated_at": now}
        sets |= {f"ai_generation_data.{name}": value for name, value in change.attributes().items()}
        takes = _new_takes(record, data)
        sets |= takes.sets
        clauses = ["ai_generation_status = :seen", "ai_generation_data.execution_arn = :arn", _STAYS]
        clauses.append(_SAME_PLAN)
        values: dict[str, Any] = {"seen": record.ai_generation_status, "arn": data.execution_arn}
        values["plan"] = data.plan_name
        for index, task in enumerate(data.vertex_ai_tasks if change.tasks else ()):
            path = f"ai_generation_data.vertex_ai_tasks[{index}]"
            # What may change after the end, by the stopped execution's last call, and must not be written over; an
            # earlier version wrote the state as the status.
            same_state = f"({path}.state = :s{index} OR {path}.status = :s{index})"
            clauses.append(f"{same_state} AND NOT {path}.rephrasing_usd > :r{index}")
            values |= {f"s{index}": task.state, f"r{index}": task.rephrasing_usd}
        where = Condition(" AND ".join(clauses), values)
        removes = ["ai_generation_data.failure"]
        return self.update(record.video_id, Update(sets=sets, removes=removes, where=where, names=takes.names))

    def revise(self, record: VideoRecord, data: GenerationData, next_record: VideoRecord, now: str) -> bool:
        """Write the next revision of the plan of `data`, the generation seen; return False when it has changed.

        With it goes what else of the record an edit changes: its title, and what was corrected of the words.
        """
        next_data = next_record.ai_generation_data or data
        names = (name for name in _EDITED if getattr(record, name) != getattr(next_record, name))
        sets: dict[str, Any] = {name: getattr(next_record, name) for name in names}
        sets |= {f"ai_generation_data.{name}": getattr(next_data, name) for name in _REVISED}
        if next_data.preview:
            sets["ai_generation_data.preview.revision"] = next_data.preview.revision
        takes = _new_takes(record, next_data)
        sets |= takes.sets
        sets["updated_at"] = now
        clauses = ["ai_generation_data.generation_id = :generation", _IDLE, _STAYS, _SAME_PLAN]
        values = {"generation": data.generation_id, "plan": data.plan_name, **_PROCESSING}
        where = Condition(" AND ".join(clauses), values)
        return self.update(record.video_id, Update(sets=sets, where=where, names=takes.names))

    def mark_arrived(self, video_id: str, etag: str, now: str, copy: str = "") -> bool:
        """Write that the recording was seen in the bucket, and the key of its `copy` if there is one.

        Return False when another recording was seen before, or the video is deleted.
        """
        sets = {"uploaded_at": now, "recording_etag": etag, **({"recording_copy": copy} if copy else {})}
        is_same = "(attribute_not_exists(recording_etag) OR recording_etag IN (:none, :etag))"
        is_there = "attribute_exists(video_id) AND attribute_not_exists(deleted_at)"
        where = Condition(f"{is_there} AND {is_same}", {"etag": etag, "none": ""})
        return self.update(video_id, Update(sets=sets, where=where))

    def hand_over(self, video_id: str, changes: Mapping[str, str]) -> None:
        """Write what a clip has of the recording that it is one of; nothing happens when it is deleted meanwhile."""
        where = Condition("attribute_exists(video_id) AND attribute_not_exists(deleted_at)")
        self.update(video_id, Update(sets=dict(changes), where=where))

    def adopt(self, video_id: str, data: GenerationData, now: str) -> bool:
        """Write a generation that waits for its first run, copied from another video; False when there is one."""
        sets = {"ai_generation_data": stored_attributes(data), "ai_generation_status": "awaiting_review"}
        where = Condition(f"attribute_exists(video_id) AND attribute_not_exists(ai_generation_data) AND {_STAYS}")
        more = {"ai_project_type": "ai_generated", "updated_at": now}
        return self.update(video_id, Update(sets=sets | more, where=where))

    def close(self, video_id: str, now: str) -> bool:
        """Write that the video is being deleted, so that nothing starts; return False while a generation runs."""
        return self.update(video_id, Update(sets={"deleting_since": now}, where=Condition(_IDLE, _PROCESSING)))

    def bury(self, video_id: str, now: float) -> None:
        """Write a tombstone in the record's place, `now` in Unix time; whatever was noted until then is kept in it.

        Raises TableUnavailable when the record changes too fast.
        """
        for _ in range(TRIES):
            item = self.items.get(video_id)
            if item is None or "deleted_at" in item or self._replace(item, tombstone(legible(item), now)):
                return
        raise TableUnavailable("The video is changing too fast to be deleted; try again.")

    def _replace(self, item: Item, record: VideoRecord) -> bool:
        """Write the record in place of the item; return False when its generation has changed meanwhile."""
        # No index takes an empty text for a key.
        values = {name: value for name, value in to_item(record).items() if value != {"S": ""}}
        data = item.get("ai_generation_data")
        is_same = "ai_generation_data = :data" if data else "attribute_not_exists(ai_generation_data)"
        data_value = {"data": Stored(data)} if data else {}
        return self.items.put(values, Condition(f"attribute_exists(deleting_since) AND {is_same}", data_value))


def _new_takes(record: VideoRecord, data: GenerationData) -> Update:
    """Return what writes the takes of `data` that the record has not: own pictures of its plan."""
    earlier = record.ai_generation_data.takes if record.ai_generation_data else {}
    new = [name for name in data.takes if name not in earlier]
    names = {f"#take{number}": name for number, name in enumerate(new)}
    sets = {
        f"ai_generation_data.takes.{alias}": data.takes[name].model_dump(mode="json") for alias, name in names.items()
    }
    return Update(sets=sets, names=names)
