"""Whoever directs one video over the wire: the API's own routes, and the stages that buy, as the machine runs them.

Touches what the `Wire` touches. What buys nothing (transcribing, drawing, rendering, joining) is left out, so that a
run takes a moment; `tests/workflow` proves the machine itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

from functions.draw_scene.image_model import image_model
from functions.draw_scene.purchase import StillPurchase
from shared import media_keys
from shared.aws import clients
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.budget.account_names import account_ids
from shared.budget.clip_money import hold_clips
from shared.budget.refunds import Refunds
from shared.choices.words import Goal
from shared.errors import ReelwrightError, SceneFiltered, VeoFailed
from shared.film.plan import Plan
from shared.video import versions
from shared.video.costs import outlay
from shared.video.public_record import Failure, Reason
from shared.video.record import GenerationData, Preview, VertexAiTask, VideoRecord, to_item
from shared.video.scene_ledger import SceneLedger
from tests.chaos import audit
from tests.faults.conftest import SECRET, Wire
from tests.unit.api_calls import Answer, Api
from tests.unit.cloud_fixtures import BUCKET, STILL_USD, TABLE, VIDEO

Reply = TypeVar("Reply")
HOME = f"/ai-video/{VIDEO}"
# The bounds of the state machine's `ClipReady`.
MOST_WITHHELD = 4
MOST_FAILURES = 5
BROKEN_OFF = Failure(step="video_generation", error="ExecutionEnded", message="It broke off.")


class BreakOffError(Exception):
    """The execution ends here, by nobody's wish."""


class KilledError(BaseException):
    """No code of the stages catches it: the function is gone."""


@dataclass
class Killer:
    """Kills a stage before its `nth` request to AWS, once: it makes none after it, whatever it would tidy up."""

    nth: int
    count: int = 0

    @property
    def has_struck(self) -> bool:
        return self.count >= self.nth

    def watch(self, work: Callable[[], Reply]) -> Reply:
        if self.nth and self.has_struck:
            return work()
        services = (clients.dynamodb(), clients.s3())
        for service in services:
            service.meta.events.register("before-call", self._see)
        try:
            return work()
        except KilledError as error:
            raise BreakOffError from error
        finally:
            for service in services:
                service.meta.events.unregister("before-call", self._see)

    def _see(self, **_details: object) -> None:
        self.count += 1
        if 0 < self.nth <= self.count:
            raise KilledError


