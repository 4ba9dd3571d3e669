"""PollVeo: read a scene's operation once; store the clip in S3 when it is done.

Reads Vertex AI, writes the clip to the bucket and what became of it to the record; owns the scene's deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from functions.poll_veo.core import check_deadline, noted_end, notes
from functions.poll_veo.outcome import delivery_of, keep_clip, plan_of
from shared.aws.bucket import Bucket
from shared.aws.secrets import stored_in
from shared.contracts import PollVeoIn, PollVeoOut
from shared.models.adapters import Find, by_handle
from shared.models.port import Done, Running
from shared.settings import PollVeoSettings
from shared.stage import stage
from shared.video.free_ends import note_end
from shared.video.scene_ledger import SceneLedger


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    table: str
    models: Find
    now: Callable[[], float] = time.time


def run(request: PollVeoIn, deps: Deps) -> PollVeoOut:
    """Return running, done with the clip's key and cost, filtered or failed; raise as `note_end` does."""
    ledger = SceneLedger(deps.table, request.video_id, request.generation_id)
    data = ledger.running()
    task = data.vertex_ai_tasks[request.sequence - 1]
    plan = plan_of(deps.bucket, request.plan_key)
    degraded = notes(plan, task, data)
    if end := noted_end(task, degraded):
        return end
    model = deps.models(request.operation_name)
    reading = delivery_of(deps.bucket, task) or model.read(request.operation_name)
    if isinstance(reading, Done):
        key, usd = keep_clip(ledger, task, plan, deps.bucket, model.fetch(reading))
        return PollVeoOut(status="done", clip_key=key, cost_usd=usd, degraded=degraded)
    if isinstance(reading, Running):
        check_deadline(deps.now(), request.deadline, request.sequence)
        return PollVeoOut(status="running", cost_usd=task.cost_usd)
    return PollVeoOut(status=note_end(ledger, task, reading), cost_usd=task.cost_usd, reason=reading.reason)


def _real_deps() -> Deps:
    settings = PollVeoSettings.read()
    return Deps(Bucket(settings.media_bucket), settings.table_name, by_handle(stored_in(settings.secret_id)))


handler = stage(run, takes=PollVeoIn, deps=_real_deps)
