"""What is made of a video besides: clips of its recording's moments, or the same in another format.

Touches what a `LocalSystem` touches, through its API. Each is a video of its own, made of what was paid for once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.api_client import ApiClient
from local.system import LocalSystem
from shared.choices.words import Goal
from shared.video.record import GenerationData, VideoRecord
from tests.chaos import menu, owner, purchases

MOST_CLIPS = 2
SHAPE = "1:1"


@dataclass(frozen=True)
class Offspring:
    """The videos that a job has made of one: `look` waits for a video's end and tells of it."""

    system: LocalSystem
    job: menu.ChaosJob
    api: ApiClient
    look: Callable[[str], tuple[VideoRecord, list[str]]]
    parent: str

    def clips(self) -> tuple[list[str], list[str]]:
        """Have clips made of the moments that were chosen; return their ids, and what is wrong with them."""
        names = owner.moments(self.api, self.parent)[:MOST_CLIPS]
        wishes: dict[str, Any] = {"moments": names, "goal": self.job.clip_goal, "captions": self.job.captions}
        path = f"/videos/{self.parent}/clips"
        videos = self._order(path, wishes)
        if videos and self.job.is_parent_deleted:
            owner.delete(self.api, self.parent)
        return videos, [sentence for video in videos for sentence in self._see(video, [self.job.clip_goal])]

    def variant(self) -> tuple[list[str], list[str]]:
        """Have the finished video made in another format; return its id, and what is wrong with it."""
        videos = self._order(f"/ai-video/{self.parent}/variants", {"aspectRatio": SHAPE})
        # No kind of take is what such a run is for.
        return videos, [sentence for video in videos for sentence in self._see(video, ["plan"])]

    def _order(self, path: str, wishes: dict[str, Any]) -> list[str]:
        if owner.order(self.api, path, wishes) is None:
            return []
        videos = owner.videos(self.api, path)
        for video in videos[:1]:
            menu.order(self.system, self.job, video)
        return videos

    def _see(self, video: str, goals: Sequence[Goal]) -> list[str]:
        record, wrong = self.look(video)
        wrong += purchases.besides(video, goals, self.system.veo.ledger.entries)
        return wrong + self._hearing_faults(record)

    def _hearing_faults(self, record: VideoRecord) -> list[str]:
        """Return a sentence if anybody was asked again, or paid, for what was heard once."""
        jobs = self.system.cloud.client("transcribe").list_transcription_jobs(JobNameContains=record.video_id)
        data = record.ai_generation_data or GenerationData()
        is_paid = data.transcription_usd + data.cost_breakdown.transcription > 0
        is_heard = bool(jobs["TranscriptionJobSummaries"])
        return [f"{record.video_id} was transcribed again"] if is_heard or is_paid else []
