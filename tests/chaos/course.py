"""What becomes of one job from its upload to its last goal: what its owner does, and what each of its ends is worth.

Touches what a `LocalSystem` touches, through its API.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.api_client import ApiClient, ApiError
from local.client.clips import api as clips_api
from local.system import LocalSystem
from shared.choices.words import Goal
from shared.errors import BudgetExceeded
from shared.video.record import VideoRecord
from tests.chaos import audit, leftovers, menu, owner, purchases
from tests.chaos.offspring import MOST_CLIPS, Offspring

TRIES = 6
# The least that may be asked for; a recording that is shorter is used whole.
SHORTEST_FILM = 5
# A budget that the deployment's own limits leave room for.
RAISED = 9.0
# Why a failed job may not be resumed at once, besides faults that are still due.
REFUSALS = ("SceneMayBeBought", "NotResumable")


@dataclass(frozen=True)
class JobEnd:
    """An end of a job: its record, its execution's status, and what is wrong with them."""

    record: VideoRecord
    execution: str
    wrong: list[str]


@dataclass
class Course:
    """A job on its way: `look` waits for the end of its video's latest execution, `goals` are those of its runs."""

    system: LocalSystem
    job: menu.ChaosJob
    look: Callable[[str], JobEnd]
    video: str = ""
    goals: list[Goal] = field(default_factory=list[Goal])
    ends: list[JobEnd] = field(default_factory=list[JobEnd])
    wrong: list[str] = field(default_factory=list[str])
    is_resumed: bool = False
    offspring: list[str] = field(default_factory=list[str])

    def go(self, recording: Path, other: Path, seconds: float) -> None:
        """Have the job run to its last goal, or to where it cannot go on."""
        self._begin(recording, other, seconds)
        self.wrong += leftovers.pin(self.system, self._record, recording, seconds)
        self.is_resumed = self.job.is_resumed and self._has_failed and self._resume()
        if self.is_resumed:
            self._see()
        if self._is_search:
            if self._is_at("awaiting_review"):
                self._multiply(Offspring.clips)
            return
        self._go_on()
        if self.job.offspring and self._is_at("completed"):
            self._multiply(Offspring.variant)

    def _go_on(self) -> None:
        for goal, edit in self.job.further_goals:
            if self._is_at("awaiting_review"):
                self._direct(goal, edit)
        if self.job.repair and self._is_at("failed"):
            self._change(self.job.repair)
        if self.job.change and self._is_at("completed"):
            self._change(self.job.change)

    def _multiply(self, how: Callable[[Offspring], tuple[list[str], list[str]]]) -> None:
        """Have other videos made of this one, and see what becomes of them, and of this one meanwhile."""

        def look(video: str) -> tuple[VideoRecord, list[str]]:
            end = self.look(video)
            return end.record, end.wrong

        videos, wrong = how(Offspring(self.system, self.job, self._api, look, self.video))
        self.offspring += videos
        self.wrong += wrong
        self._see()

    @property
    def _is_search(self) -> bool:
        """Whether the recording's moments are looked for, and no video is made of all of it."""
        return self.job.offspring == menu.CLIPS

    @cached_property
    def _api(self) -> ApiClient:
        return ApiClient(self.system.cloud.api_url, self.system.token(self.job.user))

    @property
    def _record(self) -> VideoRecord:
        return self.ends[-1].record

    @property
    def _has_failed(self) -> bool:
        return self._record.ai_generation_status == "failed"

    def _is_at(self, status: str) -> bool:
        """Return whether the video, unless its owner has deleted it, is in that state."""
        return self._record.ai_generation_status == status and not self._record.deleted_at

    def _begin(self, recording: Path, other: Path, seconds: float) -> None:
        """Upload the recording and start its generation; do what the owner does meanwhile; look at its end."""
        job = self.job
        self.video, form = owner.create(self._api, recording, "audio/flac")
        owner.write(form, recording)
        menu.order(self.system, job, self.video)
        choices: dict[str, Any] = {
            "prompt": f"A quiet journey of {job.mark}",
            "targetDuration": max(SHORTEST_FILM, int(seconds)),
            "captions": job.captions,
            "goal": job.goal,
            "model": job.model,
        }
        self._start(choices if job.budget is None else {**choices, "budget": job.budget})
        time.sleep(job.moment if job.habit else 0)
        if job.habit == menu.AGAIN:
            owner.write(form, other)
        if job.habit == menu.CANCEL:
            owner.cancel(self._api, self.video)
        if job.habit in (menu.CANCEL, menu.DELETE):
            owner.delete(self._api, self.video)
        self.goals.append("moments" if self._is_search else job.goal)
        self._see()

    def _see(self) -> None:
        self.ends.append(self.look(self.video))
        self.wrong += self.ends[-1].wrong
        self.wrong += purchases.besides(self.video, self.goals, self.system.veo.ledger.entries)

    def _start(self, choices: dict[str, Any]) -> None:
        """Start the generation, as patiently as a person who is told to try again."""
        for _ in range(TRIES):
            try:
                return self._start_once(choices)
            except ApiError as error:
                if error.code == "AlreadyProcessing":
                    return None
        return self._start_once(choices)

    def _start_once(self, choices: dict[str, Any]) -> None:
        if self._is_search:
            clips_api.look(self._api, self.video, MOST_CLIPS, choices)
        else:
            self._api.start(self.video, choices)

    def _resume(self) -> bool:
        """Resume a failed generation once; return whether it goes on: what may have been bought keeps it from it."""
        record = self._record
        if record.deleted_at:
            return False
        failure = record.ai_generation_data.failure if record.ai_generation_data else None
        is_short = failure is not None and failure.error == BudgetExceeded.__name__
        try:
            self._api.resume(record.video_id, budget=RAISED if is_short else None)
        except ApiError as error:
            if error.status < HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in REFUSALS:
                raise
            return False
        return True

    def _direct(self, goal: Goal, edit: str) -> None:
        """Edit the plan, have it made to the goal, and see that no more was bought than was announced."""
        if edit:
            owner.edit(self._api, self.video, edit)
        self._compare(lambda: owner.run_to(self._api, self.video, goal), goal)

    def _change(self, what: str) -> None:
        """Change what is finished or has failed, and see that no more was bought than was announced."""
        goal: Goal = "stills" if what == menu.RETAKE_STILL else "video"
        self._compare(lambda: owner.change(self._api, self.video, what), goal)

    def _compare(self, start: Callable[[], dict[str, Any] | None], goal: Goal) -> None:
        """Start a run to the goal, see its end, and hold what it has bought against its announcement."""
        before = self._sold_usd()
        answer = start()
        if answer is None:
            return
        self.goals.append(goal)
        self._see()
        sold_usd = round(self._sold_usd() - before, 6)
        self.wrong += purchases.against_announcement(self._record, answer.get("usd"), sold_usd)

    def _sold_usd(self) -> float:
        sales = [sale for sale in self.system.veo.ledger.entries if sale.video == self.video.lower() and sale.charged]
        return sum(audit.price(sale) for sale in sales)
