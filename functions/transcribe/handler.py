"""Transcribe: examine the recording before anything is paid for, then start its transcription.

Reads the recording from the bucket, may write its extracted sound there, sets the price aside, starts one job at Amazon
Transcribe.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from functions.transcribe import core
from functions.transcribe.adapters import examined, extracted, starter
from functions.transcribe.purchase import Order, Purchase
from shared import aws, env, metrics, pricing
from shared.bucket import Bucket
from shared.contracts import TranscribeIn, TranscribeOut
from shared.metric_names import USD_SPENT
from shared.spending import deployed
from shared.stage import stage


@dataclass(frozen=True)
class Deps:
    """Everything this stage touches outside its own process."""

    bucket: Bucket
    order: Order


def run(request: TranscribeIn, deps: Deps) -> TranscribeOut:
    """Start the transcription; raises a UserError for a recording of which no video can be made, or over the budget."""
    with tempfile.TemporaryDirectory() as folder:
        recording = deps.bucket.download(request.recording_key, Path(folder) / "recording")
        found = examined(recording)
        core.require_whole(found.info, found.sound)
        core.require_usable(found.sound)
        job = core.job(request, core.direct_format(found.info))
        if job.media_key != request.recording_key:
            deps.bucket.upload(job.media_key, extracted(recording), "audio/flac")
    cost = pricing.transcription(found.sound.seconds)
    if deps.order(request, job, cost):
        metrics.emit(USD_SPENT, cost)
    return TranscribeOut(
        job_name=job.name,
        transcript_key=job.output_key,
        recording_seconds=round(found.sound.seconds, 3),
        cost_usd=cost,
    )


def _real_deps() -> Deps:
    bucket = Bucket(env.text("MEDIA_BUCKET"))
    start = starter(aws.transcribe(), bucket.name)
    return Deps(bucket, Purchase(start, env.text("TABLE_NAME"), deployed()).order)


handler = stage(run, takes=TranscribeIn, deps=_real_deps)