@dataclass
class Director:
    """One video whose plan stands, and the calls of its owner; a run may be told to break off after its first order."""

    wire: Wire
    api: Api
    is_breaking_off: bool = False
    killer: Killer = field(default_factory=lambda: Killer(0))
    # Whether the end of a run gives back what it has not spent before the next begins.
    is_settling: bool = True

    @property
    def record(self) -> VideoRecord:
        in_table = self.api.services.table.get(VIDEO)
        assert in_table
        return in_table

    @property
    def data(self) -> GenerationData:
        data = self.record.ai_generation_data
        assert data
        return data

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        return self.api(method, HOME + path, body, query=None, **headers)

    def plan(self) -> dict[str, Any]:
        return self.call("GET", "/plan").body["plan"]

    def edit(self, *edits: dict[str, Any], tag: str = "") -> Answer:
        tag = tag or self.call("GET", "/plan").headers["ETag"]
        return self.call("PATCH", "/plan", {"edits": list(edits)}, If_Match=tag)

    def announced_usd(self, goal: Goal) -> float:
        return next(step for step in self.plan()["next"] if step["goal"] == goal)["usd"]

    def sold_usd(self) -> float:
        """Return what clips and stills were sold for, in USD, by the services' own ledgers."""
        ledger = self.wire.veo.ledger
        sales = [*ledger.charged_clips(), *(sale for sale in ledger.pictures() if sale.charged)]
        return round(sum(map(audit.price, sales)), 6)

    def shown_usd(self) -> float:
        """Return what the owner is told that pictures have cost, in USD."""
        return self.api.data(VIDEO)["cost_breakdown"]["video_generation"]

    def require_honest_costs(self) -> None:
        """Whatever was sold is counted, or said to be undecided."""
        costs = self.api.data(VIDEO)["cost_breakdown"]
        most = round(costs["video_generation"] + costs["undecided"], 6)
        assert costs["video_generation"] <= self.sold_usd() <= most

    def run(self, goal: Goal = "video", path: str = "/runs", **body: object) -> list[str]:
        """Start a run, be the machine for it, and return the scenes for which it was to buy, at the price announced."""
        announced_usd = self.announced_usd(goal) if path == "/runs" else None
        reply = self.call("POST", path, {"goal": goal, **body} if path == "/runs" else body)
        assert reply.status == 202, reply.body
        assert announced_usd in (None, reply.body["usd"])
        self.make(goal)
        return [purchase["scene"] for purchase in reply.body["buys"]]

    def buy(self, goal: Goal = "video", path: str = "/runs", **body: object) -> list[str]:
        """Have a run that ends well, and costs to the cent what was announced and what its owner sees."""
        before = self.sold_usd()
        scenes = self.run(goal, path, **body)
        data = self.data
        assert self.record.ai_generation_status == ("completed" if goal == "video" else "awaiting_review"), data.failure
        assert len(scenes) == len({*scenes})
        assert round(self.sold_usd() - before, 6) == self._price_of(goal, scenes)
        assert self.shown_usd() == self.sold_usd() <= self.held_usd() + 1e-6
        assert self.announced_usd(goal) == 0
        return scenes

    def held_usd(self) -> float:
        """Return what the generation's account holds, in USD."""
        key = {"id": {"S": account_ids("", self.data.generation_id, "")[0]}}
        item = clients.dynamodb().get_item(TableName=self.wire.spending.table, Key=key).get("Item", {})
        return float(item.get("spent", {}).get("N", "0"))

    def _price_of(self, goal: Goal, scenes: list[str]) -> float:
        prices = {scene["id"]: scene["usd"] for scene in self.plan()["scenes"]}
        return round(sum(STILL_USD if goal == "stills" else prices[scene] for scene in scenes), 6)

    def make(self, goal: Goal) -> None:
        """Be the state machine of the run that has started."""
        data = self.data
        failures = list[Failure]()
        if goal == "draft" and self.is_breaking_off:
            return self._end(BROKEN_OFF)
        self.wire.spending.end_earlier_runs(("user1", data.generation_id), data)
        if goal == "video":
            self._hold_clips(data)
        for task in data.vertex_ai_tasks if goal != "draft" else ():
            try:
                self._still(task) if goal == "stills" else self._clip(task.sequence)
            except BreakOffError:
                return self._end(BROKEN_OFF)
            except ReelwrightError as error:
                reason = Reason(code=type(error).__name__, message=str(error))
                self._mark(task.sequence, {"state": "failed", "reason": reason})
                failures.append(Failure(step="video_generation", error=reason.code, message=reason.message))
            else:
                self._mark(task.sequence, {"state": "completed", "reason": Reason()})
        return self._end(failures[0] if failures else None)

    def reach_the_plan(self) -> None:
        """Be the state machine of a run whose goal is the plan, which lies there."""
        self._write("awaiting_review", self.data)

    def _hold_clips(self, data: GenerationData) -> None:
        """Set aside what the Plan stage does."""
        plan = Plan.model_validate_json(
            Bucket(BUCKET).read_text(media_keys.plan(VIDEO, data.generation_id, data.plan_name))
        )
        ledger = SceneLedger(TABLE, VIDEO, data.generation_id)
        hold_clips(self.wire.spending, ("user1", data.generation_id), data.options.get("budget_usd"), plan, ledger)

    def _clip(self, sequence: int) -> None:
        data = self.data
        key = media_keys.plan(VIDEO, data.generation_id, data.plan_name)
        budget = data.options.get("budget_usd")
        counts = {"filtered": 0, "failed": 0}
        while True:
            attempt = 1 + sum(counts.values())
            order = self.killer.watch(partial(self.wire.generate, attempt, sequence, key, budget))
            if self.is_breaking_off:
                raise BreakOffError
            reply = self.killer.watch(partial(self.wire.deliver, order, attempt, sequence=sequence, plan_key=key))
            if reply.status == "done":
                return
            counts[reply.status] += 1
            if counts["filtered"] == MOST_WITHHELD:
                raise SceneFiltered(reply.reason)
            if counts["failed"] == MOST_FAILURES:
                raise VeoFailed(reply.reason)

    def _still(self, task: VertexAiTask) -> None:
        data = self.data
        plan_key = media_keys.plan(VIDEO, data.generation_id, data.plan_name)
        bucket = Bucket(BUCKET)
        plan = Plan.model_validate_json(bucket.read_text(plan_key))
        ledger = SceneLedger(TABLE, VIDEO, data.generation_id)
        budget = data.options.get("budget_usd")
        StillPurchase(plan, task, "user1", budget, ledger, bucket, self._image_model, self.wire.spending).still()
        if self.is_breaking_off:
            raise BreakOffError

    @cached_property
    def _image_model(self) -> Any:
        return image_model(stored_in(SECRET))

    def _mark(self, sequence: int, changes: dict[str, Any]) -> None:
        data = self.data
        tasks = [
            task.model_copy(update=changes) if task.sequence == sequence else task for task in data.vertex_ai_tasks
        ]
        self._write(self.record.ai_generation_status, data.model_copy(update={"vertex_ai_tasks": tasks}))

    def _end(self, failure: Failure | None) -> None:
        self._note_end(failure)
        if self.is_settling and self.record.ai_generation_status != "awaiting_review":
            Refunds(self.wire.spending.table, TABLE).give_back(self.record, outlay(self.data))

    def _note_end(self, failure: Failure | None) -> None:
        data = self.data
        if failure:
            return self._write("failed", data.model_copy(update={"failure": failure}))
        if data.goal == "video":
            return self._finish(data)
        url = f"s3://{BUCKET}/preview"
        preview = Preview(goal=data.goal, revision=data.revision, video_url=url, poster_url=url)
        return self._write("awaiting_review", data.model_copy(update={"preview": preview}))

    def _finish(self, data: GenerationData) -> None:
        url = f"s3://{BUCKET}/{media_keys.RESULTS}/{VIDEO}/{data.generation_id}/video.mp4"
        self._write("completed", data.model_copy(update={"final_revision": data.revision, "final_video_url": url}))
        entry = versions.missing_entry(self.record.model_copy(update={"versions": None}))
        self._put(versions={**(self.record.versions or {}), **entry})

    def _write(self, status: str | None, data: GenerationData) -> None:
        self._put(ai_generation_status=status, ai_generation_data=data)

    def _put(self, **changes: object) -> None:
        clients.dynamodb().put_item(TableName=TABLE, Item=to_item(self.record.model_copy(update=changes)))
