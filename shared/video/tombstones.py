"""What stays of a video that its owner deleted, until nobody can bring a file of it back: a tombstone in its place.

The tombstone stands in the video table. Touches the table of idempotency keys, which lists tombstones by the time
of the deletion, and the bucket.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared import media_keys
from shared.aws.bucket import Bucket
from shared.aws.dynamodb import Table, Update
from shared.video.public_record import SceneBeats
from shared.video.record import GenerationData, VideoRecord

# Policies allow items that begin with this, and no others (cdk/granting/grants.py).
OF_TOMBSTONES = "deleted#"
# The same of the lists of generations that are over.
OF_ENDS = "ended#"
# The time between two sweeps, and what one list of tombstones covers. Seconds.
PERIOD = 600
# How long a tombstone stays: longer than a form is good for (1 h), than the state machine runs (8 h), and than a
# transcription waits for its turn. Seconds.
STANDS = 86_400
# How many periods after a deletion its files are looked for, when each of those writers has ended.
SWEPT_AFTER = (12, 13, 54, 55)
# The last time, and for how many periods that is made up for when sweeps have failed.
LAST_AFTER = STANDS // PERIOD + 1
MADE_UP = 144
# How many periods after its end a generation is settled for good: by then its last function has ended, too.
CLOSED_AFTER = 3


def tombstone(record: VideoRecord, now: float) -> VideoRecord:
    """Return what stays of a deleted record: whose it was, and what tells the end and settles the accounts.

    `now` is Unix time. No text of the user's stays, and without `created_at` no list shows it.
    """
    data = record.ai_generation_data
    return VideoRecord(
        video_id=record.video_id,
        user_id=record.user_id,
        updated_at=record.updated_at,
        ai_generation_status=record.ai_generation_status,
        ai_generation_data=_without_texts(data) if data else None,
        deleted_at=now,
    )


def _without_texts(data: GenerationData) -> GenerationData:
    tasks = [task.model_copy(update={"prompt": ""}) for task in data.vertex_ai_tasks]
    return GenerationData(
        generation_id=data.generation_id,
        run=data.run,
        model=data.model,
        execution_arn=data.execution_arn,
        processing_steps=data.processing_steps,
        vertex_ai_tasks=tasks,
        # The lengths of the scenes are what clips of unknown fate cost.
        scene_beats=_lengths(data.scene_beats) if data.scene_beats else None,
        planned_video_cost=data.planned_video_cost,
        cost_breakdown=data.cost_breakdown,
        transcription_usd=data.transcription_usd,
        planning_answers=data.planning_answers,
        planning_doubtful=data.planning_doubtful,
        takes=data.takes,
        earlier_rephrasing_usd=data.earlier_rephrasing_usd,
        earlier_doubtful_usd=data.earlier_doubtful_usd,
        failure=data.failure,
        notice=data.notice,
        webhook_url=data.webhook_url,
    )


def _lengths(beats: SceneBeats) -> SceneBeats:
    texts = ["audio_text", "scene_description", "vertex_ai_prompt", "visual_style"]
    no_texts = dict.fromkeys(texts, "")
    scenes = [scene.model_copy(update=no_texts) for scene in beats.scenes]
    return SceneBeats(overall_theme="", scenes=scenes, target_duration=beats.target_duration)


def delete_files(bucket: Bucket, record: VideoRecord) -> None:
    """Delete every object of the video; raise StorageUnavailable or RecordingUnreadable when one may be left."""
    for prefix in media_keys.everything(record.user_id, record.video_id):
        bucket.delete_below(prefix)


def period(now: float) -> int:
    """Return the number of the period of `now`, Unix time."""
    return int(now) // PERIOD


@dataclass(frozen=True)
class VideoLists:
    """Lists of videos to which something has happened, one for each period; every method raises what Table raises.

    `prefix` is how their ids begin: those of deleted videos, or of generations that are over.
    """

    table: str
    prefix: str = OF_TOMBSTONES

    def add(self, video_id: str, now: float) -> None:
        """Put the video onto the list of `now`, Unix time."""
        number = period(now)
        expiration = (number + LAST_AFTER + MADE_UP + 1) * PERIOD
        self._lists.update(self._id(number), Update(sets={"expiration": expiration}, adds={"videos": {video_id}}))

    def read(self, number: int) -> list[str]:
        """Return the videos on the list of a period."""
        return sorted((self._lists.get(self._id(number)) or {}).get("videos", {}).get("SS", []))

    def remove(self, video_id: str, number: int) -> None:
        """Take the video off the list of a period."""
        self._lists.update(self._id(number), Update(deletes={"videos": {video_id}}))

    @property
    def _lists(self) -> Table:
        return Table(self.table, "id", "lists of videos")

    def _id(self, number: int) -> str:
        return f"{self.prefix}{number}"
